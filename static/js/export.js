/* The filters of an export come and go in place; without this a button asks the server. Its columns are a module of their own. */
import { changed, inPlace } from "./columns.js";

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

inPlace({ "[data-add-filter]": add, "[data-remove]": remove });
