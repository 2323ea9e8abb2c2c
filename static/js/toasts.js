/* Short messages over the page. One with something to do stays until it is closed; others leave after 8 seconds,
   but never under the pointer or the focus. */
import { icon } from "./page.js";
import { say } from "./voice.js";
import { _ } from "./words.js";

const STAY = 8_000;
const MOST = 4;
const SIGNS = { good: "circle-check", bad: "circle-x", warn: "triangle-alert" };

/** Shows a message: *text*; *tone* good, bad, warn or none; *label* of what can be done: *file* is downloaded, else
    *href* is opened. */
export function toast({ text, tone = "", href, file, label }) {
  const region = document.getElementById("toasts");
  if (!region || href === location.pathname) return; // What the page itself says need not lie over it.
  const [node, words] = [document.createElement("div"), document.createElement("span")];
  node.className = "toast";
  node.dataset.tone = tone;
  node.dataset.about = href ?? "";
  words.textContent = text;
  if (href) {
    const link = document.createElement("a");
    link.href = file || href;
    link.textContent = label || _("Open");
    if (file) link.setAttribute("hx-boost", "false"); // Downloads are the browser's own business.
    words.append(" ", link);
  }
  node.append(icon(SIGNS[tone] ?? "info"), words);
  region.append(node);
  while (region.children.length > MOST) region.firstElementChild.remove();
  window.htmx.process(node);
  tend(node);
  say(text, tone);
}

function tend(node) {
  if (node.dataset.tended) return;
  node.dataset.tended = "true";
  const close = document.createElement("button");
  close.className = "button button-quiet button-icon";
  close.type = "button";
  close.ariaLabel = _("Dismiss");
  close.append(icon("x"));
  close.addEventListener("click", () => node.remove());
  node.append(close);
  if (!node.querySelector("a")) setTimeout(() => leave(node), STAY);
}

function leave(node) {
  if (node.matches(":is(:hover, :focus-within)")) setTimeout(() => leave(node), 1000);
  else node.remove();
}

const tendAll = () => document.querySelectorAll(".toast").forEach(tend);

document.addEventListener("toast", (event) => toast(event.detail));
document.addEventListener("htmx:after:swap", () => {
  for (const node of document.querySelectorAll(".toast[data-about]")) if (node.dataset.about === location.pathname) node.remove();
  tendAll();
});
tendAll();
