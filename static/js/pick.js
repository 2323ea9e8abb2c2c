/* Lists whose entries can be picked: each button says how many it would change, and cannot be pressed for none. */
import { setting } from "./page.js";

const FITS = {
  all: () => true,
  active: (box) => !("final" in box.dataset),
  final: (box) => "final" in box.dataset,
};

/** The boxes of *form* that this person may pick; those of other people's jobs are put away. */
function boxes(form) {
  const own = [];
  for (const box of form.elements) {
    if (box.name !== "job") continue;
    const may = box.closest("[data-may]")?.dataset.may ?? "all";
    const isMine = may === "all" || box.dataset.owner === setting("reader");
    box.disabled = box.closest(".pick").hidden = !isMine;
    if (isMine) own.push(box);
  }
  return own;
}

/** Puts the buttons of *form* right by what is picked. */
function count(form) {
  const all = boxes(form);
  const picked = all.filter((box) => box.checked);
  form.toggleAttribute("data-picked", picked.length > 0);
  for (const box of document.querySelectorAll(`[data-pick-all="${form.id}"]`)) {
    box.checked = picked.length > 0 && picked.length === all.length;
    box.indeterminate = picked.length > 0 && picked.length < all.length;
    box.disabled = all.length === 0;
  }
  for (const button of form.querySelectorAll("[data-pick-of]")) {
    const number = picked.filter(FITS[button.dataset.pickOf]).length;
    button.dataset.none ??= button.textContent;
    const { none, one, many } = button.dataset;
    button.textContent = number === 0 ? none : number === 1 ? one : many.replace("{}", number);
    button.disabled = number === 0;
    button.hidden = number === 0 && picked.length > 0;
  }
}

const countAll = () => document.querySelectorAll("form[data-pick]").forEach(count);

document.addEventListener("change", ({ target }) => {
  const form = target.dataset.pickAll ? document.getElementById(target.dataset.pickAll) : target.form;
  if (!form?.matches?.("[data-pick]")) return;
  if (target.dataset.pickAll) for (const box of boxes(form)) box.checked = target.checked;
  count(form);
});

// A browser may keep what was picked when it comes back to a page; a swap brings in a new one.
window.addEventListener("pageshow", countAll);
for (const name of ["htmx:after:swap", "desk:morphed"]) document.addEventListener(name, countAll);
countAll();
