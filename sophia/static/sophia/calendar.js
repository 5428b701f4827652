// Moving publications in the calendar: dragged by mouse or finger, or opened by Enter and nudged by the arrow keys. The
// server says which slots are legal; both ways end in the same dialog, whose form posts like any other.
(() => {
  "use strict";

  const QUARTER_MS = 15 * 60 * 1000;
  const FAR_PX = 6;
  const LONG_PRESS_MS = 350;
  const TYPING_MS = 200;
  const EDGE_PX = 60;

  const calendar = document.getElementById("calendar");
  const dialog = document.getElementById("move");
  const says = document.getElementById("calendar-says");
  if (!calendar || !dialog) return;

  // While somebody points at a post, or moves one, nothing is exchanged: live.js leaves alone what has open details.
  const reasons = new Set();
  const hold = (reason, on) => {
    reasons[on ? "add" : "delete"](reason);
    const details = document.getElementById("calendar-hold");
    if (details) details.open = reasons.size > 0;
  };
  calendar.addEventListener("pointerover", ({ target, pointerType }) => {
    hold("pointing", pointerType === "mouse" && target.closest(".entry") !== null);
  });
  calendar.addEventListener("pointerleave", () => hold("pointing", false));
  dialog.addEventListener("close", () => hold("dialog", false));

  const inZone = (moment, zone) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);

  // As the field for a day and a time wants it. Swedes write it so.
  const forField = (moment, zone) =>
    new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(moment).replace(" ", "T");

  const timeOf = (entry) => entry.querySelector("time").dateTime;
  const zoneOf = (entry) => entry.querySelector(".zone").textContent;

  const asked = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    if (answer.redirected || ![200, 422].includes(answer.status)) throw new TypeError("refused");
    return answer.json();
  };

  // The dialog

  const form = dialog.querySelector("form");
  const addressOf = (entry) => form.dataset.move.replace("/0/", `/${entry.id.replace("pub-", "")}/`);
  const part = (name) => dialog.querySelector(name);
  const typed = part(".typed input");
  const move = part(".actions .primary");
  const free = part(".free");
  let opened = null;
  let question = 0;
  let timer = 0;

  const open = (entry, moment, query) => {
    const link = entry.querySelector(".to");
    opened = entry;
    form.action = `${addressOf(entry)}?${form.dataset.back}`;
    form.reset();
    typed.value = forField(moment, zoneOf(entry));
    part(".begins").textContent = link.querySelector(".begins").textContent;
    part(".was").textContent = `${inZone(new Date(timeOf(entry)), zoneOf(entry))} ${zoneOf(entry)}`;
    part(".zone").textContent = zoneOf(entry);
    part(".open").href = link.href;
    hold("dialog", true);
    dialog.showModal();
    part(".nudge").focus();
    ask(query);
  };

  const ask = async (query) => {
    const number = ++question;
    move.disabled = true;
    try {
      const told = await asked(`${addressOf(opened)}slot?${form.dataset.back}&${query}`);
      if (number === question) tell(told);
    } catch (problem) {
      if (!(problem instanceof TypeError)) throw problem;
      if (number === question) tell({ never: true, because: "Sophia does not answer. Try again in a moment." });
    }
  };

  const tell = ({ at, typed: local, clock, ago, because, never, next }) => {
    form.elements.at.value = at || "";
    if (local) typed.value = local;
    part(".new").textContent = clock ? `${clock}, ${ago}` : "";
    const verdict = part(".verdict");
    verdict.className = `verdict note ${because ? (never ? "error" : "warning") : "success"}`;
    verdict.textContent = because ? `${because}${never ? "" : " Give a reason to break the rule, or take the next free slot."}` : "This slot is free.";
    part(".why").hidden = !because || never;
    form.elements.override.required = Boolean(because) && !never;
    if (!because) form.elements.override.value = "";
    move.disabled = Boolean(never);
    free.hidden = !next;
    if (next) {
      free.textContent = `Take ${next.clock}`;
      free.onclick = () => ask(new URLSearchParams({ at: next.at }));
    }
  };

  // Reckoned on the client's clock, as if it stood still: the server knows when it is changed.
  const nudge = (minutes) => {
    if (!typed.value) return;
    const moved = new Date(Date.parse(`${typed.value}Z`) + minutes * 60 * 1000);
    typed.value = moved.toISOString().slice(0, 16);
    askSoon();
  };

  const askSoon = () => {
    clearTimeout(timer);
    move.disabled = true;
    question += 1;
    timer = setTimeout(() => { if (typed.value) ask(new URLSearchParams({ at: typed.value })); }, TYPING_MS);
  };

  typed.addEventListener("input", askSoon);
  part(".leave").addEventListener("click", () => dialog.close());
  part(".nudge").addEventListener("click", (event) => {
    const button = event.target.closest("[data-minutes]");
    if (button) nudge(Number(button.dataset.minutes));
  });
  dialog.addEventListener("keydown", (event) => {
    const minutes = { ArrowUp: -15, ArrowDown: 15, ArrowLeft: -1440, ArrowRight: 1440 }[event.key];
    if (!minutes || event.target.matches("input") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    nudge(minutes);
  });
  form.addEventListener("submit", (event) => { if (move.disabled) event.preventDefault(); else move.disabled = true; });
  window.addEventListener("pageshow", () => { if (dialog.open) dialog.close(); });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    question += 1;
    const entry = opened && document.getElementById(opened.id);
    if (entry) entry.querySelector(".to").focus();
  });

  calendar.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !event.target.closest(".to")) return;
    const entry = event.target.closest("[data-move]");
    if (!entry) return;
    event.preventDefault();
    if (!dragged) open(entry, new Date(timeOf(entry)), new URLSearchParams({ at: timeOf(entry) }));
  });

  // Dragging

  let pressed = null;
  let dragged = null;

  calendar.addEventListener("dragstart", (event) => { if (event.target.closest("[data-move]")) event.preventDefault(); });
  calendar.addEventListener("contextmenu", (event) => { if (dragged) event.preventDefault(); });

  calendar.addEventListener("pointerdown", (event) => {
    const entry = event.target.closest("[data-move]");
    if (!entry || event.button !== 0 || dragged || !event.target.closest(".to")) return;
    pressed = { entry, id: event.pointerId, x: event.clientX, y: event.clientY, touch: event.pointerType !== "mouse" };
    // A finger that moves at once scrolls; one that rests lifts.
    if (pressed.touch) pressed.timer = setTimeout(lift, LONG_PRESS_MS);
  });

  const lift = async () => {
    const { entry, x, y } = pressed;
    const label = document.createElement("div");
    label.className = "dragged";
    label.setAttribute("aria-hidden", "true");
    label.append(document.createElement("b"), document.createElement("span"));
    document.body.append(label);
    dragged = { entry, label, closed: [], now: Date.now(), at: null };
    hold("dragging", true);
    entry.classList.add("lifted");
    document.body.classList.add("dragging");
    follow(x, y);
    const mine = dragged;
    try {
      const told = await asked(`${addressOf(entry)}openings?${form.dataset.back}`);
      mine.closed = told.closed.map(({ from, until, because }) => ({ from: Date.parse(from), until: Date.parse(until), because }));
      if (dragged === mine) paint();
    } catch (problem) {
      if (!(problem instanceof TypeError)) throw problem; // the dialog asks once more
    }
  };

  const whyNot = (moment) => {
    if (moment < dragged.now - 60 * 1000) return "This is past.";
    const found = dragged.closed.find(({ from, until }) => from <= moment && moment < until);
    return found ? found.because : "";
  };

  const since = (entry) => Date.parse(timeOf(entry)) - Date.parse(entry.closest("[data-day]").dataset.at);

  const momentsOf = (cell) => {
    const start = Date.parse(cell.dataset.at);
    if (cell.dataset.day) return [start + since(dragged.entry)];
    return Array.from({ length: Number(cell.dataset.quarters) }, (_, number) => start + number * QUARTER_MS);
  };

  const cells = () => calendar.querySelectorAll("[data-at]");

  const paint = () => {
    for (const cell of cells()) {
      const moments = momentsOf(cell);
      const share = 100 / moments.length;
      const mask = (wanted) => moments.map((moment, number) => `${Boolean(whyNot(moment)) === wanted ? "#000" : "#0000"} ${number * share}% ${(number + 1) * share}%`);
      cell.classList.add("open-or-shut");
      cell.style.setProperty("--open", `linear-gradient(${mask(false).join(", ")})`);
      cell.style.setProperty("--shut", `linear-gradient(${mask(true).join(", ")})`);
    }
  };

  const follow = (x, y) => {
    const under = document.elementFromPoint(x, y);
    const cell = under && calendar.contains(under) ? under.closest("[data-at]") : null;
    if (dragged.cell && dragged.cell !== cell) dragged.cell.classList.remove("target", "shut");
    dragged.cell = cell;
    dragged.label.style.transform = `translate(${Math.max(0, Math.min(x + 14, innerWidth - 280))}px, ${Math.min(y + 14, innerHeight - 90)}px)`;
    if (y < EDGE_PX) window.scrollBy(0, -14);
    if (y > innerHeight - EDGE_PX) window.scrollBy(0, 14);
    aim(cell, y);
  };

  const aim = (cell, y) => {
    const [when, why] = [dragged.label.firstChild, dragged.label.lastChild];
    dragged.at = null;
    if (!cell) {
      [when.textContent, why.textContent] = ["Not moved", "Let go here to leave it where it is."];
      return;
    }
    const moments = momentsOf(cell);
    const box = cell.getBoundingClientRect();
    const number = Math.floor(((y - box.top) / box.height) * moments.length);
    dragged.at = moments[Math.max(0, Math.min(number, moments.length - 1))];
    const because = whyNot(dragged.at);
    const clock = `${inZone(dragged.at, zoneOf(dragged.entry))} ${zoneOf(dragged.entry)}`;
    [when.textContent, why.textContent] = [clock, because || "Free"];
    dragged.label.classList.toggle("shut", Boolean(because));
    cell.classList.add("target");
    cell.classList.toggle("shut", Boolean(because));
    announce(`${clock}. ${because || "Free."}`);
  };

  let announcing = 0;
  const announce = (sentence) => {
    clearTimeout(announcing);
    announcing = setTimeout(() => { says.textContent = sentence; }, 300);
  };

  document.addEventListener("pointermove", (event) => {
    if (!pressed || event.pointerId !== pressed.id) return;
    if (dragged) return follow(event.clientX, event.clientY);
    if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < FAR_PX) return;
    if (pressed.touch) return letGo();
    lift();
  });
  // Not passive: what is lifted does not scroll the page.
  document.addEventListener("touchmove", (event) => { if (dragged) event.preventDefault(); }, { passive: false });

  document.addEventListener("pointerup", (event) => {
    if (!pressed || event.pointerId !== pressed.id) return;
    const { entry, cell, at } = dragged || {};
    const dropped = letGo();
    if (!dropped || !cell) return;
    const onto = cell.dataset.day ? { onto: cell.dataset.day } : { at: new Date(at).toISOString() };
    open(entry, at, new URLSearchParams(onto));
  });
  document.addEventListener("pointercancel", () => letGo());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && dragged) letGo(); });

  // Returns whether something was being dragged. The click that follows is none.
  const letGo = () => {
    if (pressed) clearTimeout(pressed.timer);
    pressed = null;
    if (!dragged) return false;
    const was = dragged;
    was.label.remove();
    was.entry.classList.remove("lifted");
    if (was.cell) was.cell.classList.remove("target", "shut");
    for (const cell of cells()) {
      cell.classList.remove("open-or-shut");
      cell.style.removeProperty("--open");
      cell.style.removeProperty("--shut");
    }
    document.body.classList.remove("dragging");
    hold("dragging", false);
    setTimeout(() => { if (dragged === was) dragged = null; }, 0);
    return true;
  };
})();
