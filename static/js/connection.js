/* Shows whether the page is live: the word, and what stands when it is not. */
import { icon, main, setting } from "./page.js";
import { clock } from "./times.js";
import { _ } from "./words.js";

const WORDS = { live: _("Live"), reconnecting: _("Reconnecting"), offline: _("Offline"), ended: _("Signed out") };
let state;
let lostAt;
let retryAt;

/** Shows *next*: live, reconnecting, offline or ended. Figures that can no longer be true are marked. */
export function show(next) {
  if (state === "ended") return;
  const before = state;
  state = next;
  const word = document.getElementById("stream");
  if (word) {
    word.dataset.state = next;
    word.textContent = WORDS[next];
  }
  if (next === "offline" && before !== "offline") {
    lostAt ??= Date.now();
    age();
  }
  if (next === "live" || next === "reconnecting") freshen();
  if (next === "ended") ended();
  notice();
}

/** Shows the state again in a page that was just swapped in, which is nobody's who was signed out. */
export function repeat() {
  if (state === "ended") state = "";
  if (state) show(state);
  if (state === "offline") age();
}

export const isOffline = () => state === "offline";

/** Says when the next try comes (milliseconds), or that one is under way (nothing). */
export function next(at) {
  retryAt = at;
  notice();
}

/** Notes that the page was true just now. */
export function heard() {
  lostAt = undefined;
}

function notice() {
  const lost = document.getElementById("lost");
  if (!lost) return;
  lost.hidden = state !== "offline";
  if (lost.hidden) return;
  lost.querySelector("[data-slot=at]").textContent = clock(lostAt);
  const seconds = Math.ceil((retryAt - Date.now()) / 1000);
  lost.querySelector("[data-slot=next]").textContent = seconds > 0 ? _("Trying again in %(seconds)s s.", { seconds }) : _("Trying again now.");
}

function age() {
  const page = main();
  if (!page) return;
  document.documentElement.dataset.stale = "true"; // Running times stand still, as the figures do.
  for (const bar of page.querySelectorAll("progress:not([data-state])")) {
    bar.dataset.state = "stale";
    bar.dataset.aged = "";
  }
  for (const part of page.querySelectorAll("[data-order]")) delete part.dataset.order; // Whatever comes replaces it.
  for (const left of page.querySelectorAll("[data-left]")) left.textContent = _("unknown");
  for (const pill of page.querySelectorAll('.state[data-state="running"]')) {
    pill.removeAttribute("data-state");
    pill.replaceChildren(icon("wifi-off"), _("Running at %(time)s", { time: clock(lostAt) }));
  }
  for (const button of page.querySelectorAll("[data-change]:not(:disabled)")) {
    button.disabled = true;
    button.dataset.aged = "";
  }
}

/** Lifts the marks that no answer of the server replaces: those of forms. */
function freshen() {
  delete document.documentElement.dataset.stale;
  for (const node of document.querySelectorAll("[data-aged]")) {
    delete node.dataset.aged;
    if (node.localName === "progress") delete node.dataset.state;
    else node.disabled = false;
  }
}

function ended() {
  age();
  const notice = document.getElementById("signed-out");
  if (!notice) return;
  const back = encodeURIComponent(location.pathname + location.search);
  notice.querySelector("[data-slot=sign-in]").href = `${setting("signInUrl")}?next=${back}`;
  notice.hidden = false;
}

setInterval(() => state === "offline" && notice(), 1000);
