// Gives long drop-down lists a search box. Without this script they stay plain lists.
(() => {
  "use strict";
  const $ = django.jQuery;

  const startOf = (text) => text.length - text.trimStart().length;

  const label = (item) => {
    const line = document.createElement("span");
    line.textContent = item.text.trim();
    line.className = `depth-${Math.min(startOf(item.text) / 4, 4)}`;
    return line;
  };

  const enhance = (select) => {
    $(select).select2({ width: "100%", allowClear: !select.required, placeholder: "Search", templateResult: label,
      templateSelection: (item) => item.text.trim().replace(/ \(.*\)$/, "") || item.text });
    const name = document.querySelector(`label[for="${select.id}"]`)?.textContent.replace(/:\s*$/, "").trim() ?? "Choose";
    $(select).next(".select2").find("[role=textbox], [role=searchbox], [role=combobox]").attr("aria-label", name);
    $(select).on("select2:open", () => $(".select2-container--open [role=searchbox]").attr("aria-label", `Search: ${name}`));
    if (select.multiple) {
      // The order in which things were chosen is the order in which they are sent.
      $(select).on("select2:select", (event) => $(select).append($(event.params.data.element)));
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("select.searchable").forEach((select) => {
      if (!select.name.includes("__prefix__")) enhance(select);
    });
  });
})();
