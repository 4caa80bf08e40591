// Words selected in the source's text become the quote, with some text before and after to tell places apart.
(() => {
  "use strict";
  const CONTEXT = 64;

  const textAround = (box, range) => {
    const before = document.createRange();
    before.selectNodeContents(box);
    before.setEnd(range.startContainer, range.startOffset);
    const after = document.createRange();
    after.selectNodeContents(box);
    after.setStart(range.endContainer, range.endOffset);
    // Array.from counts code points, as the server does.
    return [Array.from(before.toString()).slice(-CONTEXT / 2).join(""), Array.from(after.toString()).slice(0, CONTEXT / 2).join("")];
  };

  const selectedIn = (box) => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    return box.contains(range.commonAncestorContainer) && range.toString().trim() ? range : null;
  };

  const take = (box, status) => {
    const range = selectedIn(box);
    if (!range) return;
    const quote = range.toString().trim();
    const [before, after] = textAround(box, range);
    document.getElementById("id_quote").value = quote;
    document.getElementById("id_prefix").value = before;
    document.getElementById("id_suffix").value = after;
    status.textContent = `Quote taken: ${Array.from(quote).length} characters.`;
  };

  // A caret in the text without the means to change it: so the keyboard can select.
  const letKeyboardIn = (box) => {
    box.contentEditable = "true";
    box.spellcheck = false;
    box.setAttribute("role", "textbox");
    box.setAttribute("aria-multiline", "true");
    box.setAttribute("aria-readonly", "true");
    for (const kind of ["beforeinput", "paste", "cut", "drop", "dragstart"]) {
      box.addEventListener(kind, (event) => event.preventDefault());
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("document");
    const quote = document.getElementById("id_quote");
    if (!box || !quote) return;
    const status = document.createElement("p");
    status.className = "pick-status";
    status.setAttribute("role", "status");
    box.after(status);
    letKeyboardIn(box);
    document.addEventListener("mouseup", () => take(box, status));
    document.addEventListener("touchend", () => take(box, status));
    box.addEventListener("keyup", (event) => {
      if (event.shiftKey || event.key === "Shift") take(box, status);
    });
    // Typed by hand, the quote has no known surroundings any more.
    quote.addEventListener("input", () => {
      document.getElementById("id_prefix").value = "";
      document.getElementById("id_suffix").value = "";
    });
    const mine = box.dataset.current;
    box.querySelectorAll("mark").forEach((mark) => {
      if (mine && mark.dataset.claims.split(" ").includes(mine)) mark.classList.add("mine");
    });
    const first = box.querySelector("mark.mine");
    if (first) box.scrollTop = first.offsetTop - box.offsetTop - 60;
  });
})();
