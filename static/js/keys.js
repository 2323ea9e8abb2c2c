/* Keys: one letter goes somewhere, unless somebody is typing or has switched keys off. */
import { recall, remember } from "./page.js";

const TOGETHER = 1_000; // milliseconds in which g and the next letter belong together
const link = (position) => document.querySelectorAll("#nav a")[position];
const GO = { h: 0, j: 1, f: 2 };
let afterG = 0;
let begins = false; // whether the page that comes is wanted for what can be started there

const isTyping = (node) => node.closest("input, select, textarea, [contenteditable]");

function find() {
  const field = document.querySelector("[data-find]");
  if (field) field.focus();
  else link(1)?.click();
}

function begin() {
  const first = document.querySelector("[data-start]");
  begins = !first;
  if (first) first.focus();
  else link(0)?.click();
}

function sheet() {
  const dialog = document.getElementById("keys");
  dialog.querySelector("[data-act=keys]").checked = recall("keys", true);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const follows = Date.now() - afterG < TOGETHER;
  afterG = 0;
  begins = false;
  if (event.key !== "?" && !recall("keys", true)) return;
  if (follows && event.key in GO) link(GO[event.key])?.click();
  else if (event.key === "g") afterG = Date.now();
  else if (event.key === "/") find();
  else if (event.key === "n") begin();
  else if (event.key === "?") sheet();
  else return;
  event.preventDefault();
});

document.addEventListener("htmx:after:swap", () => {
  const first = begins && document.querySelector("[data-start]");
  if (!first) return;
  first.focus();
  begins = false;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-act=keys]")) remember("keys", event.target.checked);
});
