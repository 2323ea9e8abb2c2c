/* A list whose entries can be picked: the button says how many, and cannot be pressed for none. */

const plural = (count) => `Dismiss ${count} job${count === 1 ? "" : "s"}`;

/** Puts the bar right by what is picked. */
function count() {
  const bar = document.querySelector("[data-pick]");
  if (!bar) return;
  const boxes = [...bar.elements].filter((box) => box.name === "job");
  const picked = boxes.filter((box) => box.checked).length;
  const [all, button] = [bar.querySelector("[data-pick-all]"), bar.querySelector("[data-pick-button]")];
  all.checked = picked > 0 && picked === boxes.length;
  all.indeterminate = picked > 0 && picked < boxes.length;
  button.textContent = picked ? plural(picked) : "Dismiss the selected jobs";
  button.disabled = picked === 0;
}

document.addEventListener("change", (event) => {
  const bar = event.target.form;
  if (!bar?.matches?.("[data-pick]")) return;
  if (event.target.matches("[data-pick-all]")) {
    for (const box of bar.elements) if (box.name === "job") box.checked = event.target.checked;
  }
  count();
});

// A browser may keep what was picked when it comes back to a page; a swap brings in a new one.
window.addEventListener("pageshow", count);
for (const name of ["htmx:after:swap", "desk:morphed"]) document.addEventListener(name, count);
count();
