/* The columns of an export: found by their names, chosen all at once, moved by buttons, by numbers or by their grips. */
import { beside, letDrag, place } from "./drag.js";
import { say } from "./voice.js";
import { _ } from "./words.js";

const PAUSE = 700; // milliseconds without a key, before it is said aloud what was found
let timer;

/** Says that a choice was changed, as if by hand. */
export const changed = (node) => node.dispatchEvent(new Event("change", { bubbles: true }));
const words = (text, ...values) => values.reduce((said, value) => said.replace("{}", value), text);
const columnsOf = (node) => [...node.closest("fieldset").querySelectorAll("[data-column]")];
const placeOf = (column) => column.querySelector('[name^="place-"]');
const box = (column) => column.querySelector('[name="columns"]');

/** Numbers the places in the list that holds *node*, counts its boxes, and gives what it says of that. */
function count(node) {
  const columns = columnsOf(node);
  columns.forEach((column, index) => { placeOf(column).value = index + 1; });
  const shown = node.closest("fieldset").querySelector("[data-columns-count]");
  const chosen = columns.filter((column) => box(column).checked).length;
  const found = columns.filter((column) => !column.hidden).length;
  const { all, some } = shown.dataset;
  shown.textContent = found < columns.length ? words(some, found, chosen, columns.length) : words(all, chosen, columns.length);
  return shown.textContent;
}

/** Counts anew after *column* has come to another place, and says so. */
function moved(column) {
  column.scrollIntoView({ block: "nearest" });
  count(column);
  say(_("%(name)s: place %(place)s", { name: column.querySelector("bdi").textContent, place: placeOf(column).value }));
  changed(placeOf(column));
}

/** Moves by one place among those that are shown; beyond them it is the first or the last of all. */
function move(button) {
  const column = button.closest("[data-column]");
  const isUp = button.dataset.move === "up";
  const other = beside(column, !isUp);
  if (isUp) place(column, other ?? column.parentElement.firstElementChild);
  else place(column, other ? other.nextElementSibling : null);
  // At the end of the list this button is gone: the other one of the two takes the focus.
  const isEnd = isUp ? !column.previousElementSibling : !column.nextElementSibling;
  (isEnd ? column.querySelector(`[data-move="${isUp ? "down" : "up"}"]`) : button).focus();
  moved(column);
}

/** Moves a column to the place whose number was written beside it. */
function moveTo(input) {
  const column = input.closest("[data-column]");
  const others = columnsOf(column).filter((each) => each !== column);
  const wanted = Math.round(Number(input.value));
  if (input.value !== "" && Number.isFinite(wanted)) place(column, others[Math.max(wanted, 1) - 1] ?? null);
  moved(column);
}

function dropped(column) {
  column.querySelector('[data-move="up"]').focus({ preventScroll: true });
  if (document.activeElement === document.body) column.querySelector('[data-move="down"]').focus({ preventScroll: true });
  moved(column);
}

/** Chooses all columns that are shown, or none of them. */
function pickAll(button) {
  const boxes = columnsOf(button).filter((column) => !column.hidden).map(box);
  for (const each of boxes) each.checked = button.dataset.columns === "all";
  if (boxes.length) changed(boxes[0]);
  say(count(button));
}

/** Shows the columns whose names have all the words that were typed. */
function find(field) {
  const wanted = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const column of columnsOf(field)) {
    const name = column.querySelector("bdi").textContent.toLocaleLowerCase();
    column.hidden = !wanted.every((word) => name.includes(word));
  }
  const list = field.closest("fieldset");
  list.querySelector("[data-columns-none]").hidden = Boolean(list.querySelector("[data-column]:not([hidden])"));
  list.querySelector("ol").scrollTop = 0;
  const told = count(field);
  clearTimeout(timer);
  timer = setTimeout(() => say(told), PAUSE);
}

/** Calls the function that *acts* has for a button's selector, in place of what the button would send. */
export function inPlace(acts) {
  document.addEventListener("click", (event) => {
    for (const [what, act] of Object.entries(acts)) {
      const button = event.target.closest?.(what);
      if (!button?.closest("form[data-check]")) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      act(button);
      return;
    }
  }, { capture: true });
}

inPlace({ "[data-move]": move, "[data-columns]": pickAll });

document.addEventListener("change", ({ target }) => {
  const column = target.closest?.("[data-column]");
  if (!column) return;
  if (target.name === "columns") count(target);
  else if (target.value !== String(columnsOf(column).indexOf(column) + 1)) moveTo(target);
});
document.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-columns-find]")) find(target);
});
// In a number the Enter key moves its column, and starts nothing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.('[data-column] [name^="place-"]')) return;
  event.preventDefault();
  moveTo(event.target);
}, { capture: true });

letDrag({ grip: "[data-grip]", item: "[data-column]", dropped });
document.documentElement.dataset.columns = ""; // From now on what needs this can be pressed, and is shown.
