/* Moments in the person's own zone, relative ones kept true, running times ticking; and who “you” are. The server
   writes absolute moments in UTC and plain names, so that every part of a page is free of any viewer. */
import { setting } from "./page.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const STEPS = [[MINUTE, 1, "second"], [HOUR, MINUTE, "minute"], [DAY, HOUR, "hour"], [21 * DAY, DAY, "day"], [90 * DAY, 7 * DAY, "week"]];

// The server's clock is the truth; a browser's may be minutes off. A page from the history is no measure.
const restored = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const offset = setting("now") && !restored ? Date.parse(setting("now")) - Date.now() : 0;
const now = () => Date.now() + (Math.abs(offset) > 2000 ? offset : 0);

const zone = { timeZone: setting("zone") || "UTC" };
const formats = {
  moment: new Intl.DateTimeFormat("en-GB", { ...zone, dateStyle: "long", timeStyle: "short" }),
  date: new Intl.DateTimeFormat("en-GB", { ...zone, dateStyle: "long" }),
  day: new Intl.DateTimeFormat("en-GB", { ...zone, weekday: "long", day: "numeric", month: "long" }),
  stamp: new Intl.DateTimeFormat("en-GB", { ...zone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  clock: new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
};

/** The time of day of *at* (milliseconds), as in 09:41:50. */
export const clock = (at) => formats.clock.format(at);

/** Puts the moments and the names inside *root* into the reader's words. */
export function localise(root) {
  for (const node of root.querySelectorAll("time[data-time]")) write(node);
  for (const node of root.querySelectorAll("[data-elapsed]")) say(node, stopwatch(Date.parse(node.dataset.elapsed)));
  for (const node of root.querySelectorAll("[data-person]")) {
    if (node.dataset.person === setting("reader")) say(node, node.dataset.me);
  }
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function write(node) {
  const at = Date.parse(node.dateTime);
  if (Number.isNaN(at)) return;
  const kind = node.dataset.time;
  say(node, kind === "relative" ? relative(at) : formats[kind].format(at).replace(",", ""));
  const title = formats.moment.format(at);
  if (node.title !== title) node.title = title;
}

function relative(at) {
  const seconds = Math.round((now() - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 30 && seconds >= -2) return "just now";
  const days = Math.round((noon(now()) - noon(at)) / (DAY * 1000));
  if (size >= 12 * HOUR && days === 1) return "yesterday";
  if (size >= 12 * HOUR && days === -1) return "tomorrow";
  const step = STEPS.find(([limit]) => size < limit);
  if (!step) return formats.date.format(at);
  const amount = Math.max(1, Math.floor(size / step[1]));
  const text = `${amount} ${step[2]}${amount === 1 ? "" : "s"}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

/** Noon of the day of *at* in the reader's zone, so that days can be counted. */
function noon(at) {
  const parts = new Intl.DateTimeFormat("en-CA", zone).format(at);
  return Date.parse(`${parts}T12:00:00Z`);
}

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
document.addEventListener("visibilitychange", () => document.hidden || localise(document));
setInterval(() => document.hidden || document.documentElement.dataset.stale || localise(document), 1000);
localise(document);
