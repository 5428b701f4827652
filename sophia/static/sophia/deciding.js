// Sends decisions in the background, one after the other, while the next draft is read. What is refused comes back with
// everything that was typed; what was decided can be taken back for ten seconds.
(() => {
  "use strict";

  const UNDO_MS = 10000;
  // A second press that was meant for the last draft must not decide the next one, which nobody has read yet.
  const SETTLE_MS = 250;
  const tray = document.getElementById("tray");
  const pattern = document.getElementById("decision");
  const open = new Set();
  let line = Promise.resolve();
  let shownAt = 0;

  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-decides]")) return;
    event.preventDefault();
    const { draft, name } = form.closest(".judged").dataset;
    if (open.has(draft) || Date.now() - shownAt < SETTLE_MS) return;
    decide({ draft, name, form: form.action, verb: form.dataset.decides, undo: form.dataset.undo, address: location.href,
      body: new URLSearchParams(new FormData(form)), entry: entry() });
  });

  const decide = (one) => {
    open.add(one.draft);
    one.entry.querySelector("[aria-label=Dismiss]").addEventListener("click", () => dismiss(one));
    say(one, `${one.name} is being ${one.verb}…`);
    const sent = (line = line.then(() => send(one)));
    tell("sophia:decided", { draft: one.draft, sent, list: new URL(`/review/${new URL(one.form).search}`, one.form).href });
  };

  const post = (address, body) => fetch(address, {
    method: "POST", body, credentials: "same-origin", keepalive: true, headers: { Accept: "application/json" },
  });

  const send = async (one) => {
    try {
      const answer = await post(one.form, one.body);
      const isAccepted = /json/.test(answer.headers.get("Content-Type"));
      if (isAccepted) accepted(one, await answer.json());
      else refused(one, await answer.text(), answer.redirected);
      return isAccepted;
    } catch (problem) {
      if (!(problem instanceof TypeError)) throw problem; // the network is away
      unsent(one);
      return false;
    }
  };

  // What came of it

  const accepted = (one, { said, link, name }) => {
    say(one, said, link, name);
    if (one.undo) offerUndo(one);
    setTimeout(() => { open.delete(one.draft); if (!one.kept) one.entry.remove(); }, UNDO_MS);
  };

  const offerUndo = (one) => {
    const button = action(one, "Undo", () => { one.kept = true; line = line.then(() => takeBack(one)); });
    button.dataset.key = "u";
    button.append(keyCap("U"), countdown());
    setTimeout(() => button.remove(), UNDO_MS);
  };

  const takeBack = async (one) => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: one.body.get("csrfmiddlewaretoken"), note: "Taken back." });
    const answer = await post(one.undo, body).catch(() => null);
    if (answer && /json/.test(answer.headers.get("Content-Type"))) return backAgain(one);
    say(one, `${one.name} could not be taken back.`);
    if (answer) explain(one, await answer.text());
    action(one, "Look at it", () => tell("sophia:go", { address: one.address }));
  };

  const backAgain = (one) => {
    say(one, `${one.name} is back in review.`);
    setTimeout(() => one.entry.remove(), UNDO_MS);
    giveBack(one);
    tell("sophia:go", { address: one.address });
  };

  const giveBack = (one) => {
    open.delete(one.draft);
    tell("sophia:open-again", { draft: one.draft });
  };

  const refused = (one, html, signedOut) => {
    giveBack(one);
    if (!signedOut && isShown(one)) return goBack(one, html);
    if (signedOut) return again(one, "You are signed out. Sign in in another tab, then try again.");
    say(one, `${one.name} was not ${one.verb}.`);
    one.entry.setAttribute("role", "alert");
    explain(one, html);
    action(one, "Go back to it", () => goBack(one, html));
  };

  const isShown = (one) => document.querySelector(".judged")?.dataset.draft === one.draft;

  const goBack = (one, html) => {
    one.entry.remove();
    tell("sophia:go", { html, address: one.address });
  };

  const unsent = (one) => {
    again(one, `${one.name} was not ${one.verb}: Sophia cannot be reached.`);
  };

  const again = (one, sentence) => {
    say(one, sentence);
    one.entry.setAttribute("role", "alert");
    action(one, "Try again", () => { open.add(one.draft); say(one, "Trying again…"); line = line.then(() => send(one)); });
  };

  const explain = (one, html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    one.entry.querySelector(".diffs").append(...page.querySelectorAll("#main .note.error[role=alert] > div, #main p.error"));
  };

  // The tray

  const entry = () => {
    const made = pattern.content.firstElementChild.cloneNode(true);
    tray.append(made);
    return made;
  };

  const dismiss = (one) => {
    one.entry.remove();
    if (one.entry.hasAttribute("role")) giveBack(one);
  };

  const say = (one, sentence, link = "", name = "") => {
    if (!one.entry.isConnected) tray.append(one.entry);
    one.entry.removeAttribute("role");
    one.entry.querySelector("p").textContent = `${sentence} `;
    one.entry.querySelector(".diffs").replaceChildren();
    one.entry.querySelector(".actions").replaceChildren();
    if (!link) return;
    const look = Object.assign(document.createElement("a"), { href: link, textContent: name });
    one.entry.querySelector("p").append(look);
  };

  const action = (one, words, does) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
    button.addEventListener("click", () => { button.disabled = true; does(); });
    one.entry.querySelector(".actions").append(button);
    return button;
  };

  const keyCap = (key) => Object.assign(document.createElement("kbd"), { textContent: key });

  const countdown = () => {
    const left = document.createElement("small");
    left.setAttribute("aria-hidden", "true");
    const until = Date.now() + UNDO_MS;
    const count = () => {
      left.textContent = `${Math.max(0, Math.round((until - Date.now()) / 1000))} s`;
      if (left.isConnected || Date.now() < until) setTimeout(count, 500);
    };
    count();
    return left;
  };

  document.addEventListener("sophia:shown", () => { shownAt = Date.now(); });
  // Leaving by key waits until everything is sent.
  document.addEventListener("sophia:leave", ({ detail }) => {
    line.then(() => { if (!tray.querySelector("[role=alert]")) location.assign(detail.address); });
  });
  window.addEventListener("beforeunload", (event) => {
    if (tray.querySelector("[role=alert]")) event.preventDefault();
  });
})();
