// Counts what is typed as the platform will count it (publishing/limits.py says the same when it is saved).
(() => {
  "use strict";

  const HASHTAG = /[#＃]/gu;
  const MENTION = /[@＠]/gu;
  const LINK = /https?:\/\/[^\s/?#]+\S*/giu;
  const ENDS = /[.,;:!?…)\]}>»“”’"']$/u;
  const form = document.getElementById("editor");
  const list = document.getElementById("counts");
  const limits = JSON.parse(list.dataset.limits);

  const platform = () => list.dataset.platform || form.elements.account?.selectedOptions[0]?.dataset.platform;
  const images = () => [...form.querySelectorAll(".picture")].filter((row) => !row.querySelector("[name=remove]").checked).length;

  const plain = (address) => (URL.canParse(address) ? new URL(address).href : address);
  const written = (address) => [address, ...(ENDS.test(address) ? written(address.slice(0, -1)) : [])];
  const holds = (text, link) => (text.match(LINK) || []).flatMap(written).some((one) => plain(one) === plain(link));

  // A post with images has no link card: its link stands below the text.
  const message = () => {
    const text = form.elements.text.value.trim();
    const link = form.elements.link.value.trim();
    return link && images() && !holds(text, link) ? `${text}\n\n${link}`.trim() : text;
  };

  const counts = () => {
    const said = message();
    return {
      characters: [...said].length,
      images: images(),
      hashtags: (said.match(HASHTAG) || []).length,
      mentions: (said.match(MENTION) || []).length,
    };
  };

  const show = () => {
    const found = counts();
    list.replaceChildren(...Object.entries(limits[platform()] || {}).map(([name, limit]) => item(name, found[name], limit)));
  };

  const item = (name, count, limit) => {
    const made = document.createElement("li");
    made.className = count > limit ? "over" : "";
    const number = Object.assign(document.createElement("b"), { textContent: count });
    made.append(number, ` of ${limit} ${name}${count > limit ? ": too many" : ""}`);
    return made;
  };

  form.addEventListener("input", show);
  form.addEventListener("sophia:pictures", show);
  show();
})();
