/* Puts what the server renders into the page, by id. */
import { calm } from "./calm.js";
import { reconcile } from "./reconcile.js";
import { repeat } from "./tab.js";
import { localise } from "./times.js";

const REFETCH_TIMEOUT = 10_000;
let pending;

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

/** Reads the page's own address again and puts it in. Gives “fresh”, “signed out” or “unreachable”. */
export function refetch() {
  pending ??= read().finally(() => { pending = undefined; });
  return pending;
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
  if (!answer.ok || address !== location.href) return "fresh";
  const page = new DOMParser().parseFromString(text, "text/html");
  let isNews = true;
  for (const id of ["content", "nav"]) {
    const [place, root] = [document.getElementById(id), page.getElementById(id)];
    if (place && root) isNews = into(place, root) && isNews;
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
