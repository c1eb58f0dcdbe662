"use strict";
(() => {
  const bar = document.querySelector(".toolbar");
  const table = document.querySelector("table");
  const body = table.querySelector("tbody");
  // Spellings of one word, as for matching: no vowel signs, one alef, one yeh, one heh.
  const fold = (text) =>
    text.normalize("NFKD").replace(/[\p{M}\u0640]/gu, "").toLocaleLowerCase().replace(/\u0671/g, "\u0627").replace(/[\u0649\u06cc]/g, "\u064a").replace(/\u0629/g, "\u0647").replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));
  const rows = [...body.rows].map((row) => ({ row, text: fold(`${row.cells[0].textContent} ${row.cells[1].textContent}`) }));
  const forms = JSON.parse(table.dataset.count);
  const rules = new Intl.PluralRules(document.documentElement.lang);
  const status = bar.querySelector("[role=status]");

  bar.querySelector("input").addEventListener("input", (event) => {
    const wanted = fold(event.target.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !wanted.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    status.textContent = (forms[rules.select(shown)] ?? forms.other).replace("{n}", shown);
  });

  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const number = (cell) => Number(cell.querySelector("bdi")?.textContent ?? -1);
  const keys = {
    number: (cell) => number(cell),
    time: (cell) => (cell.dataset.at === undefined ? -Infinity : Number(cell.dataset.at)),
    text: (cell) => cell.textContent.trim(),
  };
  const sort = (heading) => {
    const kind = heading.dataset.sort;
    const [first, second] = kind === "text" ? ["ascending", "descending"] : ["descending", "ascending"];
    const way = heading.getAttribute("aria-sort") === first ? second : first;
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", way);
    const sign = way === "ascending" ? 1 : -1;
    const compare = kind === "text" ? collator.compare : (a, b) => (a === b ? 0 : a - b);
    const order = rows.map(({ row }) => ({ row, key: keys[kind](row.cells[heading.cellIndex]) })).sort((a, b) => sign * compare(a.key, b.key));
    const sorted = document.createDocumentFragment();
    for (const { row } of order) sorted.append(row);
    body.append(sorted);
  };
  for (const heading of table.querySelectorAll("[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(heading));
    heading.append(button);
  }
  bar.hidden = false;
})();
