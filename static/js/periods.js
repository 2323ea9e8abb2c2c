/* Presets of a date range fill the two days without asking the server, which is told the one that was pressed: on some
   days two of them have the same days. */

const days = (period) => [...period.querySelectorAll('input[type="date"]')];
const named = (period) => period.querySelector("[data-named]");

function mark(period) {
  const [first, last] = days(period).map((field) => field.value);
  const chips = [...period.querySelectorAll("[data-first]")];
  const fitting = chips.filter((chip) => chip.dataset.first === first && chip.dataset.last === last);
  const meant = fitting.find((chip) => chip.dataset.name === named(period).value) ?? fitting[0];
  for (const chip of chips) {
    if (chip === meant) chip.setAttribute("aria-current", "true");
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
  named(period).value = chip.dataset.name;
  last.dispatchEvent(new Event("input", { bubbles: true }));
}, { capture: true });

document.addEventListener("input", (event) => {
  const period = event.target.closest?.("[data-period]");
  if (period) mark(period);
});
