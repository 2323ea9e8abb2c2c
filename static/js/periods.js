/* Presets of a date range fill the two days without asking the server. */

const days = (period) => [...period.querySelectorAll('input[type="date"]')];

function mark(period) {
  const [first, last] = days(period).map((field) => field.value);
  for (const chip of period.querySelectorAll("[data-first]")) {
    if (chip.dataset.first === first && chip.dataset.last === last) chip.setAttribute("aria-current", "true");
    else chip.removeAttribute("aria-current");
  }
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-first]");
  const period = chip?.closest("[data-period]");
  if (!period || !chip.dataset.first || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const [first, last] = days(period);
  first.value = chip.dataset.first;
  last.value = chip.dataset.last;
  last.dispatchEvent(new Event("input", { bubbles: true }));
}, { capture: true });

document.addEventListener("input", (event) => {
  const period = event.target.closest?.("[data-period]");
  if (period) mark(period);
});
