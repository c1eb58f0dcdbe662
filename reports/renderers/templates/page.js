"use strict";
(() => {
  const root = document.documentElement;
  const bar = document.querySelector(".toolbar");
  const words = JSON.parse(bar.dataset.messages);
  const status = bar.querySelector("[role=status]");
  let toggle, stops, byId, twins; // of the direction that is shown
  let current = null;
  let strayed = false; // the reader has scrolled since the last step

  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const read = () => {
    toggle = bar.querySelector("[data-cosmetic]");
    stops = [...document.querySelectorAll("main article [id][data-kind]")];
    byId = new Map(stops.map((stop) => [stop.id, stop]));
    twins = new Map([...document.querySelectorAll("[data-for]")].map((twin) => [twin.dataset.for, twin]));
    current = null;
    for (const box of document.querySelectorAll("[data-choose]")) box.hidden = false;
    // A wide ledger begins at its newest version.
    for (const box of document.querySelectorAll(".wide")) box.scrollLeft = (root.dir === "rtl" ? -1 : 1) * box.scrollWidth;
  };

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const only = new Set(); // kinds that the reader wants to see, none for all
  const wanted = (element) => !only.size || only.has(element.dataset.kind);
  const live = () =>
    stops.filter((stop) => wanted(stop) && !(root.classList.contains("folded") && stop.classList.contains("cosmetic")) && !stop.closest(".pair:not([open])"));

  // Side by side, words that are gone stand in the earlier column only.
  const shown = (stop) => (getComputedStyle(stop).visibility === "hidden" && twins.get(stop.id)) || stop;

  const unfold = (element) => {
    for (let box = element.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };

  const choose = (stop) => {
    if (stop.classList.contains("cosmetic")) fold(false);
    unfold(stop);
    for (const old of document.querySelectorAll(".current")) old.classList.remove("current");
    current = stop;
    for (const element of [stop, twins.get(stop.id)]) element?.classList.add("current");
    const list = live();
    status.textContent = fill(words.status, { n: list.indexOf(stop) + 1, total: list.length, kind: words.kind[stop.dataset.kind] });
    history.replaceState(null, "", `#${stop.id}`);
  };

  const inView = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > bar.offsetHeight && box.top < innerHeight;
  };

  const from = (list, by) => {
    const at = list.indexOf(current);
    if (at >= 0 && (!strayed || inView(shown(current)))) return (at + by + list.length) % list.length;
    if (!scrollY) return by > 0 ? 0 : list.length - 1;
    const below = list.findIndex((stop) => stop.getClientRects().length && shown(stop).getBoundingClientRect().top > bar.offsetHeight);
    if (below < 0) return by > 0 ? 0 : list.length - 1;
    return by > 0 ? below : (below - 1 + list.length) % list.length;
  };

  const step = (by) => {
    const list = live();
    if (!list.length) {
      status.textContent = words.none;
      return;
    }
    const stop = list[from(list, by)];
    strayed = false;
    choose(stop);
    shown(stop).focus({ preventScroll: true });
    shown(stop).scrollIntoView({ block: "center" });
  };

  for (const kind of ["wheel", "touchmove"]) addEventListener(kind, () => (strayed = true), { passive: true });
  addEventListener("keydown", (event) => (strayed ||= /^(Page|Home|End|Arrow|Space)/.test(event.code)));

  function fold(on) {
    if (!toggle || root.classList.contains("folded") === on) return;
    root.classList.toggle("folded", on);
    press(toggle, !on);
    const boxes = new Set([...document.querySelectorAll("main .mark.cosmetic")].map((mark) => mark.closest(".fold > details")).filter(Boolean));
    for (const box of boxes) box.open = !on;
    status.textContent = fill(on ? words.hidden : words.shown, { n: toggle.querySelector("b").textContent });
  }

  const showOnly = () => {
    for (const button of bar.querySelectorAll("[data-filter]")) press(button, only.has(button.dataset.filter));
    for (const mark of document.querySelectorAll("main .mark")) mark.classList.toggle("off", !wanted(mark));
    for (const row of document.querySelectorAll(".row")) {
      row.classList.toggle("out", only.size > 0 && ![...row.querySelectorAll("[data-kind]")].some(wanted));
    }
    for (const box of document.querySelectorAll(".fold")) box.classList.toggle("out", only.size > 0);
    for (const fact of document.querySelectorAll(".ledger tr[data-kind]")) fact.classList.toggle("out", !wanted(fact));
  };

  const filter = (kind) => {
    if (!only.delete(kind)) only.add(kind);
    showOnly();
    status.textContent = plural(words.filtered, live().length);
  };

  // The category is the page's language's; a catalogue without it has "other".
  const rules = new Intl.PluralRules(root.lang);
  const plural = (forms, n) => fill(forms[rules.select(n)] ?? forms.other, { n });

  const showPair = (box) => {
    const [from, to] = ["from", "to"].map((side) => Number(box.querySelector(`[data-side=${side}]`).value));
    const [older, newer] = [Math.min(from, to), Math.max(from, to)];
    const pair = document.querySelector(`[data-pair="${box.dataset.choose}-${older}-${newer}"]`);
    if (!pair) {
      status.textContent = words.apart;
      return;
    }
    for (const other of document.querySelectorAll(".pair[open]")) other.open = other === pair;
    unfold(pair);
    pair.scrollIntoView({ block: "start" });
  };

  const follow = () => {
    const stop = byId.get(decodeURIComponent(location.hash.slice(1)));
    if (!stop) return;
    choose(stop);
    shown(stop).scrollIntoView({ block: "center" });
  };

  // The parts of the page in the other direction, as they were made with it: they change places with those that are shown.
  const turned = document.querySelector("[data-turned]")?.dataset.turned;
  const other = document.createElement("template").content;
  const turn = () => {
    if (!turned) return;
    if (!other.children.length) {
      for (const [name, markup] of Object.entries(JSON.parse(turned))) {
        const part = other.appendChild(document.createElement("div"));
        part.dataset.part = name;
        part.innerHTML = markup;
      }
    }
    const near = [...document.querySelectorAll("main > article, main > div > article")].find((box) => box.getBoundingClientRect().bottom > bar.offsetHeight);
    const top = near?.getBoundingClientRect().top;
    for (const part of other.children) {
      const here = document.querySelector(`[data-part=${part.dataset.part}]`);
      const shown = [...here.childNodes];
      here.replaceChildren(...part.childNodes);
      part.append(...shown);
    }
    const on = root.classList.toggle("turned");
    press(bar.querySelector("[data-turn]"), on);
    const folded = root.classList.contains("folded");
    read();
    for (const kind of [...only]) if (!bar.querySelector(`[data-filter=${kind}]`)) only.delete(kind);
    showOnly();
    root.classList.toggle("folded", Boolean(toggle) && !folded);
    if (toggle) fold(folded);
    const same = scrollY && near && document.getElementById(near.id);
    if (same) scrollBy(0, same.getBoundingClientRect().top - top);
    status.textContent = on ? words.turned : words.back;
  };

  // What a reader chose is kept for other pages, where the browser lets us.
  const kept = (name, value) => {
    try {
      return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value);
    } catch {
      return null;
    }
  };
  const setInline = (on) => {
    root.classList.toggle("inline", on);
    press(bar.querySelector("[data-inline]"), on);
  };
  const inline = () => {
    if (!bar.querySelector("[data-inline]")) return;
    const on = !root.classList.contains("inline");
    setInline(on);
    kept("dedup-inline", on ? "1" : "");
    status.textContent = on ? words.inline : words.beside;
  };

  // What is new and what to look at twice, as plain text: a line for each line, without what only a screen reader says.
  const plain = (element) => {
    const copy = element.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".vh")) hidden.remove();
    for (const mark of copy.querySelectorAll(".rlm, .lrm")) mark.textContent = mark.matches(".rlm") ? "\u200f" : "\u200e";
    return copy.textContent.replace(/[ \t\n]+/g, " ").trim();
  };
  const summary = () =>
    [...document.querySelectorAll(".top h1, .overview > :is(.digest, .alarms) :is(h2, h3, li)")]
      .map((line) => (line.matches("li") ? "- " : line.matches("h1") ? "" : "\n") + plain(line))
      .join("\n") + "\n";
  const copyBySelection = (text) => {
    const box = document.createElement("textarea");
    box.className = "vh";
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  };
  const copy = async () => {
    const button = bar.querySelector("[data-copy]");
    if (!button) return;
    const text = summary();
    const done = await Promise.resolve()
      .then(() => navigator.clipboard.writeText(text))
      .then(() => true)
      .catch(() => copyBySelection(text));
    status.textContent = done ? words.copied : words.not_copied;
  };

  const keys = {
    n: () => step(1),
    j: () => step(1),
    p: () => step(-1),
    k: () => step(-1),
    c: () => fold(!root.classList.contains("folded")),
    t: turn,
    i: inline,
    s: copy,
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.activeElement?.matches("select, input")) return;
    // An Arabic keyboard types other letters on these keys: there the place of the key counts.
    const key = /^[a-z]$/i.test(event.key) ? event.key : event.code.replace(/^Key/, "");
    keys[key.toLowerCase()]?.();
  });
  addEventListener("click", (event) => {
    const mark = event.target.closest("main .mark");
    const stop = mark && byId.get(mark.dataset.for ?? mark.id);
    if (stop && getSelection().isCollapsed) choose(stop);
  });
  addEventListener("hashchange", follow);
  addEventListener("change", (event) => {
    const box = event.target.closest("[data-choose]");
    if (box) showPair(box);
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { step: by, filter: kind } = button.dataset;
    if (by) step(Number(by));
    else if (kind) filter(kind);
    else if ("cosmetic" in button.dataset) keys.c();
    else if ("turn" in button.dataset) turn();
    else if ("inline" in button.dataset) inline();
    else if ("copy" in button.dataset) copy();
  });

  read();
  root.classList.add("scripted");
  root.classList.toggle("folded", Boolean(toggle));
  if (bar.querySelector("[data-inline]")) setInline(Boolean(kept("dedup-inline")));
  bar.hidden = false;
  follow();
})();
