/* The look changes while it is being chosen; it is kept when the form is saved. */

document.addEventListener("change", (event) => {
  if (!event.target.matches('select[name="theme"]')) return;
  const { value } = event.target;
  if (value === "light" || value === "dark") document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
});
