/* Puts what the server renders into the page, by id. */
import { calm } from "./calm.js";
import { isAnothers } from "./page.js";
import { HELD, reconcile } from "./reconcile.js";
import { arrives, isOlder, repeat } from "./tab.js";
import { localise } from "./times.js";

const REFETCH_TIMEOUT = 10_000;
// The page that says so takes the place of what was shown.
const GONE = [403, 404, 410];
// No address leads back to what a POST has brought, nor to what speaks against a draft as somebody wrote it.
const KEPT = "[data-posted], :has(#draft-saved[data-state])";
let pending;
// The pending read may have been answered before something changed: for whoever asks meanwhile there is one more.
let following;
let swaps = 0;

window.htmx.registerExtension("bellhop", {
  // Whether details are open is the reader's business.
  htmx_before_morph_attr: (node, detail) => !(detail.attrName === "open" && node.localName === "details"),
});

/** Puts *html*, one element with an id, into its place, if the page has one. */
export function put(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const root = template.content.firstElementChild;
  const place = root?.id && document.getElementById(root.id);
  if (place) into(place, root);
}

function into(place, root) {
  // It stays apart from the page: what is put into a page fetches its icons, each time.
  const fragment = root.ownerDocument.createDocumentFragment();
  fragment.append(root);
  keepNewer(fragment);
  localise(fragment);
  calm(fragment);
  reconcile(place, fragment.firstElementChild);
  const whole = place.parentElement?.closest("[data-order]");
  if (whole && isBehind(whole, place)) whole.dataset.order = place.dataset.order; // A part of it came alone.
  place.dispatchEvent(new Event("desk:morphed", { bubbles: true }));
}

/** Puts the page's own parts into *fragment* where they are ahead of it: a stream is up to a second ahead of the
    ledger, which the page reads. */
function keepNewer(fragment) {
  for (const part of fragment.querySelectorAll("[data-order]")) {
    const shown = document.getElementById(part.id);
    if (isBehind(part, shown)) part.replaceWith(shown.cloneNode(true));
  }
}

const isBehind = (part, shown) => isOlder(part.dataset.order, shown?.dataset.order);

/** Waits for what is being read to be put in. */
export const settled = () => pending?.catch(() => {});

/** How many swaps there were: what was asked for before one of them may be older than what it brought. */
export const swapped = () => swaps;

/** Reads the page's own address again, from now on, and puts it in. Gives “fresh”, “signed out” or “unreachable”. */
export function refetch() {
  if (pending) return following ??= pending.catch(() => {}).then(() => { following = undefined; return refetch(); });
  return pending = read().finally(() => { pending = undefined; });
}

async function read() {
  const before = swaps;
  let answer;
  let text;
  try {
    answer = await fetch(location.href, { headers: { "X-Live": "1" }, signal: AbortSignal.timeout(REFETCH_TIMEOUT) });
    text = await answer.text();
  } catch {
    return "unreachable";
  }
  if (before !== swaps) return read();
  if (answer.status === 401) return "signed out";
  if (answer.status >= 500) return "unreachable";
  if (!answer.ok && !GONE.includes(answer.status)) return "fresh";
  const page = new DOMParser().parseFromString(text, "text/html");
  const [nav, content] = ["nav", "content"].map((id) => [document.getElementById(id), page.getElementById(id)]);
  if (![...nav, ...content].every(Boolean)) return "fresh";
  if (isAnothers(text)) {
    location.reload();
    return "fresh";
  }
  renew(page);
  if (content[0].matches(KEPT)) return "fresh";
  into(...nav);
  if (arrives(content[1])) document.title = page.title;
  into(...content);
  repeat();
  if (content[0].querySelector(HELD)) content[0].dispatchEvent(new Event("desk:held", { bubbles: true }));
  return "fresh";
}

/** Lets every form be sent by who is signed in now, also those that are kept: somebody may have signed in again. */
function renew(page) {
  const token = page.querySelector("[name=csrf_token]")?.value;
  if (token) for (const field of document.getElementsByName("csrf_token")) field.value = token;
}

document.addEventListener("htmx:before:swap", (event) => {
  swaps += 1;
  for (const { fragment } of event.detail.tasks ?? []) {
    const content = fragment.querySelector("#content");
    if (content && !arrives(content)) event.detail.ctx.title = undefined;
    keepNewer(fragment);
  }
});
