/* Forms are sent once; what is wrong gets the focus; what is typed into others stays when one is answered. */
import { main } from "./page.js";

const TEXTS = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=password])";

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) release(button);
  for (const button of document.querySelectorAll(`[form="${CSS.escape(form.id)}"][aria-busy]`)) release(button);
}

function release(button) {
  button.removeAttribute("aria-busy");
  button.disabled = false;
}

/** Puts into *fragment*, which takes the place of the page's own part, what was typed outside of *form*. Gives back a
    function that returns the focus to where somebody is typing. */
export function carry(fragment, form) {
  const typed = [...main().querySelectorAll(TEXTS)].filter((field) => field.id && field.form !== form);
  for (const { id, value, defaultValue } of typed) {
    const same = fragment.getElementById(id);
    if (value !== defaultValue && same?.defaultValue === defaultValue) same.value = value;
  }
  const { id, selectionStart, selectionEnd } = typed.find((field) => field === document.activeElement) ?? {};
  return () => {
    const field = id && document.getElementById(id);
    if (!field) return;
    field.focus({ preventScroll: true });
    if (selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
  };
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "true";
  // Only after the form has been read: a disabled button is not sent.
  setTimeout(() => {
    if (!event.submitter?.isConnected) return;
    event.submitter.disabled = true;
    event.submitter.setAttribute("aria-busy", "true");
  });
}, { capture: true });

const freeAll = () => document.querySelectorAll("form[data-sent]").forEach(free);

document.addEventListener("htmx:finally:request", freeAll);
window.addEventListener("pageshow", freeAll);
document.querySelector("[data-summary]")?.focus();
