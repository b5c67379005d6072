// The search boxes of the admin tell only jQuery that somebody has chosen; tell the page as well.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  window.django.jQuery(document).on("select2:select select2:clear", "select", (event) => {
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
