/* Starts every module. The pages are complete without any of them. */
// Every module is named here, so that a browser asks for all of them at once.
import "./page.js";
import "./words.js";
import "./voice.js";
import "./tab.js";
import "./counts.js";
import "./times.js";
import "./connection.js";
import "./morph.js";
import "./reconcile.js";
import "./summary.js";
import "./navigate.js";
import "./forms.js";
import "./periods.js";
import "./check.js";
import "./toasts.js";
import "./copy.js";
import "./pick.js";
import "./keys.js";
import "./theme.js";
import "./notify.js";
import "./live.js";

document.documentElement.dataset.js = "";

// What only one form needs comes with it.
const more = () => {
  if (document.getElementById("columns")) { import("./export.js"); import("./columns.js"); import("./drag.js"); }
  if (document.querySelector("[data-upload]")) import("./upload.js");
  if (document.querySelector("form[data-draft]")) import("./draft.js");
};
document.addEventListener("htmx:after:swap", more);
more();
