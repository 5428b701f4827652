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
  let dragged = null;

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

  // Sending

  const send = async (file) => {
    const body = new FormData();
    body.append("image", file);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(area.dataset.upload, { method: "POST", body, credentials: "same-origin" });
    const said = await answer.text();
    if (answer.ok && !answer.redirected) add(said);
    else complain(answer.status === 422 ? said : `${file.name} was not taken (${answer.status}).`);
  };

  const sendAll = async (files) => {
    problem.hidden = true;
    problem.textContent = "";
    area.setAttribute("aria-busy", "true");
    for (const file of files) {
      status.textContent = `Sending ${file.name}…`;
      await send(file).catch(() => complain(`${file.name} was not sent: Sophia cannot be reached.`));
    }
    area.removeAttribute("aria-busy");
    status.textContent = `${rows().length} images.`;
  };

  const add = (html) => {
    const row = new DOMParser().parseFromString(html, "text/html").querySelector(".picture");
    list.append(row);
    equip(row);
    renumber();
  };

  const complain = (sentence) => {
    problem.hidden = false;
    problem.append(`${sentence} `);
  };

  chooser.addEventListener("change", () => {
    const files = [...chooser.files];
    chooser.value = "";
    sendAll(files);
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
    sendAll([...event.dataTransfer.files]);
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
})();
