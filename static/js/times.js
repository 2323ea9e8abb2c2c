/* Relative times kept true, running times ticking; and who “you” are. Absolute times come from the server as this person
   reads them; what is written here follows the same locale, zone and rules. */
import { setting } from "./page.js";
import { _, ngettext } from "./words.js";

const SECOND = 1_000; // milliseconds, as the next one; all others are seconds
const WAIT = 260; // workers tell how far they are four times a second
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
// Up to how many seconds a moment is told in which unit: what it is called, gone by and still to come.
const STEPS = [
  [MINUTE, 1, (n) => ngettext("%(num)s second ago", "%(num)s seconds ago", n), (n) => ngettext("in %(num)s second", "in %(num)s seconds", n)],
  [HOUR, MINUTE, (n) => ngettext("%(num)s minute ago", "%(num)s minutes ago", n), (n) => ngettext("in %(num)s minute", "in %(num)s minutes", n)],
  [DAY, HOUR, (n) => ngettext("%(num)s hour ago", "%(num)s hours ago", n), (n) => ngettext("in %(num)s hour", "in %(num)s hours", n)],
  [21 * DAY, DAY, (n) => ngettext("%(num)s day ago", "%(num)s days ago", n), (n) => ngettext("in %(num)s day", "in %(num)s days", n)],
  [90 * DAY, 7 * DAY, (n) => ngettext("%(num)s week ago", "%(num)s weeks ago", n), (n) => ngettext("in %(num)s week", "in %(num)s weeks", n)],
];

// The server's clock is the truth; a browser's may be minutes off. A page from the history is no measure.
const restored = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const offset = setting("now") && !restored ? Date.parse(setting("now")) - Date.now() : 0;
const now = () => Date.now() + (Math.abs(offset) > 2000 ? offset : 0);

const zone = { timeZone: setting("zone") || "UTC" };
const formats = {
  date: format({ dateStyle: "long" }),
  clock: format({ timeStyle: "medium" }),
  day: format({ year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA"),
};

function format(style, locale = setting("locale") || "en-GB") {
  try {
    return new Intl.DateTimeFormat(locale, { ...zone, ...style });
  } catch {
    return new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...style }); // A zone that this browser does not know yet.
  }
}

// Browsers differ in which blank stands before “pm”; the server always writes the plain one.
const written = (style, at) => formats[style].format(at).replace("\u202f", " ");

/** The time of day of *at* (milliseconds), as in 09:41:50. */
export const clock = (at) => written("clock", at);

/** Puts the relative moments and the names inside *root* into the reader's words. */
export function localise(root) {
  for (const node of root.querySelectorAll("time[data-time=relative]")) say(node, relative(Date.parse(node.dateTime)));
  for (const node of root.querySelectorAll("[data-elapsed]")) say(node, stopwatch(Date.parse(node.dataset.elapsed)));
  for (const node of root.querySelectorAll("[data-person]")) {
    if (node.dataset.person === setting("reader")) say(node, node.dataset.me);
  }
}

/** Writes into the text that is there already, so that whoever has selected something keeps it. */
function say(node, text) {
  const words = node.firstChild;
  if (words?.nodeType !== Node.TEXT_NODE || words.nextSibling) node.textContent = text;
  else if (words.data !== text) words.data = text;
}

function relative(at) {
  const seconds = Math.round((now() - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 30 && seconds >= -2) return _("just now");
  if (size >= 12 * HOUR && size < 2 * DAY) {
    const days = (noon(now()) - noon(at)) / (DAY * 1000);
    if (days === 1) return _("yesterday");
    if (days === -1) return _("tomorrow");
  }
  const step = STEPS.find(([limit]) => size < limit);
  if (!step) return written("date", at);
  const amount = Math.max(1, Math.floor(size / step[1]));
  const [, , gone, coming] = step;
  return seconds < 0 ? coming(amount) : gone(amount);
}

/** Noon of the day of *at* in the reader's zone, so that days can be counted. */
const noon = (at) => Date.parse(`${formats.day.format(at)}T12:00:00Z`);

function stopwatch(since) {
  const seconds = Math.max(0, Math.floor((now() - since) / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / HOUR), Math.floor((seconds % HOUR) / MINUTE), seconds % MINUTE];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

// What a swap brings in is put right before it is seen, so that nothing flickers.
document.addEventListener("htmx:before:swap", (event) => {
  for (const task of event.detail.tasks ?? []) localise(task.fragment);
});
// Times tick together with what the stream brings, if it brings anything now: then the page is drawn once for both.
let due;
const tick = () => {
  due = clearTimeout(due);
  if (!document.hidden && !document.documentElement.dataset.stale) localise(document);
};
setInterval(() => { due ??= setTimeout(tick, WAIT); }, SECOND);
document.addEventListener("desk:morphed", () => due && tick());
document.addEventListener("visibilitychange", tick);
localise(document);
