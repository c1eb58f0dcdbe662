"use strict";
(() => {
  const root = document.documentElement;
  const bar = document.querySelector(".toolbar");
  const words = JSON.parse(bar.dataset.messages);
  const status = bar.querySelector("[role=status]");
  const toggle = bar.querySelector("[data-cosmetic]");
  const stops = [...document.querySelectorAll("main article [id][data-kind]")];
  const byId = new Map(stops.map((stop) => [stop.id, stop]));
  const twins = new Map([...document.querySelectorAll("[data-for]")].map((twin) => [twin.dataset.for, twin]));
  let current = null;
  let strayed = false; // the reader has scrolled since the last step

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
    toggle.setAttribute("aria-pressed", String(!on));
    const boxes = new Set([...document.querySelectorAll("main .mark.cosmetic")].map((mark) => mark.closest(".fold > details")).filter(Boolean));
    for (const box of boxes) box.open = !on;
    status.textContent = fill(on ? words.hidden : words.shown, { n: toggle.querySelector("b").textContent });
  }

  const filter = (kind) => {
    if (!only.delete(kind)) only.add(kind);
    for (const button of bar.querySelectorAll("[data-filter]")) button.setAttribute("aria-pressed", String(only.has(button.dataset.filter)));
    for (const mark of document.querySelectorAll("main .mark")) mark.classList.toggle("off", !wanted(mark));
    for (const row of document.querySelectorAll(".row")) {
      row.classList.toggle("out", only.size > 0 && ![...row.querySelectorAll("[data-kind]")].some(wanted));
    }
    for (const box of document.querySelectorAll(".fold")) box.classList.toggle("out", only.size > 0);
    for (const fact of document.querySelectorAll(".ledger tr[data-kind]")) fact.classList.toggle("out", !wanted(fact));
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

  const keys = { n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1), c: () => fold(!root.classList.contains("folded")) };
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
  for (const button of bar.querySelectorAll("[data-step]")) button.addEventListener("click", () => step(Number(button.dataset.step)));
  toggle?.addEventListener("click", () => fold(!root.classList.contains("folded")));

  for (const button of bar.querySelectorAll("[data-filter]")) button.addEventListener("click", () => filter(button.dataset.filter));
  for (const box of document.querySelectorAll("[data-choose]")) {
    box.hidden = false;
    box.addEventListener("change", () => showPair(box));
  }

  if (toggle) root.classList.add("folded");
  bar.hidden = false;
  follow();
})();
