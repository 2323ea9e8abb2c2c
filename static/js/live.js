/* The live stream of a page. The server begins each connection with the present state, so that nothing lost, doubled
   or late can make a page wrong. While the stream is away the page reads itself every 5 seconds. */
import * as connection from "./connection.js";
import * as counts from "./counts.js";
import { put, refetch, settled } from "./morph.js";
import { told } from "./notify.js";
import { main, setting } from "./page.js";
import { HELD } from "./reconcile.js";
import * as summary from "./summary.js";
import * as tab from "./tab.js";
import { toast } from "./toasts.js";
import { say } from "./voice.js";

const SILENCE = 40_000; // the server is heard at least every 15 s
const POLL = 5_000;
const KNOCK = 2_000; // while nothing answers at all
const LATE = 5_000; // a stream that has not said by then that it is live is not
const PAUSES = [0.25, 1, 1, 2, 2, 2, 4, 8]; // seconds between tries: a short outage is over at once
const PATIENCE = 1_500; // a stream that is renewed within this time was never lost
const FAREWELL = 2_000; // a tab that is hidden for less keeps its stream

let source;
let key;
let begun;
let heard; // when anything came last
let tries = 0;
let isLost = false;
let isOver = false;
let news; // when something was told that a page asked for before does not say
let calm = 0; // milliseconds over which the pages of a busy desk spread what can wait: the server's word
const timers = {};

/** Names what this page hears: it changes with the page. */
const wanted = () => `view=${main()?.dataset.live ?? "page"}&id=${main()?.dataset.liveId ?? ""}`;

function later(name, wait, what) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(what, wait);
}

const never = (...names) => names.forEach((name) => clearTimeout(timers[name]));

function connect() {
  if (isOver || document.hidden || !setting("streamUrl")) return;
  disconnect();
  never("again");
  key = wanted();
  begun = performance.now();
  source = new EventSource(`${setting("streamUrl")}?${key}`);
  source.onerror = lose;
  for (const [name, take] of Object.entries(EVENTS)) {
    source.addEventListener(name, (event) => {
      heard = performance.now();
      take(event.data);
    });
  }
  heard = begun;
  listen();
  if (!isLost) later("late", LATE + calm, miss);
  connection.next();
}

/** Waits for as long as the stream may still be silent. */
function listen() {
  const wait = heard + SILENCE - performance.now();
  if (wait > 0) later("silence", wait, listen);
  else lose();
}

function disconnect() {
  source?.close();
  source = undefined;
  never("silence", "late");
}

function lose() {
  disconnect();
  if (isOver) return;
  const pause = PAUSES[Math.min(tries, PAUSES.length - 1)] * 1000 * (0.5 + Math.random() / 2);
  tries += 1;
  later("again", pause, connect);
  connection.next(Date.now() + pause);
  if (!isLost && tries === 1) later("lost", PATIENCE + calm * Math.random(), miss);
}

/** Says that the stream is away, and reads the page until it is back. */
function miss() {
  isLost = true;
  connection.show("reconnecting");
  poll();
}

async function poll() {
  if (isOver || document.hidden) return;
  const got = await refetch();
  if (got === "signed out") return end();
  if (!isLost) return;
  if (got === "fresh" && connection.isOffline()) connect(); // The server is back before the next try is due.
  if (got === "fresh") connection.heard();
  connection.show(got === "fresh" ? "reconnecting" : "offline");
  later("poll", got === "fresh" ? POLL : KNOCK, poll);
}

function live() {
  const wasLost = isLost;
  tries = 0;
  isLost = false;
  never("lost", "late", "poll");
  connection.heard();
  connection.show("live");
  // What the stream does not carry may have changed as well.
  if (wasLost) later("fresh", calm * Math.random(), refetch);
  again();
}

function again() {
  const seconds = Number(main()?.dataset.again);
  never("own");
  if (seconds) later("own", seconds * 1000, () => document.hidden || isLost || refetch().then(again));
}

function end() {
  isOver = true;
  disconnect();
  never("again", "lost", "poll", "own", "silence", "steady");
  connection.show("ended");
  settled()?.then(connection.repeat); // A page that was read before comes yet, and knows nothing of it.
}

/** Reads the page again, or its count; a list that must not move can wait. */
function refresh(what) {
  news = heard;
  if (what === "counts") summary.look();
  else if (what === "history" && document.querySelector(HELD)) hold();
  else refetch().then(follow);
}

/** Brings what a list has missed once it may move. */
function hold() {
  later("steady", 1000, () => refresh("history"));
}

const EVENTS = {
  fragment: put,
  // What comes late was held back on its way, and so may be what comes next.
  live: (data) => { spread(data); if (performance.now() - begun < LATE + calm) live(); },
  heartbeat: (data) => { spread(data); if (isLost) live(); },
  signin: end,
  refresh: (data) => refresh(JSON.parse(data).what),
  count: async (data) => {
    const { running } = JSON.parse(data);
    news = heard;
    counts.running(running);
    await settled(); // A page that was read before this was told says otherwise.
    counts.running(running);
  },
  title: (data) => tab.show(JSON.parse(data)),
  announce: (data) => { const { text, tone } = JSON.parse(data); say(text, tone); },
  toast: (data) => { const news = JSON.parse(data); toast(news); told(news); },
  done,
};

function spread(data) {
  calm = Number(data) * 1000;
}

/** The job has ended: the page that comes back hears of other jobs only. */
async function done() {
  disconnect();
  await refetch();
  if (wanted() === key) lose(); // It could not be read: tried again, but not in haste.
  else connect();
}

/** Connects anew when the page now wants to hear something else. */
function follow() {
  again();
  if (wanted() !== key) connect();
}

function wake() {
  if (document.hidden || isOver) return;
  summary.stop();
  never("farewell");
  tries = 0;
  if (source?.readyState === EventSource.OPEN) return again(); // Its time may have come meanwhile.
  connect();
  if (isLost) poll();
  else refetch().then((got) => got === "signed out" && end());
}

function sleep() {
  later("farewell", FAREWELL, () => {
    disconnect();
    never("again", "lost", "poll", "own", "steady");
    if (!connection.isOffline()) connection.show("reconnecting"); // So it will be when somebody looks again.
    summary.start(wanted(), end);
  });
}

document.addEventListener("visibilitychange", () => (document.hidden ? sleep() : wake()));
document.addEventListener("htmx:config:request", ({ detail }) => { detail.ctx.asked = performance.now(); });
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (isOver) isOver = key = false; // Somebody has signed in again elsewhere, or nothing would have come.
  connection.repeat();
  follow();
  if (ctx.asked < news && ctx.sourceEvent?.type !== "load") refetch(); // A late part says nothing of what is live.
});
document.addEventListener("desk:held", hold);
document.addEventListener("click", (event) => event.target.closest?.("[data-act=reconnect]") && (connect(), poll()));
document.addEventListener("resume", () => { disconnect(); wake(); }); // What came while the tab was frozen is old.
window.addEventListener("pageshow", (event) => event.persisted && wake());
window.addEventListener("pagehide", disconnect);
window.addEventListener("online", wake);
window.addEventListener("offline", () => { disconnect(); isLost = true; later("again", 5000, connect); connection.show("offline"); });
if (document.hidden) sleep();
else connect();
