/* What was typed into the other forms of a page stays there when one of them is answered. */
import { main } from "./page.js";

const TEXTS = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=password])";

/** Puts into *fragment*, which takes the place of the page's own part, what was typed outside of *form*. Gives back a
    function that returns the focus to where somebody is typing. */
export function carry(fragment, form) {
  const typed = [...main().querySelectorAll(TEXTS)].filter((field) => field.id && field.form !== form);
  for (const { id, value, defaultValue } of typed) {
    const same = fragment.getElementById(id);
    if (same?.defaultValue === defaultValue) same.value = value;
  }
  const { id, selectionStart, selectionEnd } = typed.find((field) => field === document.activeElement) ?? {};
  return () => {
    const field = id && document.getElementById(id);
    if (!field) return;
    field.focus({ preventScroll: true });
    if (selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
  };
}
