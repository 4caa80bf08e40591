// Browsers that cannot show a closed <details> by style alone get it opened where there is room for the filters.
"use strict";

const wide = window.matchMedia("(min-width: 60em)");
const details = document.querySelectorAll("details[data-open-when-wide]");
const follow = () => details.forEach((each) => { each.open = wide.matches; });

if (!CSS.supports("selector(::details-content)")) {
  follow();
  wide.addEventListener("change", follow);
}
