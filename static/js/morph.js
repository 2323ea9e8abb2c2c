/* Puts what the server renders into the page, by id. */
import { calm } from "./calm.js";
import { reconcile } from "./reconcile.js";
import { repeat } from "./tab.js";
import { localise } from "./times.js";

const REFETCH_TIMEOUT = 10_000;
// The page that says so takes the place of what was shown.
const GONE = [403, 404, 410];
// No address leads back to what a POST has brought; the page of a draft has promised to keep what could not be saved.
const KEPT = "[data-posted], :has(#draft-saved[data-state=lost])";
let pending;
// The pending read may have been answered before something changed: for whoever asks meanwhile there is one more.
let following;

window.htmx.registerExtension("bellhop", {
  // Whether details are open is the reader's business.
  htmx_before_morph_attr: (node, detail) => !(detail.attrName === "open" && node.localName === "details"),
});

/** Puts *html*, one element with an id, into its place, if the page has one; gives whether it was news. */
export function put(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const root = template.content.firstElementChild;
  const place = root?.id && document.getElementById(root.id);
  return !place || into(place, root);
}

/** Puts *root* in *place*; gives whether all of it was news. */
function into(place, root) {
  // It stays apart from the page: what is put into a page fetches its icons, each time.
  const fragment = root.ownerDocument.createDocumentFragment();
  fragment.append(root);
  const isNews = keepNewer(fragment);
  localise(fragment);
  calm(fragment);
  reconcile(place, fragment.firstElementChild);
  const whole = place.parentElement?.closest("[data-order]");
  if (whole && isBehind(whole, place)) whole.dataset.order = place.dataset.order; // A part of it came alone.
  place.dispatchEvent(new Event("desk:morphed", { bubbles: true }));
  return isNews;
}

/** Puts the page's own parts into *fragment* where they are ahead of it: a stream is up to a second ahead of the
    ledger, which the page reads. Gives whether there were none. */
function keepNewer(fragment) {
  let isNews = true;
  for (const part of fragment.querySelectorAll("[data-order]")) {
    const shown = document.getElementById(part.id);
    if (!isBehind(part, shown)) continue;
    part.replaceWith(shown.cloneNode(true));
    isNews = false;
  }
  return isNews;
}

function isBehind(part, shown) {
  if (!shown?.dataset.order) return false;
  const [[version, beat], [shownVersion, shownBeat]] = [part, shown].map((node) => node.dataset.order.split(".").map(Number));
  return version < shownVersion || (version === shownVersion && beat < shownBeat);
}

/** Reads the page's own address again, from now on, and puts it in. Gives “fresh”, “signed out” or “unreachable”. */
export function refetch() {
  if (pending) return following ??= pending.catch(() => {}).then(() => { following = undefined; return refetch(); });
  return pending = read().finally(() => { pending = undefined; });
}

async function read() {
  const address = location.href;
  let answer;
  let text;
  try {
    answer = await fetch(address, { headers: { "X-Live": "1" }, signal: AbortSignal.timeout(REFETCH_TIMEOUT) });
    text = await answer.text();
  } catch {
    return "unreachable";
  }
  if (answer.status === 401) return "signed out";
  if (answer.status >= 500) return "unreachable";
  if (address !== location.href || (!answer.ok && !GONE.includes(answer.status))) return "fresh";
  const page = new DOMParser().parseFromString(text, "text/html");
  let isNews;
  for (const id of ["nav", "content"]) {
    const [place, root] = [document.getElementById(id), page.getElementById(id)];
    if (!place || !root || place.matches(KEPT)) return "fresh";
    isNews = into(place, root);
  }
  if (isNews) {
    document.title = page.title;
    repeat();
  }
  return "fresh";
}

document.addEventListener("htmx:before:swap", (event) => {
  for (const task of event.detail.tasks ?? []) keepNewer(task.fragment);
});
