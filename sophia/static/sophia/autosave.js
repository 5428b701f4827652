// Keeps in this browser what is typed and not saved yet. It is offered, never put in place unasked: the draft may have
// changed since. `review.js` forgets it when the page after saving is there.
(() => {
  "use strict";

  const SOON_MS = 400;
  const SAVING = "sophia:saving";
  const FIELDS = ["account", "title", "text", "link", "suggested_at"];
  const form = document.getElementById("editor");
  const offer = document.getElementById("kept");
  const list = document.getElementById("picture-list");
  const blank = document.getElementById("picture-row").content;
  const prefix = `sophia:draft:${form.dataset.draft}:`;
  const digest = form.elements.digest?.value || "";
  let own = prefix + digest;
  let timer = 0;

  // What is typed

  const rows = () => [...list.querySelectorAll(".picture")];
  const field = (row, name) => row.querySelector(`[name=${name}]`);
  const picture = (row) => ({ sha256: field(row, "picture").value, alt: field(row, "alt").value, removed: field(row, "remove").checked });
  const typed = () => ({
    fields: Object.fromEntries(FIELDS.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value])),
    pictures: rows().map(picture),
  });
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const saved = form.hasAttribute("data-refused") ? null : typed();

  // Keeping

  const keep = () => {
    clearTimeout(timer);
    const now = typed();
    try {
      if (same(now, saved)) localStorage.removeItem(own);
      else localStorage.setItem(own, JSON.stringify({ at: Date.now(), digest, typed: now }));
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem; // no room, or not allowed: then nothing is kept
    }
  };
  const keepSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, SOON_MS);
  };

  const read = (key) => {
    try {
      return { key, ...JSON.parse(localStorage.getItem(key)) };
    } catch (problem) {
      return null;
    }
  };
  const newest = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map(read)
    .filter((one) => one?.typed).sort((one, other) => other.at - one.at)[0];

  // Offering

  const offerBack = (kept) => {
    const when = new Date(kept.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    const since = kept.digest === digest ? "" : " The draft has been changed since then, so compare before you save.";
    offer.querySelector("p").textContent = `You typed something here that was not saved (${when}, your clock).${since}`;
    offer.hidden = false;
    own = `${prefix}${digest}:besides`; // what is typed before this is answered must not take its place
    offer.querySelector("[data-kept=back]").onclick = () => { putBack(kept.typed); answered(kept); };
    offer.querySelector("[data-kept=away]").onclick = () => answered(kept);
  };

  const answered = (kept) => {
    localStorage.removeItem(kept.key);
    offer.hidden = true;
    own = prefix + digest;
    keep();
    form.elements.text.focus();
  };

  const putBack = ({ fields, pictures }) => {
    for (const [name, value] of Object.entries(fields)) if (form.elements[name]) form.elements[name].value = value;
    const there = rows();
    pictures.forEach((one) => list.append(fill(there.find((row) => field(row, "picture").value === one.sha256) || fresh(), one)));
    form.dispatchEvent(new CustomEvent("sophia:rebuilt"));
    form.dispatchEvent(new Event("input"));
  };

  const fresh = () => blank.querySelector(".picture").cloneNode(true);
  const fill = (row, { sha256, alt, removed }) => {
    field(row, "picture").value = sha256;
    field(row, "alt").value = alt;
    field(row, "remove").checked = removed;
    row.querySelector("img").src = `/images/${sha256}`;
    return row;
  };

  form.addEventListener("input", keepSoon);
  form.addEventListener("sophia:pictures", keepSoon);
  form.addEventListener("submit", () => { keep(); sessionStorage.setItem(SAVING, JSON.stringify([location.pathname, prefix])); });
  window.addEventListener("pageshow", () => sessionStorage.removeItem(SAVING));
  const found = newest();
  if (found && same(found.typed, typed())) localStorage.removeItem(found.key);
  else if (found) offerBack(found);
  if (!saved) keep();
})();
