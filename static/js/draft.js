/* A draft saves itself while somebody writes, and the page beside it follows. What is typed is never touched by an answer:
   neither the words nor the place of the caret. */
import { put } from "./morph.js";
import { main } from "./page.js";
import { title } from "./tab.js";
import { clock } from "./times.js";
import { _ } from "./words.js";

const PAUSE = 1_000; // milliseconds without a change
const AGAIN = 5_000; // while nobody answers
const PATIENCE = 2_000; // before a page is left without an answer
const AT_ONCE = 60_000; // bytes that a browser still sends while a page goes away
const PARTED = [409, 422]; // the answer has parts that say why nothing was saved

let form; // the one that is watched
let written; // what its texts were when they were last saved
let said; // what the next save goes over: version and base, as the server told them
let flight; // the save that is on its way
let lost; // what was sent when nobody answered: it is sent again as it was, so that it counts once
let lostAt;
let stopped; // until somebody chooses whose words stay
let timer;

const here = () => document.querySelector("form[data-draft]");
const line = () => document.getElementById("draft-saved");
const texts = () => new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["version", "base", "row", "token"].includes(name))).toString();
const isNews = () => texts() !== written;

/** Begins with the form of this page, if it is another one than before. */
function begin() {
  if (here() === form) return;
  clearTimeout(timer);
  form = here();
  lost = lostAt = undefined;
  if (!form) return;
  stopped = line().dataset.state === "conflict";
  written = isAsGiven() ? texts() : undefined;
  hear();
  if (!written) soon(PAUSE); // Somebody was quicker than this script.
}

/** Whether the form says what the ledger has. */
function isAsGiven() {
  if (line().dataset.state) return false; // What was refused, or stands against other words.
  return [...form.elements].every((field) => {
    if (field.localName === "select") return field.selectedIndex === Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
    return !field.matches("input:not([type=hidden], [type=file]), textarea") || field.value === field.defaultValue;
  });
}

/** Takes over what the server says of the draft as it is now. */
function hear() {
  const { version, base } = line().dataset;
  said = { version, base };
}

function soon(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

function body(more = {}) {
  const values = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  for (const [name, value] of Object.entries({ ...said, ...more })) values.set(name, value);
  return values;
}

/** Saves what is new; *more* is asked for in any case. One save at a time. */
async function save(more) {
  if (!form?.isConnected || stopped) return;
  if (flight) {
    await flight;
    return save(more);
  }
  if (!lost && !more && !isNews()) return;
  const asked = form;
  const again = Boolean(lost);
  const now = lost ?? { values: body(more), texts: texts() };
  flight = send(asked, now);
  const isAnswered = await flight;
  flight = undefined;
  if (form !== asked) return;
  if (!isAnswered) lose(now);
  else if (isNews() && !stopped) soon(again ? 0 : PAUSE);
}

async function send(asked, now) {
  let answer;
  let html;
  try {
    const keepalive = String(now.values).length < AT_ONCE;
    answer = await fetch(asked.action, { method: "POST", body: now.values, headers: { "X-Live": "1" }, keepalive });
    html = await answer.text();
  } catch {
    return false;
  }
  if (!answer.ok && !PARTED.includes(answer.status)) return false;
  if (form !== asked || here() !== asked) return true;
  lost = lostAt = undefined;
  const parts = document.createElement("template");
  parts.innerHTML = html;
  for (const part of [...parts.content.children]) put(part.outerHTML);
  stopped = answer.status === 409;
  if (answer.ok) {
    hear();
    name();
  }
  written = now.texts; // What was refused is not sent again before it is changed.
  mark();
  return true;
}

/** Goes over what a page that was read again has brought, where the form says nothing else. */
function follows() {
  name(); // The page may say an older one.
  if (flight || stopped || !isAsGiven()) return;
  hear();
  written = texts();
}

/** Lets the tab say what the heading says; how many jobs run stays in front of it. */
function name() {
  const [running = ""] = document.title.match(/^\(\d+\) /) ?? [];
  title(running + document.getElementById("draft-title").textContent);
}

/** Says since when nothing is saved, and tries again. */
function lose(now) {
  lost = now;
  lostAt ??= Date.now();
  const saved = line();
  if (saved) {
    saved.textContent = _("Not saved since %(time)s. What you type stays on this page and is saved once the desk answers.", { time: clock(lostAt) });
    saved.dataset.state = "lost";
  }
  soon(AGAIN);
}

/** Tells programs that read aloud which fields are wrong. */
function mark() {
  for (const problem of document.querySelectorAll(".problem[id]")) {
    const field = document.getElementById(problem.id.replace("problem-", ""));
    if (field) field.ariaInvalid = problem.childElementCount ? "true" : null;
  }
}

document.addEventListener("input", (event) => {
  if (form && event.target.form === form && event.target.type !== "file") soon(PAUSE);
});
document.addEventListener("focusout", (event) => {
  if (form && event.target.form === form && isNews()) soon(0);
});
document.addEventListener("visibilitychange", () => document.hidden && form && isNews() && save());
window.addEventListener("pagehide", () => form && isNews() && save());
window.addEventListener("beforeunload", (event) => form?.isConnected && lost && event.preventDefault());
window.addEventListener("online", () => lost && soon(0));

/** Lets the address name the row that is shown, so that a page that is read again shows it too. */
function nameInAddress(row) {
  const address = new URL(location.href);
  address.searchParams.set("row", row);
  history.replaceState(history.state, "", address);
}

// Another row is shown without that the page is left.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.('button[name="then"][value^="row:"]');
  if (!button || button.form !== form || stopped) return;
  event.preventDefault();
  form.elements.row.value = button.value.slice(4);
  nameInAddress(form.elements.row.value);
  save({ then: button.value });
});

// A link leads on once what is new is saved; where nobody answers it leads on all the same.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !form?.isConnected || stopped || "giveUp" in link.dataset || link.target || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!flight && !isNews() || link.dataset.held) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  link.dataset.held = "";
  Promise.race([settled(), new Promise((over) => { setTimeout(over, PATIENCE); })]).then(() => follow(link));
}, { capture: true });

async function settled() {
  await flight;
  await save();
}

/** Clicks a link again, also one that its page has thrown away meanwhile. */
function follow(link) {
  const isGone = !link.isConnected;
  if (isGone) main().append(link);
  link.click();
  if (isGone) link.remove();
  delete link.dataset.held;
}

// A button sends the form behind the save that is on its way, and over what that has saved.
window.addEventListener("submit", (event) => {
  if (event.target !== form) return;
  clearTimeout(timer);
  if (flight) {
    event.preventDefault();
    event.stopImmediatePropagation();
    flight.then(() => setTimeout(() => form.requestSubmit(event.submitter)));
    return;
  }
  form.elements.version.value = said.version;
  form.elements.base.value = said.base;
  stopped = true; // The page that comes begins anew.
  written = texts();
}, { capture: true });
// It did not come: what was typed is still here, and is saved as before.
document.addEventListener("htmx:finally:request", () => {
  if (!form || here() !== form || !stopped || line().dataset.state === "conflict") return;
  stopped = false;
  written = undefined;
  soon(AGAIN);
});

document.addEventListener("htmx:after:swap", begin);
document.addEventListener("desk:morphed", ({ target }) => target === main() && form && here() === form && follows());
begin();
