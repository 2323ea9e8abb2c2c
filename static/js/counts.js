/* The counts of the navigation: how many jobs of this person run, how many need attention. */
import { refetch } from "./morph.js";
import { tell } from "./tab.js";

const MOST = 99;

/** Shows how many run; the title and the sign of the tab tell it too. */
export function running(number) {
  write("[data-count=running]", number, "running");
  tell(number);
}

/** Shows how many need attention; the navigation has a place for it only once there are some. */
export function attention(number) {
  if (number && !document.querySelector("[data-count=attention]")) refetch();
  write("[data-count=attention]", number > MOST ? `${MOST}+` : number, "open");
}

function write(place, number, word) {
  const count = document.querySelector(place);
  if (!count || count.firstElementChild?.textContent === String(number || "")) return;
  const [seen, heard] = [document.createElement("span"), document.createElement("span")];
  seen.ariaHidden = "true";
  seen.textContent = number;
  heard.className = "visually-hidden";
  heard.textContent = `, ${number} ${word}`;
  count.replaceChildren(...(number ? [seen, heard] : []));
}
