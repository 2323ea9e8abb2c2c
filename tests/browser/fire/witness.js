/* Notes what a page shows, from its first moment on: the word, the bar of a job's page, the percentage in its title. */
window.witness = { words: [], bars: [], titles: [] };

function note(list, seen) {
  if (JSON.stringify(list.at(-1)) !== JSON.stringify(seen)) list.push(seen);
}

function look() {
  const word = document.getElementById("stream")?.textContent;
  if (word) note(window.witness.words, word);
  const page = document.querySelector('[id^="job-page-"]');
  const bar = page?.querySelector("progress[value]");
  if (bar) {
    const attempt = /(Second|Third) try of/.exec(page.textContent)?.[0].length ?? 0;
    const done = page.querySelector("#job-progress dd")?.firstChild.textContent.replaceAll(",", "");
    note(window.witness.bars, [attempt, Number(bar.value), Number(done)]);
  }
  const percent = /^(\d+)% /.exec(document.title);
  if (percent) note(window.witness.titles, Number(percent[1]));
}

new MutationObserver(look).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
