/* The words of the page that modules share: its settings, its icons, what this browser keeps. */

const html = document.documentElement;

/** A setting that the server wrote on <html data-…>. */
export const setting = (name) => html.dataset[name] ?? "";

/** Whether the page *html* is somebody else's, who has signed in elsewhere: what stands around this one is not theirs. */
export const isAnothers = (html) => html.match(/ data-reader="(.*?)"/)?.[1] !== setting("reader");

export const main = () => document.getElementById("content");

/** An icon of the sprite, for the eye only. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${setting("iconsUrl")}#${name}`);
  svg.append(use);
  return svg;
}

// What this browser does not keep, as in private windows: it lasts as long as the page.
const refused = new Map();

/** A value kept in this browser, or *otherwise* where there is none. */
export function recall(name, otherwise) {
  try {
    return refused.get(name) ?? JSON.parse(localStorage.getItem(`bellhop-${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  refused.delete(name);
  try {
    localStorage.setItem(`bellhop-${name}`, JSON.stringify(value));
  } catch {
    refused.set(name, value);
  }
}
