// What is urgent appears on every open page, also what happened while the connection was away, until it is dismissed.
(() => {
  "use strict";

  const MOST = 3;
  const place = document.getElementById("toasts");
  const pattern = document.getElementById("toast");
  if (!place || !pattern) return;

  document.addEventListener("sophia:changed", ({ detail }) => {
    if (detail.urgent && detail.sentence) show(detail);
  });

  const show = ({ sentence, link }) => {
    const toast = pattern.content.firstElementChild.cloneNode(true);
    toast.querySelector("p").textContent = sentence;
    const look = toast.querySelector("a");
    look.hidden = !link;
    if (link) look.href = link;
    toast.querySelector("button").addEventListener("click", () => dismiss(toast));
    // The oldest make room: the bell has them all.
    while (place.childElementCount >= MOST) place.firstElementChild.remove();
    place.append(toast);
  };

  // Whoever works by keyboard goes on with the next toast, or with the page.
  const dismiss = (toast) => {
    const next = toast.nextElementSibling || toast.previousElementSibling;
    toast.remove();
    (next ? next.querySelector("button") : document.getElementById("main")).focus({ preventScroll: true });
  };
})();
