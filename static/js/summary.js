/* What a hidden tab asks instead of holding a stream open: how many jobs run, its title, what has ended. */
import { told } from "./notify.js";
import { count, setting, title } from "./page.js";

const EVERY = 15_000;
let timer;
let since;

/** Asks now and then for the page that *query* names, until stop(); *end* is called when the session has ended. */
export function start(query, end) {
  stop();
  since ??= new Date().toISOString();
  timer = setInterval(() => ask(query, end), EVERY);
}

export function stop() {
  clearInterval(timer);
  since = undefined;
}

async function ask(query, end) {
  try {
    const answer = await fetch(`${setting("summaryUrl")}?${query}&since=${since}`, { headers: { "X-Live": "1" } });
    if (answer.status === 401) {
      stop();
      end();
      return;
    }
    if (!answer.ok) return;
    const news = await answer.json();
    since = news.at ?? since;
    count(news.running);
    if (news.title) title(news.title);
    for (const ended of news.ended ?? []) told(ended);
  } catch {
    // Away for a moment: a hidden tab shows nothing, so it only asks again.
  }
}
