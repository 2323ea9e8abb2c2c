/* Asks what the choices of a start form would give, while they are made. Nothing is started. */
import { put } from "./morph.js";
import { main } from "./page.js";

const PAUSE = 400; // milliseconds without a change
const AGAIN = 1_000; // while the server still counts for choices that have changed since
let timer;
let request;

const form = () => document.querySelector("form[data-check]");

function soon(pause) {
  clearTimeout(timer);
  timer = setTimeout(look, pause);
}

async function look() {
  const asked = form();
  if (!asked) return;
  request?.abort();
  request = new AbortController();
  let html;
  try {
    const options = { method: "POST", body: new URLSearchParams(new FormData(asked)), headers: { "X-Live": "1" }, signal: request.signal };
    const answer = await fetch(asked.dataset.check, options);
    if (!answer.ok) return;
    html = await answer.text();
  } catch {
    return; // It was asked anew, or nobody answers: what is shown is what is usual.
  }
  if (form() !== asked) return;
  const parts = document.createElement("template");
  parts.innerHTML = html;
  for (const part of [...parts.content.children]) put(part.outerHTML);
  if (document.querySelector("#check[data-again]")) soon(AGAIN);
}

const hear = (event) => {
  if (event.target.form && event.target.form === form()) soon(PAUSE);
};
const begin = () => {
  if (document.querySelector("#check:not([data-checked])")) soon(0);
};

document.addEventListener("input", hear);
document.addEventListener("change", hear);
document.addEventListener("htmx:after:swap", begin);
// A page that was read again keeps the choices, and what was said of them may be old.
document.addEventListener("desk:morphed", ({ target }) => target === main() ? form() && soon(0) : begin());
begin();
