/* Starts every module. The pages are complete without any of them. */
// Every module that all pages need is named here, so that a browser asks for all of them at once.
import "./page.js";
import "./words.js";
import "./voice.js";
import "./tab.js";
import "./counts.js";
import "./times.js";
import "./connection.js";
import "./calm.js";
import "./morph.js";
import "./reconcile.js";
import "./summary.js";
import "./navigate.js";
import "./forms.js";
import "./toasts.js";
import "./keys.js";
import "./theme.js";
import "./notify.js";
import "./live.js";

document.documentElement.dataset.js = "";

// What only some pages need comes with them, or with a part of them that comes later.
const more = (root) => {
  const has = (selector) => root.querySelector(selector);
  if (has("[data-period]")) import("./periods.js");
  if (has("form[data-check]")) import("./check.js");
  if (has("form[data-pick]")) import("./pick.js");
  if (has("[data-log]")) import("./log.js");
  if (has("[data-copy]")) import("./copy.js");
  if (has("#columns")) { import("./export.js"); import("./columns.js"); import("./drag.js"); }
  if (has("[data-upload]")) import("./upload.js");
  if (has("form[data-draft]")) import("./draft.js");
};
document.addEventListener("htmx:after:swap", () => more(document));
document.addEventListener("desk:morphed", (event) => more(event.target));
more(document);
