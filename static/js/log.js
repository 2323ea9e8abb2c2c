/* A log shows its newest line, until somebody scrolls away from it. */
const SLACK = 8; // pixels
const tended = new WeakSet();

function tend(log) {
  if (tended.has(log)) return;
  tended.add(log);
  let isLeft = false;
  const toEnd = () => { if (!isLeft) log.scrollTop = log.scrollHeight; };
  // Its place is asked for when somebody scrolls: to ask at each new line would cost a layout each time.
  log.addEventListener("scroll", () => { isLeft = log.scrollTop + log.clientHeight < log.scrollHeight - SLACK; }, { passive: true });
  new MutationObserver(toEnd).observe(log, { childList: true, subtree: true });
  toEnd();
}

const begin = (root) => root.querySelectorAll("[data-log]").forEach(tend);
document.addEventListener("htmx:after:swap", () => begin(document));
document.addEventListener("desk:morphed", (event) => begin(event.target));
begin(document);
