/* What the tab of the page shows: its title and its sign. What they tell of a job comes on the stream, with the page and,
   while the tab is hidden, by asking: one of them overtakes another, and the older one is dropped. */
import { main, setting } from "./page.js";
import { _ } from "./words.js";

// What was told last: of which job, and where it stands among what is told of that job.
let told = {};

/** Whether *order*, as data-order has it, is before *other*. */
export function isOlder(order, other) {
  if (!order || !other) return false;
  const [[version, beat], [otherVersion, otherBeat]] = [order, other].map((each) => each.split(".").map(Number));
  return version < otherVersion || (version === otherVersion && beat < otherBeat);
}

function isNews(job, order) {
  if (job === told.job && isOlder(order, told.order)) return false;
  told = { job, order };
  return true;
}

/** Shows the title *text*, beside the desk's name. */
export function title(text) {
  const whole = `${text} · ${setting("brand")}`;
  if (document.title !== whole) document.title = whole;
}

/** Shows the title *text* and the *sign* of the job whose page this is, unless they are old. */
export function show({ job, order, text, sign }) {
  if (job !== main()?.dataset.liveId || !isNews(job, order)) return;
  title(text);
  mark(sign);
}

/** Gives whether the title of the page whose *content* is about to be shown may be shown too. */
export function arrives(content) {
  const job = content.dataset.liveId;
  if (!job || isNews(job, content.querySelector("[data-order]")?.dataset.order)) return true;
  content.dataset.sign = main().dataset.sign;
  return false;
}

/** How many jobs run: in the title and as the sign, unless the page is that of a job or of an error. */
export function tell(running) {
  if (!main()?.hasAttribute("data-counted")) return;
  mark(running ? "state=running" : "");
  if (document.title.startsWith(_("Error: "))) return;
  const bare = document.title.replace(/^\(\d+\) /, "");
  document.title = running ? `(${running}) ${bare}` : bare;
}

/** The sign is the end of its address, as in state=running&percent=60, or nothing for the desk's own. */
function mark(sign) {
  main().dataset.sign = sign;
  repeat();
}

/** Shows the sign that the page names. It lies in the head, which no swap brings. */
export function repeat() {
  const link = document.getElementById("icon");
  const sign = main()?.dataset.sign;
  const address = sign ? `${setting("iconUrl")}&${sign}` : setting("iconUrl");
  if (link && link.getAttribute("href") !== address) link.setAttribute("href", address);
}

document.addEventListener("htmx:after:swap", repeat);
if (main()) arrives(main());
