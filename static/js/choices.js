// Comparing: no more boxes than the page can set side by side, and no sending with fewer than two.
"use strict";

const FEWEST = 2;

const watch = (form) => {
  const most = Number(form.dataset.most);
  const boxes = [...document.querySelectorAll("input[type=checkbox]")].filter((box) => box.form === form);
  const note = form.querySelector("[data-choices-left]");
  const button = form.querySelector("button[type=submit]");
  const update = () => {
    const n = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => { box.disabled = n >= most && !box.checked; });
    button.disabled = n < FEWEST || n > most;
    if (note) note.textContent = `${n} of at most ${most} chosen.`;
  };
  boxes.forEach((box) => box.addEventListener("change", update));
  window.addEventListener("pageshow", update);
  update();
};

document.querySelectorAll("form[data-most]").forEach(watch);
