/* What modules say, in the reader's language: the server gives the words on <html data-words>; without any it is English. */
import { setting } from "./page.js";

const said = JSON.parse(setting("words") || "{}");
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);

/** *message* with its %(name)s replaced by *values*. */
export const _ = (message, values = {}) => fill(said[message]?.[0] ?? message, values);

/** The form of a message for *num*, which is %(num)s in it: for languages that tell one from many, as English does. */
export function ngettext(one, many, num, values = {}) {
  const forms = said[one] ?? [one, many];
  return fill(forms[num === 1 ? 0 : 1], { num, ...values });
}
