// The launcher for a company's own site: a link that opens the chat in a frame of the desk's own origin.
//   <script async src="https://desk.example.no/widget.js" data-operator="fjordlys" data-lang="nb"></script>
// Nothing is stored before the chat is opened. Style comes from one style sheet, so a strict CSP needs no inline rule.
"use strict";
(() => {
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  const operator = script.dataset.operator;
  const lang = script.dataset.lang || document.documentElement.lang || "nb";
  const labels = { nb: ["Åpne chatten", "Lukk chatten"], nn: ["Opne chatten", "Lukk chatten"], en: ["Open chat", "Close chat"] };
  const [open, close] = labels[lang.slice(0, 2)] || labels.nb;

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
  document.body.append(launcher);

  let frame = null;
  const toggle = (show) => {
    if (show && !frame) {
      frame = document.createElement("iframe");
      frame.className = "rettsvar-frame";
      frame.title = open;
      frame.src = `${base}/o/${operator}/widget?lang=${lang}`;
      launcher.before(frame);
    }
    if (frame) frame.hidden = !show;
    launcher.textContent = show ? close : open;
    launcher.setAttribute("aria-expanded", String(show));
    (show ? frame : launcher).focus();
  };
  launcher.addEventListener("click", (event) => { event.preventDefault(); toggle(!frame || frame.hidden); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && frame && !frame.hidden) toggle(false);
  });
})();
