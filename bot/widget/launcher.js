// The launcher for a company's own site: a link that opens the chat in a frame of the desk's own origin.
//   <script async src="https://desk.example.no/widget.js" data-operator="fjordlys" data-lang="nb"></script>
// Nothing is stored before the chat is opened. Style comes from one style sheet, so a strict CSP needs no inline rule.
"use strict";
(() => {
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  const operator = encodeURIComponent(script.dataset.operator);
  const spoken = (script.dataset.lang || document.documentElement.lang || "nb").toLowerCase();
  const labels = { nb: ["Åpne chatten", "Lukk chatten"], nn: ["Opne chatten", "Lukk chatten"], en: ["Open chat", "Close chat"] };
  const lang = spoken.startsWith("nn") ? "nn" : /^(no|nb|sv|da)/.test(spoken) ? "nb" : "en";
  const [open, close] = labels[lang];

  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = `${base}/widget.css`;
  document.head.append(sheet);

  const launcher = document.createElement("a");
  launcher.className = "rettsvar-launcher";
  launcher.href = `${base}/o/${operator}/chat?lang=${lang}`;
  launcher.textContent = open;
  launcher.setAttribute("role", "button");
  launcher.setAttribute("aria-expanded", "false");

  let frame = null;
  const opened = () => frame !== null && !frame.hidden;
  const enter = () => { frame.focus(); frame.contentWindow.postMessage("rettsvar:focus", base); };
  const toggle = (show) => {
    if (show && !frame) {
      frame = document.createElement("iframe");
      frame.className = "rettsvar-frame";
      frame.title = open;
      frame.src = `${base}/o/${operator}/widget?lang=${lang}#${encodeURIComponent(location.origin)}`;
      frame.addEventListener("load", enter, { once: true });
      launcher.before(frame);
    } else if (frame) {
      frame.hidden = !show;
      if (show) enter();
    }
    launcher.textContent = show ? close : open;
    launcher.setAttribute("aria-expanded", String(show));
    if (!show) launcher.focus();
  };
  launcher.addEventListener("click", (event) => { event.preventDefault(); toggle(!opened()); });
  launcher.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); toggle(!opened()); }
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && opened()) toggle(false); });
  window.addEventListener("message", (event) => {
    const ours = frame !== null && event.origin === base && event.source === frame.contentWindow;
    if (ours && event.data === "rettsvar:close") toggle(false);
  });

  const place = () => document.body.append(launcher);
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
