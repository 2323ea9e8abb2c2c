/* Makes a part of the page like what the server tells, and touches only what differs: focus, typed text, what is
   selected, open details and places of scrolling stay with whoever reads. */

// A list that is under the pointer or the focus, or that something is picked of, does not move.
export const HELD = "[data-steady]:is(:hover, :focus-within, :has(.pick :checked))";
// A link that leads elsewhere or a button that does something else is another one, and never takes over the focus.
const MEANING = { A: ["href"], BUTTON: ["form", "name", "value"], FORM: ["action"], INPUT: ["type", "name"], SECTION: ["data-late"] };

/** Makes *shown* like *told*, which is of the same sort and has the same id, if any. */
export function reconcile(shown, told) {
  const focused = document.activeElement;
  const around = focused && shown.contains(focused) ? ancestors(focused) : [];
  update(shown, told);
  if (around.length && document.activeElement !== focused) refocus(focused, around);
}

function update(shown, told) {
  if (shown.isEqualNode(told) || isTheReaders(shown) || hasCome(shown, told)) return;
  if (shown.nodeType !== Node.ELEMENT_NODE) {
    shown.data = told.data;
    return;
  }
  for (const { name, value } of told.attributes) {
    if (shown.getAttribute(name) !== value && !isKept(shown, name)) shown.setAttribute(name, value);
  }
  for (const { name } of [...shown.attributes]) {
    if (!told.hasAttribute(name) && !isKept(shown, name)) shown.removeAttribute(name);
  }
  children(shown, told);
}

/** Whether *node* is a form that is on its way, or a part of one: until it is answered it is the one that was sent. Choices
    that somebody makes are theirs: the server answers to them only. A sign that something was copied goes by itself, and
    no page knows of its connection. */
const isTheReaders = (node) => (node.form ?? node).dataset?.sent || node.matches?.("form[data-check], [data-copied], #lost, #signed-out");

/** Whether what *told* would ask for, later, stands in its place already. */
function hasCome(shown, told) {
  if (told.matches?.("[hx-trigger=load]")) return !shown.matches("[hx-trigger]");
  return "checked" in (shown.dataset ?? {}) && !("checked" in told.dataset);
}

/** Whether details are open is the reader's business, and so is what holds the focus; htmx marks what it knows. */
function isKept(node, name) {
  return name === "data-htmx-powered" || (name === "open" && node.localName === "details") || (name === "tabindex" && node === document.activeElement);
}

function children(shown, told) {
  if (shown.matches(HELD)) return inPlace(shown, told);
  const ids = new Set([...told.children].map((node) => node.id));
  let place = shown.firstChild;
  for (const next of [...told.childNodes]) {
    place = past(place, next, ids);
    const found = find(place, next);
    if (!found) {
      const added = document.importNode(next, true);
      shown.insertBefore(added, place);
      if (added.nodeType === Node.ELEMENT_NODE) window.htmx.process(added);
      continue;
    }
    if (found === place) place = place.nextSibling;
    else move(shown, found, place);
    update(found, next);
  }
  while (place) place = without(place);
}

/** Puts right the entries of a list that are there already. */
function inPlace(shown, told) {
  for (const entry of told.children) {
    const same = [...shown.children].find((each) => isSame(each, entry));
    if (same) update(same, entry);
  }
}

/** Takes away what is certainly gone from *place* on: ids that are not told, and the first lines of a list that moved up. */
function past(place, next, ids) {
  while (place?.id && !ids.has(place.id)) place = without(place);
  if (!place || place.isEqualNode(next)) return place;
  const after = place.nextElementSibling;
  if (after && next.nodeType === Node.ELEMENT_NODE && after.isEqualNode(next)) {
    while (place !== after) place = without(place);
  }
  return place;
}

function find(place, next) {
  let node = place;
  while (node && !isSame(node, next)) node = node.nextSibling;
  return node;
}

function isSame(node, next) {
  if (node.nodeName !== next.nodeName) return false;
  if (node.nodeType !== Node.ELEMENT_NODE) return true;
  return node.id === next.id && (MEANING[node.nodeName] ?? []).every((name) => node.getAttribute(name) === next.getAttribute(name));
}

/** Moves *node* before *place*, with its focus where the browser can. */
function move(parent, node, place) {
  if (parent.moveBefore) parent.moveBefore(node, place);
  else parent.insertBefore(node, place);
}

function without(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function ancestors(node) {
  const found = [];
  for (let parent = node.parentElement; parent; parent = parent.parentElement) found.push(parent);
  return found;
}

/** Gives the focus back; where its place is gone, to what stood around it, so that Tab goes on from there. */
function refocus(focused, around) {
  const target = focused.isConnected ? focused : around.find((node) => node.isConnected);
  if (!focused.isConnected && target.tabIndex < 0) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
