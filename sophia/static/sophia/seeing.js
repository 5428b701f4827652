// Notes which parts of a post have been in sight: at once, or from their beginning to their end. A decision takes that
// along. Where several are approved together, a post is ticked when all of it has been in sight.
(() => {
  "use strict";

  const STEPS = Array.from({ length: 41 }, (_, step) => step / 40);
  const BAR = "-56px 0px 0px 0px"; // what sticks to the top covers the page

  const note = ({ target, boundingClientRect: box, rootBounds: screen, isIntersecting }) => {
    if (!isIntersecting || (target.tagName === "IMG" && !(target.complete && target.naturalWidth))) return;
    const isInside = (edge) => edge >= screen.top - 1 && edge <= screen.bottom + 1;
    if (isInside(box.top)) target.dataset.begun = "";
    if (isInside(box.bottom)) target.dataset.ended = "";
    tell(target.closest("[data-seeing]"));
  };

  const isSeen = (part) => "begun" in part.dataset && "ended" in part.dataset;

  const tell = (holder) => {
    const parts = [...holder.querySelectorAll("[data-part]")];
    const open = new Set(parts.filter((part) => !isSeen(part)).map((part) => part.dataset.part));
    const names = new Set(parts.map((part) => part.dataset.part).filter((name) => !open.has(name)));
    holder.querySelector("[data-sight]").value = [...names].join() || "none";
    if (!open.size) tick(holder);
  };

  // Once: who takes the tick away again meant it.
  const tick = (holder) => {
    const box = holder.querySelector("[data-ticks]");
    if (!box || box.disabled || "ticked" in holder.dataset) return;
    holder.dataset.ticked = "";
    box.checked = true;
    count();
  };

  const count = () => {
    const said = document.getElementById("ticked");
    const boxes = [...document.querySelectorAll("[data-ticks]")];
    if (said) said.textContent = `${boxes.filter((box) => box.checked).length} of ${boxes.length} ticked. A post is ticked when all of it has been on your screen.`;
  };

  const watcher = new IntersectionObserver((entries) => entries.forEach(note), { rootMargin: BAR, threshold: STEPS });
  const look = () => {
    watcher.disconnect();
    document.querySelectorAll("[data-seeing]").forEach((holder) => {
      tell(holder);
      holder.querySelectorAll("[data-part]").forEach((part) => watcher.observe(part));
    });
    count();
  };

  // An image that comes late is looked at again when it is there.
  document.addEventListener("load", ({ target }) => {
    if (!target.matches?.("img[data-part]")) return;
    watcher.unobserve(target);
    watcher.observe(target);
  }, true);
  document.addEventListener("change", ({ target }) => { if (target.matches("[data-ticks]")) count(); });
  document.addEventListener("sophia:shown", look);
  look();
})();
