/* What is said aloud: one polite voice and one for alarms. What comes together is said together, and never in haste. */
import { ngettext } from "./words.js";

const GATHER = 500; // milliseconds in which what happens is told as one
const PAUSE = 3_000; // between two things said by the same voice
const MOST = 3;
const voices = { announcer: { said: 0, waiting: [] }, alarm: { said: 0, waiting: [] } };

/** Says *text* to screen readers: politely, or at once when the *tone* is bad. */
export function say(text, tone) {
  const name = tone === "bad" ? "alarm" : "announcer";
  const voice = voices[name];
  if (voice.waiting.includes(text)) return;
  voice.waiting.push(text);
  voice.timer ??= setTimeout(() => speak(name), Math.max(GATHER, voice.said + PAUSE - Date.now()));
}

// Whoever looks for something hears how much was found, while they go on typing.
document.addEventListener("htmx:after:swap", (event) => {
  const found = event.detail.ctx?.sourceElement?.matches("[data-find]") && document.querySelector("[data-found]");
  if (found) say(found.textContent);
});

function speak(name) {
  const voice = voices[name];
  const region = document.getElementById(name);
  const more = voice.waiting.length - MOST;
  const told = voice.waiting.slice(0, more > 0 ? MOST - 1 : MOST);
  if (more > 0) told.push(ngettext("And %(num)s more.", "And %(num)s more.", more + 1));
  voice.waiting = [];
  voice.timer = undefined;
  voice.said = Date.now();
  if (region) region.textContent = told.join(" ");
}
