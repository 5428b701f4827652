// Keys of the review page. Each one presses what is on the page anyway, so a missing button is a missing key.
(() => {
  "use strict";

  const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  const isText = (target) => typing(target) && !/^(radio|checkbox)$/.test(target.type || "");
  const help = document.getElementById("keys");
  let sent = false;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isText(event.target)) return;
    if (help.open) return;
    if (event.key === "?") return help.showModal();
    const key = event.key.toLowerCase();
    const pressed = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
    if (!pressed) return;
    event.preventDefault();
    press(pressed);
  });

  const press = (element) => {
    if (element.tagName !== "DETAILS") return element.click();
    element.open = true;
    element.querySelector("input:not([type=hidden])").focus();
  };

  // A second press of the same key, or a double click, sends nothing more.
  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    if (sent) return event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  // What is on screen is never exchanged under the reader's eyes: it is said that there is something newer.
  document.addEventListener("sophia:refreshed", () => {
    const now = document.getElementById("digest-now");
    const seen = document.getElementById("digest");
    document.getElementById("changed").hidden = !now || now.dataset.digest === seen.value;
  });

  // Choosing a time chooses "At".
  document.addEventListener("input", (event) => {
    if (event.target.name === "at") document.querySelector('input[name="when"][value="at"]').checked = true;
  });
})();
