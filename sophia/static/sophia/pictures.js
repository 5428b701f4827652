// Images of a draft: dropped or chosen ones are sent at once and become rows; rows are moved by drag, button or number.
// Without this script they are sent with the form, and ordered by their numbers.
(() => {
  "use strict";

  const form = document.getElementById("editor");
  const area = document.getElementById("pictures");
  const list = document.getElementById("picture-list");
  const chooser = area.querySelector("input[type=file]");
  const problem = document.getElementById("upload-problem");
  const status = document.getElementById("picture-status");
  const waiting = document.getElementById("waiting");
  let dragged = null;
  let last = Promise.resolve();
  let pressed = null; // the button that waits for images

  const rows = () => [...list.querySelectorAll(".picture")];

  // Places follow what is seen. The form removes by place, so these numbers follow too.
  const renumber = () => {
    rows().forEach((row, index) => {
      row.querySelector("[name=position]").value = row.querySelector("[name=remove]").value = index + 1;
      row.querySelector("[data-number]").textContent = index + 1;
    });
    document.getElementById("no-pictures").hidden = rows().length > 0;
    form.dispatchEvent(new CustomEvent("sophia:pictures"));
  };

  const equip = (row) => {
    row.querySelectorAll("[data-scripted]").forEach((element) => { element.hidden = false; });
    row.querySelector(".handle").draggable = true;
  };

  // Sending: each file has a row at once, with what it shows and how much of it has arrived. One goes after the other.

  const underWay = () => list.querySelectorAll(".sending:not(.failed)").length;
  const failed = () => [...list.querySelectorAll(".sending.failed")];

  const take = (files) => {
    for (const file of files) {
      const row = document.getElementById("sending-row").content.querySelector(".sending").cloneNode(true);
      row.querySelector("[data-name]").textContent = file.name;
      row.querySelector("[data-again]").addEventListener("click", () => start(row, file));
      row.querySelector("[data-out]").addEventListener("click", () => leaveOut(row));
      list.append(row);
      draw(row.querySelector("canvas"), file);
      start(row, file);
    }
  };

  const draw = async (canvas, file) => {
    const picture = await createImageBitmap(file).catch(() => null); // what is no picture has none to show
    if (!picture) return;
    const side = Math.min(picture.width, picture.height);
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
    canvas.getContext("2d").drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
    picture.close();
  };

  const start = (row, file) => {
    row.classList.remove("failed");
    row.querySelectorAll("[data-problem], [data-again]").forEach((element) => { element.hidden = true; });
    row.querySelector("progress").hidden = false;
    last = last.then(() => row.isConnected && send(row, file)).catch(() => fail(row, `${file.name} was not taken.`)).then(settle);
    settle();
  };

  const send = async (row, file) => {
    const { status: answered, text, address } = await post(row, file);
    if (!row.isConnected) return;
    if (answered === 200 && address === addressOf(area.dataset.upload)) return arrived(row, text);
    if (answered === 422) return fail(row, text);
    if (answered === 0) return fail(row, `${file.name} was not sent: Sophia cannot be reached.`);
    if (answered === 200) return fail(row, `${file.name} was not taken: you are signed out. Sign in in another tab.`);
    fail(row, `${file.name} was not taken (${answered}).`);
  };

  const addressOf = (path) => new URL(path, location.href).href;

  const post = (row, file) => new Promise((resolve) => {
    const asking = new XMLHttpRequest();
    const body = new FormData();
    body.append("image", file);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    asking.upload.onprogress = ({ loaded, total }) => { row.querySelector("progress").value = loaded / total; };
    asking.onloadend = () => resolve({ status: asking.status, text: asking.responseText, address: asking.responseURL });
    row.addEventListener("sophia:out", () => asking.abort());
    asking.open("POST", area.dataset.upload);
    asking.send(body);
  });

  const arrived = (row, html) => {
    const picture = new DOMParser().parseFromString(html, "text/html").querySelector(".picture");
    row.replaceWith(picture);
    equip(picture);
    renumber();
  };

  const fail = (row, sentence) => {
    row.classList.add("failed");
    row.querySelector("progress").hidden = true;
    row.querySelector("[data-again]").hidden = false;
    row.querySelector("[data-problem]").textContent = sentence;
    row.querySelector("[data-problem]").hidden = false;
  };

  const leaveOut = (row) => {
    row.remove();
    row.dispatchEvent(new Event("sophia:out"));
    settle();
  };

  // Saving waits for all of them, and happens with all of them or not at all.

  const settle = () => {
    const [coming, lost] = [underWay(), failed().length];
    form.elements.missing.value = coming + lost;
    problem.hidden = !(pressed && lost);
    if (!coming && !lost) {
      const button = pressed;
      pressed = null;
      waiting.hidden = true;
      status.textContent = `${rows().length} images.`;
      if (button) form.requestSubmit(button);
    } else if (lost && pressed) {
      waiting.hidden = true;
      problem.textContent = `Not saved: ${many(lost)} missing. Try again, or leave out what you do not need.`;
      failed()[0].scrollIntoView({ block: "center" });
      if (!coming) pressed = null;
    } else {
      status.textContent = `Sending ${many(coming)}…`;
      waiting.hidden = !pressed;
      waiting.textContent = `Waiting for ${many(coming)}. It is saved as soon as everything is here.`;
    }
  };

  const many = (number) => `${number} image${number === 1 ? "" : "s"}`;

  form.addEventListener("submit", (event) => {
    if (!underWay() && !failed().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = event.submitter || form.querySelector("button.primary");
    settle();
  });

  chooser.addEventListener("change", () => {
    const files = [...chooser.files];
    chooser.value = "";
    take(files);
  });

  const brings = (event) => [...event.dataTransfer.types].includes("Files");
  area.addEventListener("dragover", (event) => {
    if (brings(event)) event.preventDefault();
    area.classList.toggle("dropping", brings(event));
  });
  area.addEventListener("dragleave", () => area.classList.remove("dropping"));
  area.addEventListener("drop", (event) => {
    area.classList.remove("dropping");
    if (!brings(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });

  // Moving

  const place = (row, index) => {
    const others = rows().filter((other) => other !== row);
    list.insertBefore(row, others[index] || null);
    renumber();
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const row = button.closest(".picture");
    place(row, Math.max(rows().indexOf(row) + Number(button.dataset.move), 0));
    button.focus();
    status.textContent = `Image is now at place ${rows().indexOf(row) + 1} of ${rows().length}.`;
  });

  list.addEventListener("change", (event) => {
    if (event.target.name === "position") place(event.target.closest(".picture"), Number(event.target.value) - 1);
  });

  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".picture");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(dragged, 0, 0);
  });
  list.addEventListener("dragover", (event) => {
    const over = dragged && event.target.closest(".picture");
    if (!over) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (over !== dragged) list.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextSibling);
  });
  list.addEventListener("dragend", () => { dragged = null; renumber(); });

  form.addEventListener("sophia:rebuilt", () => { rows().forEach(equip); renumber(); });
  area.querySelectorAll("[data-unscripted]").forEach((element) => { element.hidden = true; });
  area.querySelectorAll(":scope > .pair [data-scripted]").forEach((element) => { element.hidden = false; });
  rows().forEach(equip);
  form.elements.missing.value = 0; // a browser may have kept another
})();
