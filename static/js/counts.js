/* The counts of the navigation: how many jobs of this person run, how many need attention. */
import { refetch } from "./morph.js";
import { tell } from "./tab.js";
import { _ } from "./words.js";

const MOST = 99;

/** Shows how many run; the title and the sign of the tab tell it too. */
export function running(number) {
  write("[data-count=running]", number, _("%(count)s running", { count: number }));
  tell(number);
}

/** Shows how many need attention; the navigation has a place for it only once there are some. */
export function attention(number) {
  if (number && !document.querySelector("[data-count=attention]")) refetch();
  const count = number > MOST ? `${MOST}+` : number;
  write("[data-count=attention]", count, _("%(count)s open", { count }));
}

function write(place, number, words) {
  const count = document.querySelector(place);
  if (!count || count.firstElementChild?.textContent === String(number || "")) return;
  const [seen, heard] = [document.createElement("span"), document.createElement("span")];
  seen.ariaHidden = "true";
  seen.textContent = number;
  heard.className = "visually-hidden";
  heard.textContent = `, ${words}`;
  count.replaceChildren(...(number ? [seen, heard] : []));
}
