// Sends without reloading and shows what the desk says later; without this script the form does the same job.
"use strict";
(() => {
  const form = document.getElementById("form");
  const log = document.getElementById("log");
  const pane = document.getElementById("pane");
  const status = document.getElementById("status");
  const text = document.getElementById("text");
  const words = (id) => document.getElementById(id).content.textContent;
  let source = null;
  let busy = false;

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
      if (given) form.elements[name].value = given.value;
    }
    const stream = page.querySelector("[name=stream]");
    if (stream) form.dataset.stream = stream.value;
    down();
  }

  function listen() {
    if (!form.dataset.stream || source) return;
    const address = `${form.getAttribute("action")}/stream?ticket=${encodeURIComponent(form.dataset.stream)}&after=${last()}`;
    source = new EventSource(address);
    source.addEventListener("news", (event) => show(event.data));
    source.addEventListener("end", () => { source.close(); source = null; });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const body = new FormData(form, event.submitter);
    if (!body.get("choice") && !String(body.get("text")).trim()) { text.focus(); return; }
    busy = true;
    status.textContent = words("typing");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "X-Turn": "1" } });
      const markup = await answer.text();
      if (answer.status === 429 || answer.status === 413) {
        status.textContent = markup;
      } else if (!answer.ok) {
        status.textContent = words("failed");
      } else {
        show(markup);
        status.textContent = "";
        if (!body.get("choice")) text.value = "";
        listen();
      }
    } catch (fault) {
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

  down();
  listen();
})();
