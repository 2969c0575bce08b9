// Sends without reloading and shows what the desk says later; without this script the form does the same job.
"use strict";
(() => {
  const form = document.getElementById("form");
  const log = document.getElementById("log");
  const pane = document.getElementById("pane");
  const status = document.getElementById("status");
  const text = document.getElementById("text");
  const address = form.getAttribute("action");
  const words = (id) => document.getElementById(id).content.textContent;
  let source = null;
  let busy = false;

  // A frame on another site gets no cookies: the tab itself keeps the conversation, from its first message on.
  const kept = {
    get: () => { try { return sessionStorage.getItem(address); } catch { return null; } },
    set: (token) => { try { sessionStorage.setItem(address, token); } catch { /* storage is blocked: the form has it */ } },
    clear: () => { try { sessionStorage.removeItem(address); } catch { /* nothing was kept */ } },
  };
  const framed = form.dataset.keep === "form";

  const last = () => Math.max(0, ...[...log.children].map((one) => Number(one.dataset.seq) || 0));
  const down = () => { pane.scrollTop = pane.scrollHeight; };

  function show(markup) {
    const page = new DOMParser().parseFromString(markup, "text/html");
    const newest = last();
    for (const one of page.querySelectorAll("li.msg")) {
      if (Number(one.dataset.seq) > newest) log.append(one);
    }
    document.getElementById("choices").replaceChildren(...page.getElementById("choices").children);
    for (const name of ["token", "nonce"]) {
      const given = page.querySelector(`[name=${name}]`);
      if (given && given.value) form.elements[name].value = given.value;
    }
    const stream = page.querySelector("[name=stream]");
    if (stream && stream.value) form.dataset.stream = stream.value;
    document.getElementById("forget").hidden = !form.elements.token.value;
    if (framed && form.elements.token.value) kept.set(form.elements.token.value);
    down();
  }

  function listen() {
    if (!form.dataset.stream || source) return;
    source = new EventSource(`${address}/stream?ticket=${encodeURIComponent(form.dataset.stream)}&after=${last()}`);
    source.addEventListener("news", (event) => show(event.data));
  }

  async function send(body, path) {
    const answer = await fetch(address + path, { method: "POST", body, headers: { "X-Turn": "1" } });
    return [answer.status, await answer.text()];
  }

  form.addEventListener("submit", async (event) => {
    if (event.submitter && event.submitter.hasAttribute("formaction")) { kept.clear(); return; }
    event.preventDefault();
    if (busy) return;
    const body = new FormData(form, event.submitter);
    const pressed = Boolean(body.get("choice"));
    if (pressed) body.delete("text");
    else if (!String(body.get("text")).trim()) { text.focus(); return; }
    busy = true;
    status.textContent = words("typing");
    try {
      const [code, markup] = await send(body, "");
      if (code === 200) {
        show(markup);
        status.textContent = "";
        if (!pressed) text.value = "";
        listen();
      } else {
        status.textContent = code === 429 || code === 413 ? markup : words("failed");
      }
    } catch {
      status.textContent = words("failed");
    } finally {
      busy = false;
      text.focus();
    }
  });

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("send"));
    }
  });

  // The launcher names its site's origin after the "#", and closes the frame when told to.
  const host = framed && window.parent !== window ? decodeURIComponent(location.hash.slice(1)) : "";
  if (/^https?:\/\/[^/]+$/.test(host)) {
    for (const one of document.querySelectorAll(".whead nav a")) one.hash = location.hash;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") window.parent.postMessage("rettsvar:close", host);
    });
    window.addEventListener("message", (event) => {
      if (event.origin === host && event.data === "rettsvar:focus") document.getElementById("wt").focus();
    });
  }

  async function resume() {
    if (!framed) return;
    if (form.elements.token.value) { kept.set(form.elements.token.value); return; }
    const token = kept.get();
    if (!token) return;
    const body = new FormData(form);
    body.delete("text");
    body.set("token", token);
    const [code, markup] = await send(body, "/resume");
    if (code === 200) show(markup);
    else kept.clear();
  }

  down();
  resume().catch(() => {}).then(listen);
})();
