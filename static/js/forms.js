/* Forms are sent once; what is wrong gets the focus. */

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) release(button);
  for (const button of document.querySelectorAll(`[form="${CSS.escape(form.id)}"][aria-busy]`)) release(button);
}

function release(button) {
  button.removeAttribute("aria-busy");
  button.disabled = false;
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
