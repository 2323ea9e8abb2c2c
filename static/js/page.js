/* The words of the page that modules share: its settings, its icons, what is said aloud. */

const html = document.documentElement;

/** A setting that the server wrote on <html data-…>. */
export const setting = (name) => html.dataset[name] ?? "";

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

/** Says *text* to screen readers: politely, or at once when the *tone* is bad. */
export function say(text, tone) {
  const region = document.getElementById(tone === "bad" ? "alarm" : "announcer");
  if (region) region.textContent = text;
}

/** The title of the tab: *text* and the desk's name. */
export function title(text) {
  document.title = `${text} · ${setting("brand")}`;
}

/** How many jobs of this person are under way: in the navigation, and in the title unless it names a job. */
export function count(running) {
  const place = document.querySelector("[data-count]");
  if (place) {
    const [seen, heard] = [document.createElement("span"), document.createElement("span")];
    seen.ariaHidden = "true";
    seen.textContent = running;
    heard.className = "visually-hidden";
    heard.textContent = `, ${running} running`;
    place.replaceChildren(...(running ? [seen, heard] : []));
  }
  if (main()?.hasAttribute("data-counted") && !document.title.startsWith("Error: ")) {
    const bare = document.title.replace(/^\(\d+\) /, "");
    document.title = running ? `(${running}) ${bare}` : bare;
  }
}

/** A value kept in this browser, or *otherwise* where none can be kept. */
export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`bellhop-${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`bellhop-${name}`, JSON.stringify(value));
  } catch {
    // Private windows may refuse; then it is not kept.
  }
}
