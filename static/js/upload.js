/* A file is sent as soon as it is picked, dropped or pasted, and the page goes on with it. Without this a button sends it. */
import { setting } from "./page.js";
import { say } from "./voice.js";
import { _ } from "./words.js";

const UNITS = [_("bytes"), "KB", "MB", "GB", "TB"];
const QUARTER = 25; // percent: so often it is said aloud
const KEPT = 201;
const SIGNED_OUT = 401;

let sent; // what is on its way: its file, request, and how many bytes have left
let trouble; // what went wrong: its text, and the file where it may be sent again

const place = () => document.querySelector("[data-upload]");
const part = (name) => place()?.querySelector(name);
const number = (value, style) => new Intl.NumberFormat(setting("locale") || "en-GB", style).format(value);

/** As the server says it: powers of 1000, tenths from MB on; what would round to 1,000 is told in the next unit. */
function size(bytes) {
  const tenths = (unit) => (unit >= 2 ? 1 : 0);
  let unit = 0;
  while (unit < UNITS.length - 1 && Number((bytes / 1000 ** unit).toFixed(tenths(unit))) >= 1000) unit += 1;
  return `${number(bytes / 1000 ** unit, { minimumFractionDigits: tenths(unit), maximumFractionDigits: tenths(unit) })} ${UNITS[unit]}`;
}

/** Puts the page right by what is on its way and what went wrong. */
function show() {
  const zone = place();
  if (!zone) return;
  const wasHeld = zone.contains(document.activeElement) && !document.activeElement.closest(".upload-sending");
  part(".upload-sending").hidden = !sent;
  part(".upload-ask").hidden = Boolean(sent);
  if (sent) measure(zone);
  if (sent && wasHeld) part("[data-act=cancel-upload]").focus();
  if (trouble || sent) {
    zone.toggleAttribute("data-invalid", Boolean(trouble));
    part(".error").hidden = !trouble;
    part("[data-slot=problem]").textContent = trouble?.text ?? "";
    part("[data-act=send-again]").hidden = !trouble?.file;
    part(".upload-file").ariaInvalid = trouble ? "true" : null;
  }
}

function measure(zone) {
  // All of it has left only when the server says that it is kept.
  const percent = Math.min(99, Math.floor((100 * sent.gone) / sent.file.size));
  const measured = _("%(done)s of %(total)s", { done: size(sent.gone), total: size(sent.file.size) });
  const bar = part("progress");
  zone.querySelector("bdi[id]").textContent = sent.file.name;
  part("[data-slot=measure]").textContent = sent.gone < sent.file.size ? measured : _("Storing the file");
  bar.value = percent;
  bar.setAttribute("aria-valuetext", `${number(percent / 100, { style: "percent" })}, ${measured}`);
  if (percent < sent.said + QUARTER) return;
  sent.said = percent - (percent % QUARTER);
  say(_("%(percent)s sent", { percent: number(sent.said / 100, { style: "percent" }) }));
}

/** Takes what was picked, dropped or pasted. */
function take(files) {
  if (sent || !place()) return;
  const file = files[0];
  part(".upload-file").value = ""; // The same file can be picked again.
  if (files.length > 1) fail(_("Send one file at a time."));
  else if (file.size === 0) fail(_("This file is empty. Choose another one."));
  else if (file.size > Number(place().dataset.most)) fail(place().dataset.tooLarge);
  else send(file);
}

function send(file) {
  const request = new XMLHttpRequest(); // fetch does not tell how much has left.
  const body = new FormData();
  body.append("csrf_token", part("[name=csrf_token]").value); // First: the server reads in this order.
  body.append("file", file, file.name);
  trouble = undefined;
  const mine = { file, request, gone: 0, said: 0 };
  sent = mine;
  request.upload.onprogress = ({ loaded, total }) => {
    mine.gone = Math.min(file.size, Math.round((loaded / total) * file.size));
    if (sent === mine) show();
  };
  request.onload = () => sent === mine && answered(request);
  request.onerror = () => sent === mine && fail(_("The file could not be sent. Check your connection, then send it again."), file);
  request.open("POST", document.getElementById(`${place().id}-form`).action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-Live", "1"); // Who has signed out is told so, and not shown a page.
  request.send(body);
  show();
  say(_("Sending %(name)s", { name: file.name }));
}

function answered({ status, responseText }) {
  let answer = {};
  try {
    answer = JSON.parse(responseText);
  } catch {
    // A proxy speaks for itself.
  }
  if (status === KEPT) goOn(answer);
  else if (status === SIGNED_OUT) fail(_("Your session has ended. Sign in again, then send the file."));
  else if (status === 413) fail(answer.detail ?? place().dataset.tooLarge);
  else fail(answer.detail ?? _("The desk could not keep the file. Try again in a moment."), status >= 500 ? sent.file : undefined);
}

/** Goes to the page that works with the file, as a link would. */
function goOn({ id, name }) {
  say(_("%(name)s is sent", { name }));
  const next = new URL(place().dataset.upload, location.href);
  next.searchParams.set("upload", id);
  const link = document.createElement("a");
  link.href = next.pathname + next.search;
  place().append(link);
  window.htmx.process(link);
  link.click();
  link.remove();
}

function fail(text, file) {
  stop();
  trouble = { text, file };
  show();
  part(".upload-file").focus();
  say(text, "bad");
}

/** Ends what is on its way. */
function stop() {
  const { request } = sent ?? {};
  sent = undefined;
  request?.abort();
  show();
}

const carriesFiles = (event) => place() && !sent && event.dataTransfer?.types.includes("Files");

function hover(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  place().toggleAttribute("data-dragging", true);
}

function leave(event) {
  // Within the page one element is left for another one.
  if (!event?.relatedTarget) place()?.removeAttribute("data-dragging");
}

document.addEventListener("dragenter", hover);
document.addEventListener("dragover", hover);
document.addEventListener("dragleave", leave);
document.addEventListener("drop", (event) => {
  leave();
  if (!carriesFiles(event)) return;
  event.preventDefault();
  const { items, files } = event.dataTransfer;
  if ([...items].some((item) => item.webkitGetAsEntry?.()?.isDirectory)) fail(_("A folder cannot be sent. Choose a file."));
  else take(files);
});
document.addEventListener("paste", ({ clipboardData }) => clipboardData?.files.length && take(clipboardData.files));
document.addEventListener("change", ({ target }) => {
  if (target.matches(".upload-file") && target.files.length) take([...target.files]);
});
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-act=send-again]") && trouble?.file) send(trouble.file);
  if (!target.closest?.("[data-act=cancel-upload]")) return;
  stop();
  part(".upload-file").focus();
});
document.addEventListener("desk:morphed", show);
// The page to go on to did not come, as the message of that says.
document.addEventListener("htmx:error", () => sent?.request.status === KEPT && stop());
document.addEventListener("htmx:after:swap", () => {
  // Another page, or the same one with the file in it.
  if (!sent && !trouble) return;
  if (part(".upload-sending")?.hidden === false) return;
  trouble = undefined;
  stop();
});
// Somebody was quicker than this script.
const early = part(".upload-file")?.files;
if (early?.length) take([...early]);
