/* What a hidden tab asks instead of holding a stream open: its counts, its title and sign, what has ended. */
import * as counts from "./counts.js";
import { told } from "./notify.js";
import { setting } from "./page.js";
import { sign, title } from "./tab.js";

const EVERY = 15_000;
let timer;
// By the clock of the server, whose first answer tells it.
let since;

/** Asks now and then for the page that *query* names, until stop(); *end* is called when the session has ended. */
export function start(query, end) {
  stop();
  ask(query, end);
  timer = setInterval(() => ask(query, end), EVERY);
}

export function stop() {
  clearInterval(timer);
  since = undefined;
}

/** Asks once how many jobs run and need attention. */
export async function look() {
  const answer = await read("");
  if (answer?.ok) count(await answer.json());
}

async function ask(query, end) {
  const answer = await read(`${query}&since=${since ?? ""}`);
  if (answer?.status === 401) {
    stop();
    end();
  }
  if (!answer?.ok) return;
  const news = await answer.json();
  since = news.at ?? since;
  count(news);
  if (news.title) title(news.title);
  if (news.title) sign(news.sign);
  for (const ended of news.ended ?? []) told(ended, true);
}

function count({ running, attention }) {
  counts.running(running);
  counts.attention(attention);
}

async function read(query) {
  try {
    return await fetch(`${setting("summaryUrl")}?${query}`, { headers: { "X-Live": "1" } });
  } catch {
    return undefined; // Away for a moment: whoever asks will ask again.
  }
}
