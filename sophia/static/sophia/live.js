// Keeps a page true while it is open. The stream only says "look again": the same page is fetched once more, and
// every element with data-live and an id gets the contents that the server has for it now. An element in which
// somebody is at work is left alone and marked data-stale; its [data-live-hint] says so until it can be refreshed.
(() => {
  "use strict";

  const { eventsUrl, lastEventId } = document.body.dataset;
  if (!eventsUrl || !("EventSource" in window)) return;

  const DEBOUNCE_MS = 150;
  const LONGEST_WAIT_MS = 60000;
  const heard = new Set();
  let place = lastEventId || "";
  let source = null;
  let wait = 2000;
  let reopenTimer = 0;
  let lookTimer = 0;
  let looking = false;
  let news = "";

  // The stream

  const open = () => {
    clearTimeout(reopenTimer);
    if (source || document.hidden) return;
    source = new EventSource(`${eventsUrl}?lastEventId=${encodeURIComponent(place)}`);
    source.addEventListener("stream-open", () => { wait = 2000; });
    source.addEventListener("message", hear);
    source.addEventListener("stream-reset", missedSome);
    source.addEventListener("stream-error", reopenLater);
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) reopenLater();
    });
  };

  const close = () => {
    clearTimeout(reopenTimer);
    if (source) source.close();
    source = null;
  };

  // The browser reconnects by itself unless the server answered with an error, as a proxy does during a restart.
  const reopenLater = () => {
    close();
    reopenTimer = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };

  const hear = (event) => {
    if (heard.has(event.lastEventId)) return;
    heard.add(event.lastEventId);
    place = event.lastEventId;
    changed(JSON.parse(event.data));
  };

  const missedSome = (event) => {
    place = event.lastEventId || place;
    changed({ kind: "stream-reset" });
  };

  const changed = (detail) => {
    document.dispatchEvent(new CustomEvent("sophia:changed", { detail }));
    // What is urgent is read aloud as a toast.
    if (!detail.urgent) news = detail.sentence || news;
    lookSoon();
  };

  // Looking again

  const lookSoon = () => {
    clearTimeout(lookTimer);
    lookTimer = setTimeout(look, DEBOUNCE_MS);
  };

  const look = async () => {
    if (looking) return lookSoon();
    if (!document.querySelector("[data-live][id]")) return announce();
    looking = true;
    try {
      const address = location.href;
      const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
      const html = await answer.text();
      // Meanwhile the page may show something else: that is looked at for itself.
      if (address !== location.href) lookSoon();
      // Redirected means signed out, or gone: then what stands here is left for the person to read.
      else if (answer.ok && !answer.redirected) refresh(html);
    } catch (problem) {
      if (!(problem instanceof TypeError)) throw problem; // the network is away; the stream tells when it is back
    } finally {
      looking = false;
    }
  };

  const refresh = (html) => {
    const fetched = new DOMParser().parseFromString(html, "text/html");
    for (const element of document.querySelectorAll("[data-live][id]")) {
      const fresh = fetched.getElementById(element.id);
      if (fresh && element.isConnected) update(element, fresh);
    }
    announce();
  };

  // Compared with what the server said last, not with the page: scripts and typing change the page.
  const said = new WeakMap();
  for (const element of document.querySelectorAll("[data-live][id]")) said.set(element, element.innerHTML);

  const update = (element, fresh) => {
    if (said.get(element) === fresh.innerHTML) return mark(element, false);
    if (isBusy(element)) return mark(element, true);
    if (!exchanged(element, fresh.innerHTML)) return element.toggleAttribute("data-stale", true);
    said.set(element, fresh.innerHTML);
    mark(element, false);
    element.dispatchEvent(new CustomEvent("sophia:refreshed", { bubbles: true }));
  };

  const mark = (element, stale) => {
    element.toggleAttribute("data-stale", stale);
    const hint = element.querySelector("[data-live-hint]");
    if (hint) hint.hidden = !stale;
  };

  // The row under the pointer: it keeps its place, if need be by scrolling. Where that cannot be, nothing is exchanged
  // as long as somebody is aiming.

  const AIMING_MS = 1200;
  const ROWS = "a, button, summary, label, li, tr";
  let movedAt = -AIMING_MS;
  let aimTimer = 0;

  const pointed = () => {
    const under = document.querySelector("main :is(a, button, summary, label, li, tr):hover");
    return under && (under.closest("li, tr") || under.closest(ROWS));
  };

  const exchanged = (element, html) => {
    const row = pointed();
    const before = [...element.childNodes];
    const [name, top] = row ? [nameOf(row), row.getBoundingClientRect().top] : ["", 0];
    element.innerHTML = html;
    if (!row || keepsItsPlace(row.isConnected ? row : twinOf(name, element), top, element)) return true;
    if (performance.now() - movedAt >= AIMING_MS) return true;
    element.replaceChildren(...before);
    clearTimeout(aimTimer);
    aimTimer = setTimeout(lookIfStale, AIMING_MS);
    return false;
  };

  const nameOf = (row) => row.id || (row.querySelector("a[href]") || row).getAttribute("href") || row.textContent.trim();

  const twinOf = (name, element) => [...element.querySelectorAll(ROWS)].find((row) => nameOf(row) === name);

  const keepsItsPlace = (row, top, element) => {
    if (!row) return false;
    const away = () => row.getBoundingClientRect().top - top;
    // A pause must not be scrolled out of sight.
    if (Math.abs(away()) >= 1 && element.id !== "pause-banner") scrollerOf(row).scrollBy({ top: away(), behavior: "instant" });
    return Math.abs(away()) < 1;
  };

  const scrollerOf = (row) => row.closest("[data-scrolls]") || window;

  document.addEventListener("pointermove", () => { movedAt = performance.now(); }, { passive: true });

  const isBusy = (element) =>
    element.contains(document.activeElement) ||
    element.querySelector("details[open]") !== null ||
    [...element.querySelectorAll("input, textarea, select")].some(isDirty);

  const isDirty = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field instanceof HTMLSelectElement) return isMoved(field);
    return field.value !== field.defaultValue;
  };

  // A list without a preselected option shows its first one.
  const isMoved = (select) => {
    const options = [...select.options];
    const preselected = options.findIndex((option) => option.defaultSelected);
    if (select.multiple) return options.some((option) => option.selected !== option.defaultSelected);
    return select.selectedIndex !== (preselected < 0 ? Math.min(0, options.length - 1) : preselected);
  };

  const announce = () => {
    const status = document.getElementById("live-status");
    if (status && news) status.textContent = news;
    news = "";
  };

  const lookIfStale = () => {
    if (document.querySelector("[data-stale]")) lookSoon();
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  document.addEventListener("focusout", lookIfStale);
  document.addEventListener("toggle", lookIfStale, true);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
