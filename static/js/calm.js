/* Figures that nobody could read if they changed four times a second: each change is shown a second behind the one
   before it. The bar beside them goes on. */
import { reconcile } from "./reconcile.js";
import { localise } from "./times.js";

const CALM = 1_000; // milliseconds
const WAIT = 300; // workers tell how far they are four times a second: what comes next may come together

const renewed = new WeakMap(); // when each part was shown anew
const held = new WeakMap(); // what is to be shown in its place, and the timer that does it

/** Puts the page's own parts into *fragment* where they are too young to change. Only of the same work is anything held
    back: what another attempt or phase tells is shown at once. */
export function calm(fragment) {
  for (const part of fragment.querySelectorAll("[data-calm]")) {
    const shown = document.getElementById(part.id);
    if (!shown || part.isEqualNode(shown)) continue; // What is held back may be newer.
    const wait = CALM - (performance.now() - (renewed.get(shown) ?? -CALM));
    if (shown.dataset.calm === part.dataset.calm && wait > 0) hold(shown, part, wait);
    else renew(shown);
  }
}

function hold(shown, part, wait) {
  const timer = held.get(shown)?.timer ?? setTimeout(release, wait + WAIT, shown);
  held.set(shown, { part, timer });
  part.replaceWith(shown.cloneNode(true));
}

function renew(shown) {
  clearTimeout(held.get(shown)?.timer);
  held.delete(shown);
  renewed.set(shown, performance.now());
}

function release(shown) {
  const { part } = held.get(shown);
  renew(shown);
  localise(part);
  if (shown.isConnected) reconcile(shown, part);
}
