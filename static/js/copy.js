// A button that copies the citation; without JavaScript the text stands there to be selected.
"use strict";

document.querySelectorAll("[data-copy]").forEach((place) => {
  const text = document.getElementById(place.dataset.copy);
  if (!text || !navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy the citation";
  const done = document.createElement("span");
  done.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent.trim());
    done.textContent = " Copied.";
  });
  place.append(button, done);
});
