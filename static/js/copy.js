/* Copies a checksum, a token, a password. */
import { icon } from "./page.js";
import { say } from "./voice.js";
import { _ } from "./words.js";

const SHOWN = 2_000;

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers keep the clipboard for HTTPS; the older way works everywhere.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await copy(button.dataset.copy);
  say(_("Copied"));
  const before = button.querySelector(".icon:not([data-copied])");
  if (!before) return; // What was pressed before still shows that it is copied.
  const done = icon("check");
  done.dataset.copied = "";
  before.replaceWith(done);
  setTimeout(() => done.isConnected && done.replaceWith(before), SHOWN);
});
