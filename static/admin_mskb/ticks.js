// Ticks or unticks every record of a group at once.
(() => {
  "use strict";
  for (const buttons of document.querySelectorAll(".ticks")) {
    buttons.hidden = false;
    buttons.addEventListener("click", (event) => {
      const wanted = event.target.dataset.tick;
      if (!wanted) return;
      for (const box of buttons.parentElement.querySelectorAll("input[type=checkbox]")) box.checked = wanted === "all";
    });
  }
})();
