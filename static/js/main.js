/* Starts every module. The pages are complete without any of them. */
import "./times.js";
import "./navigate.js";
import "./forms.js";
import "./periods.js";
import "./toasts.js";
import "./copy.js";
import "./pick.js";
import "./keys.js";
import "./theme.js";
import "./notify.js";
import "./live.js";

document.documentElement.dataset.js = "";
