/* What a hidden tab asks instead of holding a stream open: its counts, its title and sign, what has ended. */
import * as counts from "./counts.js";
import { swapped } from "./morph.js";
import { told } from "./notify.js";
import { setting } from "./page.js";
import { show } from "./tab.js";

const EVERY = 15_000;
let timer;
// By the clock of the server, whose first answer tells it.
let since;

/** Asks now and then for the page that *query* names, until stop(); *end* is called when the session has ended. */
export function start(query, end) {
  stop();
  timer = setInterval(() => ask(query, end), EVERY);
  ask(query, end);
}

export function stop() {
  timer = clearInterval(timer);
  since = undefined;
}

/** Asks once how many jobs need attention; how many run is told by the stream. */
export async function look() {
  const before = swapped();
  const answer = await read("");
  if (before !== swapped()) return look();
  if (answer?.ok) counts.attention((await answer.json()).attention);
}

async function ask(query, end) {
  const asked = timer;
  const answer = await read(`${query}&since=${since ?? ""}`);
  if (answer?.status === 401 && asked === timer) {
    stop();
    end();
  }
  if (!answer?.ok) return;
  const news = await answer.json();
  for (const ended of news.ended ?? []) told(ended, true);
  if (asked !== timer) return; // The tab has been seen since, and the rest of it is old by now.
  since = news.at ?? since;
  counts.running(news.running);
  counts.attention(news.attention);
  if (news.tab) show(news.tab);
}

async function read(query) {
  try {
    return await fetch(`${setting("summaryUrl")}?${query}`, { headers: { "X-Live": "1" } });
  } catch {
    return undefined; // Away for a moment: whoever asks will ask again.
  }
}
