"use strict";
// Stories that come while the list is open, what a reader has seen of each, and keys for answers. Without this script the pages work as
// they are: they are refreshed by a link, and answers are buttons.
(() => {
  const SEEN = "dedup-seen";
  const LIST = "dedup-list";
  const SAME_LOOK = 600_000; // milliseconds
  const MOST = 1000; // stories of which a browser remembers what was seen
  const store = (kind, name, value) => {
    try {
      if (value === undefined) return JSON.parse(window[kind].getItem(name));
      window[kind].setItem(name, JSON.stringify(value));
    } catch {
      // the browser keeps nothing for us
    }
    return null;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const rules = new Intl.PluralRules(document.documentElement.lang);
  const plural = (forms, n, values) => fill(forms[rules.select(n)] ?? forms.other, { n, ...values });
  const seenRow = (name) => (store("localStorage", SEEN) ?? []).find(([each]) => each === name)?.[1];

  const list = document.querySelector(".story-list");
  if (list) watchList();
  const page = document.querySelector("[data-seen]");
  if (page) rememberStory();
  if (document.querySelector("[data-verdicts], [data-undo]")) takeKeys();

  function mark(card, words) {
    const row = seenRow(card.dataset.story);
    if (row === undefined || row >= Number(card.dataset.row)) return;
    const link = card.querySelector("h2 a");
    const note = document.createElement("p");
    note.className = "unread";
    const only = document.createElement("a");
    only.href = `${link.getAttribute("href")}?since=${row}`;
    only.textContent = words.unread;
    note.append(only);
    card.querySelector(".story-from").after(note);
  }

  function watchList() {
    const words = JSON.parse(list.dataset.messages);
    for (const card of list.children) mark(card, words);
    const saw = rememberList(words);
    if (!list.dataset.live || !window.EventSource) return;
    const status = document.querySelector("[data-said]");
    const box = document.querySelector("[data-waiting]");
    const button = box.querySelector("button");
    const off = document.querySelector("[data-off]");
    const waiting = new Map(); // stories that came while the reader reads, by their names
    let told = []; // titles that were not said yet
    let saying = 0;

    // Who has not scrolled and has nothing in the list in hand is not reading it.
    const reading = () => scrollY > 0 || list.contains(document.activeElement) || !getSelection().isCollapsed;
    const put = (card) => {
      for (const old of list.children) {
        if (old.dataset.story === card.dataset.story) {
          old.remove();
          break;
        }
      }
      list.prepend(card);
      saw(Number(card.dataset.row));
      document.querySelector("[data-nothing]")?.remove();
    };
    const say = () => {
      saying = 0;
      status.textContent = plural(words.said, told.length, { title: told[0] });
      told = [];
    };
    const show = () => {
      const cards = [...waiting.values()];
      waiting.clear();
      for (const card of cards) put(card);
      box.hidden = true;
      return cards;
    };

    const follow = () => {
      const source = new EventSource(list.dataset.live);
      source.addEventListener("story", (event) => {
        const held = document.createElement("template");
        held.innerHTML = event.data;
        const card = held.content.firstElementChild;
        if (!card) return;
        const shown = [...list.children].find((each) => each.dataset.story === card.dataset.story);
        if (shown?.dataset.row === card.dataset.row) {
          // It was shown before it was compared.
          mark(card, words);
          if (!shown.contains(document.activeElement)) shown.replaceWith(card);
          return;
        }
        card.classList.add("fresh");
        mark(card, words);
        told.push(card.querySelector("h2").textContent);
        saying ||= setTimeout(say, 700);
        if (!waiting.size && !reading()) {
          put(card);
          return;
        }
        waiting.delete(card.dataset.story);
        waiting.set(card.dataset.story, card);
        button.textContent = plural(words.waiting, waiting.size);
        box.hidden = false;
      });
      // A server that ends comes back mostly, and the browser asks it again; one that says no does not.
      source.addEventListener("error", () => {
        if (source.readyState !== EventSource.CLOSED) return;
        off.hidden = false;
        status.textContent = off.firstChild.data;
      });
    };
    button.addEventListener("click", () => {
      const cards = show();
      scrollTo({ top: 0 });
      cards.at(-1)?.querySelector("h2 a").focus({ preventScroll: true });
    });
    follow();
  }

  // A line in the list above what the reader has seen. Who comes back within minutes still looks at the same news.
  function rememberList(words) {
    const now = Date.now();
    const last = store("localStorage", LIST);
    const before = !last ? -1 : now - last.at > SAME_LOOK ? last.row : last.before;
    const cards = [...list.children];
    const place = cards.findIndex((card) => Number(card.dataset.row) <= before);
    if (place > 0) {
      const line = document.createElement("li");
      line.className = "seen";
      line.textContent = words.seen;
      cards[place].before(line);
    }
    const whole = list.dataset.live && [...new URLSearchParams(location.search).keys()].every((name) => name === "lang");
    const saw = (row) => {
      if (whole) store("localStorage", LIST, { row: Math.max(row, store("localStorage", LIST)?.row ?? -1), before, at: Date.now() });
    };
    saw(Math.max(-1, ...cards.map((card) => Number(card.dataset.row))));
    return saw;
  }

  function rememberStory() {
    const { seen: name, row } = page.dataset;
    const newest = Number(row);
    const words = JSON.parse(page.dataset.messages);
    const before = seenRow(name);
    // What was new when this tab came here first is still so when the page is loaded again.
    const kept = store("sessionStorage", SEEN) ?? {};
    const since = before !== undefined && before < newest ? before : kept[name];
    const all = (store("localStorage", SEEN) ?? []).filter(([each]) => each !== name);
    store("localStorage", SEEN, [[name, newest], ...all].slice(0, MOST));
    const asked = new URLSearchParams(location.search).has("since");
    if (since === undefined || asked) return;
    store("sessionStorage", SEEN, { ...kept, [name]: since });
    const count = page.dataset.rows.split(" ").filter((each) => Number(each) > since).length;
    if (!count) return;
    const note = page.querySelector("[data-since]");
    const only = document.createElement("a");
    only.href = `?since=${since}`;
    only.textContent = words.only;
    const text = document.createElement("b");
    text.textContent = plural(words.new, count);
    note.replaceChildren(text, " ", only);
    note.hidden = false;
  }

  function takeKeys() {
    const form = document.querySelector("[data-verdicts]");
    const press = (element) => element?.click();
    const keys = {
      y: () => press(form?.querySelector("[value=same]")),
      n: () => press(form?.querySelector("[value=different]")),
      t: () => press(form?.querySelector("[value=template]")),
      s: () => press(document.querySelector("[data-skip]")),
      u: () => press(document.querySelector("[data-undo]")),
    };
    let sent = false;
    addEventListener("submit", () => (sent = true));
    addEventListener("pageshow", () => (sent = false));
    addEventListener("keydown", (event) => {
      if (sent || event.repeat || event.ctrlKey || event.metaKey || event.altKey || document.activeElement?.matches("select, input, textarea")) return;
      if (!form && !/^KeyU$/.test(event.code)) return;
      // An Arabic keyboard types other letters on these keys: there the place of the key counts.
      const key = /^[a-z]$/i.test(event.key) ? event.key : event.code.replace(/^Key/, "");
      keys[key.toLowerCase()]?.();
    });
  }
})();
