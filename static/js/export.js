/* The choices of an export change in place: columns move, filters come and go. Without this a button asks the server. */
import { say } from "./voice.js";
import { _ } from "./words.js";

const changed = (node) => node.dispatchEvent(new Event("change", { bubbles: true }));
const words = (text, ...values) => values.reduce((said, value) => said.replace("{}", value), text);

/** Numbers the places and counts the boxes of the list of columns that holds *node*. */
function count(node) {
  const list = node.closest("fieldset");
  const columns = [...list.querySelectorAll("[data-column]")];
  columns.forEach((column, index) => { column.querySelector('[name^="place-"]').value = index + 1; });
  const shown = list.querySelector("[data-columns-count]");
  const chosen = columns.filter((column) => column.querySelector(":checked")).length;
  shown.textContent = words(shown.dataset.words, chosen, columns.length);
}

function move(button) {
  const column = button.closest("[data-column]");
  const isUp = button.dataset.move === "up";
  const other = isUp ? column.previousElementSibling : column.nextElementSibling;
  if (!other) return;
  if (isUp) other.before(column);
  else other.after(column);
  // At the end of the list this button is gone: the other one of the two takes the focus.
  const isEnd = isUp ? !column.previousElementSibling : !column.nextElementSibling;
  (isEnd ? column.querySelector(`[data-move="${isUp ? "down" : "up"}"]`) : button).focus();
  column.scrollIntoView({ block: "nearest" });
  count(column);
  const place = [...column.parentElement.children].indexOf(column) + 1;
  say(_("%(name)s: place %(place)s", { name: column.querySelector("bdi").textContent, place }));
  changed(column.querySelector('[name^="place-"]'));
}

function pickAll(button) {
  const boxes = button.closest("fieldset").querySelectorAll('[name="columns"]');
  for (const box of boxes) box.checked = button.dataset.columns === "all";
  if (boxes.length) changed(boxes[0]);
}

function add(button) {
  const filters = button.closest("[data-filters]");
  const select = filters.querySelector('[name="filter-new"]');
  const option = select.selectedOptions[0];
  if (!option?.value) {
    select.focus();
    return;
  }
  const blank = filters.querySelector(`template[data-filter-of="${CSS.escape(option.dataset.type)}"]`);
  const row = blank.content.firstElementChild.cloneNode(true);
  row.setAttribute("aria-label", option.value);
  row.querySelector('[name="filter-column"]').value = option.value;
  row.querySelector("bdi").textContent = option.value;
  filters.querySelector("[data-conditions]").append(row);
  select.value = "";
  row.querySelector('[name="filter-op"]').focus();
  changed(select);
}

function remove(button) {
  const filters = button.closest("[data-filters]");
  const select = filters.querySelector('[name="filter-new"]');
  const row = button.closest("[data-condition]");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next?.querySelector("[data-remove]") ?? select).focus();
  changed(select);
}

const ACTS = { "[data-move]": move, "[data-columns]": pickAll, "[data-add-filter]": add, "[data-remove]": remove };

document.addEventListener("click", (event) => {
  for (const [what, act] of Object.entries(ACTS)) {
    const button = event.target.closest?.(what);
    if (!button?.closest("form[data-check]")) continue;
    event.preventDefault();
    event.stopImmediatePropagation();
    act(button);
    return;
  }
}, { capture: true });

document.addEventListener("change", ({ target }) => {
  if (target.name === "columns" && target.closest("[data-column]")) count(target);
});
