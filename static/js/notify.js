/* Notifications of the browser: permission is asked when somebody ticks the box, never before. */
import { recall, remember } from "./page.js";
import { toast } from "./toasts.js";
import { _ } from "./words.js";

const wanted = () => recall("notify", []);

/** Tells the reader that a job has ended, if they asked for it. *news*: text, job (its id), href, and what a toast has,
    which stands in for what the browser cannot show when nothing else on the page tells it (*isAlone*). */
export function told(news, isAlone) {
  const id = news.job;
  if (!wanted().includes(id)) return;
  remember("notify", wanted().filter((one) => one !== id));
  if (document.hasFocus()) return;
  try {
    if (Notification.permission !== "granted") return;
    const notification = new Notification(news.text, { tag: id });
    notification.onclick = () => {
      window.focus();
      location.assign(news.href);
    };
  } catch {
    // Browsers of telephones have them only where there is a service worker.
    if (isAlone) toast(news);
  }
}

function mark() {
  for (const box of document.querySelectorAll("[data-act=notify]")) {
    box.checked = wanted().includes(box.dataset.job);
    box.disabled = !("Notification" in window);
  }
}

document.addEventListener("change", async (event) => {
  const box = event.target.closest("[data-act=notify]");
  if (!box) return;
  const others = wanted().filter((id) => id !== box.dataset.job);
  if (box.checked && (await Notification.requestPermission()) !== "granted") {
    box.checked = false;
    toast({ text: _("This browser does not let the desk notify you. Its settings can change that."), tone: "warn" });
  }
  remember("notify", box.checked ? [...others, box.dataset.job].slice(-50) : others);
});
for (const name of ["htmx:after:swap", "desk:morphed"]) document.addEventListener(name, mark);
mark();
