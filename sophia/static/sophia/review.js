// Keys of the review page. Each one presses what is on the page anyway, so a missing button is a missing key.
(() => {
  "use strict";

  const GO_MS = 1500;
  const PLACES = { q: "/queue/", r: "/review/", c: "/calendar/" };
  const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  const isText = (target) => typing(target) && !/^(radio|checkbox)$/.test(target.type || "");
  const help = document.getElementById("keys");
  let goUntil = 0;
  let sent = false;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || help.open) return;
    if (event.key === "Escape") return leaveAsking(event.target);
    if (isText(event.target)) return;
    if (event.key === "?") return help.showModal();
    if (take(event.key.toLowerCase())) event.preventDefault();
  });

  const take = (key) => {
    const going = Date.now() < goUntil;
    goUntil = key === "g" ? Date.now() + GO_MS : 0;
    if (going && PLACES[key]) return leave(PLACES[key]);
    if (key === "/") return focus(document.querySelector("[data-search]"));
    if (key === "x") return select();
    if (/^[1-9]$/.test(key)) return tick(Number(key));
    const pressed = /^[a-z]$/.test(key) && [...document.querySelectorAll(`[data-key="${key}"]`)].pop();
    return pressed ? press(pressed) : false;
  };

  const leave = (address) => !document.dispatchEvent(new CustomEvent("sophia:leave", { detail: { address } })) || true;

  const focus = (element) => {
    if (element) element.focus();
    return Boolean(element);
  };

  const press = (element) => {
    if (element.tagName !== "DETAILS") element.click();
    else if ((element.open = true)) focus(element.querySelector("input:not([type=hidden])"));
    return true;
  };

  const select = () => {
    const box = document.querySelector("#review-queue li:has([aria-current]) input");
    if (box) box.click();
    return Boolean(box);
  };

  // The reasons of a rejection, by number.
  const tick = (number) => {
    const box = document.querySelectorAll("details[open] input[name=tags]")[number - 1];
    if (box) box.click();
    return focus(box);
  };

  const leaveAsking = (target) => {
    const asking = target.closest("details.asking[open]");
    if (!asking) return target.blur();
    asking.open = false;
    asking.querySelector("summary").focus();
  };

  // A second press of the same key, or a double click, sends nothing more. Decisions look after themselves.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[method=dialog], [data-decides]")) return;
    if (sent) return event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  // What is on screen is never exchanged under the reader's eyes: it is said that there is something newer.
  document.addEventListener("sophia:refreshed", () => {
    const now = document.getElementById("digest-now");
    const seen = document.getElementById("digest");
    const changed = document.getElementById("changed");
    if (changed) changed.hidden = !now || now.dataset.digest === seen.value;
  });

  // This is the page after saving: what autosave.js kept in case of a crash has done its service.
  const [edited, prefix] = JSON.parse(sessionStorage.getItem("sophia:saving") || "[]");
  if (edited && document.referrer && new URL(document.referrer).pathname === edited) {
    Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => localStorage.removeItem(key));
    sessionStorage.removeItem("sophia:saving");
  }

  // Choosing a time chooses "At".
  document.addEventListener("input", (event) => {
    if (event.target.name === "at") document.querySelector('input[name="when"][value="at"]').checked = true;
  });
})();
