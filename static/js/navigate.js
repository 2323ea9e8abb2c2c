/* Boosted navigation by htmx, with what it leaves open: errors, sign-in, focus, and addresses that only take POST. */
import { carry } from "./forms.js";
import { isAnothers, main } from "./page.js";
import { toast } from "./toasts.js";
import { _ } from "./words.js";

const isBoosted = (ctx) => Boolean(ctx.sourceElement?._htmx?.boosted);
const isSamePage = (url) => new URL(url).pathname === location.pathname;

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  const answer = ctx?.response?.raw;
  // Only a page of the history takes the place of the whole body. It comes late, and the reader has gone on.
  if (ctx?.target === document.body && ctx.request.action !== location.pathname + location.search) return event.preventDefault();
  if (!answer || !isBoosted(ctx)) return;
  const page = tasks.find((task) => task.type === "main");
  const isPost = ctx.request.method === "POST";
  const root = page?.fragment.firstElementChild;
  if (!root || isAnothers(ctx.text) || (isPost && root.querySelector("[data-error]"))) {
    // Not a page of this shell (sign-in, a text, a fault): the browser shows it as it would without us. After a POST
    // that failed the page stays, with what was typed.
    event.preventDefault();
    if (answer.redirected || !isPost) location.assign(answer.url);
    else toast({ text: wordsOf(ctx.text), tone: "bad" });
    return;
  }
  if (page.swapSpec.style === "none") {
    // noSwap keeps errors out of parts of a page; this one is a page of its own.
    Object.assign(page.swapSpec, { style: "outerHTML", settle: 0, show: "top", showTarget: "body" });
    ctx.swap = "outerHTML";
  }
  if (isPost && !answer.redirected) ctx.push = "false";
  else if (answer.url === location.href) Object.assign(ctx, { push: undefined, replace: "true" });
  ctx.stays = isSamePage(answer.url) || ctx.push === "false";
  if (ctx.stays) page.swapSpec.show = "none";
  if (ctx.stays && isPost) ctx.goOnTyping = carry(page.fragment, ctx.sourceElement.closest("form"));
});

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  if (!ctx?.response || !isBoosted(ctx) && ctx.sourceElement !== main()) return;
  const summary = document.querySelector("[data-summary]");
  const arrived = document.querySelector("[data-arrived]");
  ctx.goOnTyping?.();
  if (summary) summary.focus();
  else if (arrived) arrived.scrollIntoView({ block: "nearest" });
  else if (ctx.stays ? document.activeElement === document.body : !main().contains(document.activeElement)) main().focus({ preventScroll: true });
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx) toast({ text: _("The desk did not answer. Check your connection, then try again."), tone: "bad" });
});

// A history entry whose page is an error cannot be swapped in.
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.request.headers["HX-History-Restore-Request"]) location.reload();
});

function wordsOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html").querySelector("[data-error]");
  if (!page) return _("That did not work. Nothing was changed.");
  return [...page.querySelectorAll("h1, p")].map((node) => node.textContent.trim().replace(/[^.!?]$/, "$&.")).join(" ");
}
