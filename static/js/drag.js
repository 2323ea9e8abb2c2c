/* Entries of a list are dragged to another place by their grips: with a mouse, a finger or a pen. */

const EDGE = 32; // pixels at the edge of a list where it scrolls along
const STEP = 10; // pixels in each frame there

/** Puts *item* before *other*, or last where that is null. The others move around it: it keeps focus and pointer. */
export function place(item, other) {
  if (other && item.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING) {
    for (let moved; moved !== other;) {
      moved = item.previousElementSibling;
      item.after(moved);
    }
  } else {
    while (item.nextElementSibling !== other) item.before(item.nextElementSibling);
  }
}

/** The nearest entry before *item* that is shown, or null; *after* it, if that is meant. */
export function beside(item, after = false) {
  const next = after ? "nextElementSibling" : "previousElementSibling";
  let other = item[next];
  while (other?.hidden) other = other[next];
  return other;
}

/** Lets what matches *item* be dragged by what matches *grip* in it, and calls *dropped* with what has another place. */
export function letDrag({ grip, item, dropped }) {
  document.addEventListener("pointerdown", (event) => {
    const held = event.target.closest?.(grip);
    if (held && event.isPrimary && event.button === 0) drag(held, held.closest(item), event, dropped);
  });
}

function drag(grip, item, { pointerId, clientY }, dropped) {
  const list = item.parentElement;
  const home = item.nextElementSibling;
  const ended = new AbortController();
  const hear = (node, name, act, options) => node.addEventListener(name, act, { signal: ended.signal, ...options });
  let y = clientY;

  function follow() {
    if (ended.signal.aborted) return;
    if (scroll(list, y)) settle(item, y);
    requestAnimationFrame(follow);
  }

  function end(isKept) {
    if (ended.signal.aborted) return;
    ended.abort();
    delete item.dataset.dragged;
    delete list.dataset.dragging;
    if (!isKept) place(item, home);
    else if (item.nextElementSibling !== home) dropped(item);
  }

  grip.setPointerCapture(pointerId);
  item.dataset.dragged = "";
  list.dataset.dragging = "";
  hear(grip, "pointermove", (event) => {
    y = event.clientY;
    settle(item, y);
  });
  hear(grip, "pointerup", () => end(true));
  hear(grip, "lostpointercapture", () => end(false));
  hear(document, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    end(false);
  }, { capture: true });
  requestAnimationFrame(follow);
}

/** What of *list* is in view, from top to bottom of the window. */
function view(list) {
  const { top, bottom } = list.getBoundingClientRect();
  return [Math.max(top, 0), Math.min(bottom, innerHeight)];
}

/** Scrolls *list* where *y* is at its edge; gives whether it did. */
function scroll(list, y) {
  const [top, bottom] = view(list);
  const before = list.scrollTop;
  if (y < top + EDGE) list.scrollTop -= STEP;
  else if (y > bottom - EDGE) list.scrollTop += STEP;
  return list.scrollTop !== before;
}

/** Puts *item* where *y* is, among those that are shown. */
function settle(item, y) {
  const [top, bottom] = view(item.parentElement);
  const at = Math.min(Math.max(y, top), bottom);
  const middle = (node) => {
    const box = node.getBoundingClientRect();
    return (box.top + box.bottom) / 2;
  };
  for (let other = beside(item); other && at < middle(other); other = beside(item)) place(item, other);
  for (let other = beside(item, true); other && at > middle(other); other = beside(item, true)) {
    place(item, other.nextElementSibling);
  }
}
