"use strict";
(() => {
  const bar = document.querySelector(".toolbar");
  const table = document.querySelector("table");
  const body = table.querySelector("tbody");
  const rows = [...body.rows].map((row) => ({ row, text: `${row.cells[0].textContent} ${row.cells[1].textContent}`.toLocaleLowerCase() }));
  const forms = JSON.parse(table.dataset.count);
  const rules = new Intl.PluralRules(document.documentElement.lang);
  const status = bar.querySelector("[role=status]");

  bar.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !wanted.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    status.textContent = (forms[rules.select(shown)] ?? forms.other).replace("{n}", shown);
  });

  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const number = (cell) => Number(cell.querySelector("bdi").textContent);
  const sort = (heading) => {
    const place = heading.cellIndex;
    const numeric = heading.dataset.sort === "number";
    const [first, second] = numeric ? ["descending", "ascending"] : ["ascending", "descending"];
    const way = heading.getAttribute("aria-sort") === first ? second : first;
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", way);
    const sign = way === "ascending" ? 1 : -1;
    const compare =
      numeric
        ? (a, b) => number(a.row.cells[place]) - number(b.row.cells[place])
        : (a, b) => collator.compare(a.row.cells[place].textContent, b.row.cells[place].textContent);
    body.append(...[...rows].sort((a, b) => sign * compare(a, b)).map(({ row }) => row));
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
