// Walks from draft to draft without waiting: the next one is fetched ahead and put in place of the one that is shown.
// Every draft keeps its address. Without this script the same links and forms load whole pages.
(() => {
  "use strict";

  const FRESH_MS = 300;
  const main = document.getElementById("main");
  const ahead = new Map();
  const decided = new Set();
  let turn = 0;
  let timer = 0;

  const current = () => main.querySelector(".judged")?.dataset.draft;
  const rows = () => [...document.querySelectorAll("#review-queue [data-draft]")];
  const addressOf = (row) => row?.querySelector("a").href;

  // The row `step` away from the shown one that is still to be decided; after the last one comes the first.
  const neighbour = (step) => {
    const all = rows();
    const at = all.findIndex((row) => row.dataset.draft === current());
    const beyond = step > 0 ? all.slice(at + 1) : all.slice(0, Math.max(at, 0)).reverse();
    return beyond.find((row) => !decided.has(row.dataset.draft));
  };
  const following = () => neighbour(1) || rows().find((row) => !decided.has(row.dataset.draft) && row.dataset.draft !== current());

  // Fetching

  const get = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin" });
    return answer.ok ? { html: await answer.text(), address: answer.url } : null;
  };

  const fetchAhead = (address) => {
    if (!ahead.has(address)) ahead.set(address, get(address).catch(() => null));
    return ahead.get(address);
  };

  const prepare = async () => {
    const address = addressOf(following());
    const page = address && (await fetchAhead(address));
    if (page) parse(page.html).querySelectorAll(".post img").forEach((image) => { new Image().src = image.getAttribute("src"); });
  };

  const refetch = () => {
    ahead.clear();
    clearTimeout(timer);
    timer = setTimeout(prepare, FRESH_MS);
  };

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  // Showing

  const show = async (address, push = true) => {
    const mine = ++turn;
    const page = await fetchAhead(address);
    ahead.delete(address);
    if (mine !== turn) return;
    if (!page || !put(page.html, page.address, push)) location.assign(address);
  };

  const put = (html, address, push = true) => {
    const fresh = parse(html);
    if (!fresh.querySelector("#main .review")) return false;
    const selected = rows().filter(isSelected).map((row) => row.dataset.draft);
    const scrolled = main.querySelector(".beside")?.scrollTop || 0;
    main.replaceChildren(...fresh.getElementById("main").childNodes);
    document.title = fresh.title;
    if (push && address !== location.href) history.pushState(null, "", address);
    rows().filter((row) => selected.includes(row.dataset.draft)).forEach((row) => { box(row).checked = true; });
    mark();
    main.querySelector(".beside").scrollTop = scrolled;
    window.scrollTo(0, 0);
    main.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("sophia:shown"));
    prepare();
    return true;
  };

  const box = (row) => row.querySelector("input[type=checkbox]");
  const isSelected = (row) => box(row)?.checked;

  // No row moves under the pointer: a decided one stays where it is until the server's list says otherwise.
  const mark = () => {
    for (const row of rows()) {
      row.classList.toggle("decided", decided.has(row.dataset.draft));
      if (decided.has(row.dataset.draft) && box(row)) box(row).checked = false;
    }
  };

  // What asks for it

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-walk]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const step = Number(link.dataset.walk);
    show((step && addressOf(neighbour(step))) || link.href);
  });

  document.addEventListener("sophia:decided", ({ detail }) => {
    decided.add(detail.draft);
    mark();
    const next = following();
    if (next) show(addressOf(next));
    else detail.sent.then((done) => { if (done && detail.draft === current()) show(addressOf(following()) || detail.list); });
  });

  document.addEventListener("sophia:open-again", ({ detail }) => {
    decided.delete(detail.draft);
    mark();
    refetch();
  });

  document.addEventListener("sophia:go", ({ detail }) => {
    ++turn;
    if (detail.html) put(detail.html, detail.address);
    else show(detail.address);
  });

  document.addEventListener("sophia:changed", ({ detail }) => {
    refetch();
    // The empty page shows what comes in, under the address of that draft.
    if (main.querySelector(".lone") && /^(draft\.|stream-reset)/.test(detail.kind)) show(location.href);
  });

  document.addEventListener("sophia:refreshed", mark);
  window.addEventListener("popstate", () => show(location.href, false));
  prepare();
})();
