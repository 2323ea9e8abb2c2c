/* What the tab of the page shows: its title and its sign. */
import { main, setting } from "./page.js";
import { _ } from "./words.js";

/** The title: *text* and the desk's name. */
export function title(text) {
  const whole = `${text} · ${setting("brand")}`;
  if (document.title !== whole) document.title = whole;
}

/** The sign: *what* is the end of its address, as in state=running&percent=60, or nothing for the desk's own. */
export function sign(what) {
  const link = document.getElementById("icon");
  const address = what ? `${setting("iconUrl")}&${what}` : setting("iconUrl");
  if (link && link.getAttribute("href") !== address) link.setAttribute("href", address);
}

/** How many jobs run: in the title and as the sign, unless the page is that of a job or of an error. */
export function tell(running) {
  if (!main()?.hasAttribute("data-counted")) return;
  sign(running ? "state=running" : "");
  if (document.title.startsWith(_("Error: "))) return;
  const bare = document.title.replace(/^\(\d+\) /, "");
  document.title = running ? `(${running}) ${bare}` : bare;
}

// The sign lies in the head of the page, which no swap brings.
export const repeat = () => sign(main()?.dataset.sign);
document.addEventListener("htmx:after:swap", repeat);
