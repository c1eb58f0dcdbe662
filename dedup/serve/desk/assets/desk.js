"use strict";
// The form for two texts. Without this script it works as a plain form; with it files may be dropped, sides are swapped, and what is wrong
// is said beside what was given.
(() => {
  const root = document.documentElement;
  root.classList.add("desk-scripted");
  const DRAFT = "dedup-draft";
  // The texts of this tab, where the browser lets us keep them: they are here again after "back", and in another language.
  const draft = (value) => {
    try {
      if (value === null) sessionStorage.removeItem(DRAFT);
      else if (value !== undefined) sessionStorage.setItem(DRAFT, JSON.stringify(value));
      else return JSON.parse(sessionStorage.getItem(DRAFT));
    } catch {
      return null;
    }
    return null;
  };
  for (const link of document.querySelectorAll("[data-fresh]")) link.addEventListener("click", () => draft(null));

  const form = document.querySelector("form[data-compare]");
  if (!form) return;
  const words = JSON.parse(form.dataset.messages);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const find = (name) => form.querySelector(`[data-${name}]`);
  const status = find("status");
  const trouble = find("trouble");
  const button = form.querySelector("[type=submit]");
  const order = form.elements.order;
  const sides = [...form.querySelectorAll("[data-side]")].map((box) => {
    const name = box.dataset.side;
    const field = (what) => form.elements[`${name}_${what}`];
    return { box, name, file: field("file"), fields: ["text", "id", "as", "encoding"].map(field) };
  });
  const chosen = (side) => side.file.files[0] ?? null;
  const written = (side) => side.fields[0].value.trim() || side.fields[1].value.trim();
  let running = null; // what stops the comparison that is under way
  let placed = false; // the sides of the files were chosen by their dates

  // A name of a file is shown with its invisible characters spelled out, which could turn the words around it.
  const plain = (name) =>
    name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (char) => `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
  const say = (...lines) => (status.textContent = lines.filter(Boolean).join(" "));
  const complain = (content) => {
    trouble.replaceChildren(...(typeof content === "string" ? [Object.assign(document.createElement("p"), { textContent: content })] : content));
    trouble.hidden = false;
    // What is said of a file may be mended by saying how it is to be read.
    const named = trouble.querySelector(".desk-where")?.textContent ?? "";
    for (const side of sides) if (chosen(side) && named.includes(plain(chosen(side).name))) side.box.querySelector("[data-more]").open = true;
    trouble.focus();
  };

  const put = (side, file) => {
    const held = new DataTransfer();
    if (file) held.items.add(file);
    side.file.files = held.files;
  };
  const size = (bytes) =>
    new Intl.NumberFormat(root.lang, { style: "unit", unit: bytes < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: bytes < 1e6 ? 0 : 1 }).format(
      Math.max(1, bytes / (bytes < 1e6 ? 1e3 : 1e6)),
    );
  const date = (file) => new Intl.DateTimeFormat(root.lang, { dateStyle: "medium", timeStyle: "short" }).format(file.lastModified);

  const show = () => {
    for (const side of sides) {
      const file = chosen(side);
      const taken = side.box.querySelector("[data-taken]");
      taken.hidden = !file;
      side.box.querySelector("[data-paste]").hidden = Boolean(file);
      side.box.querySelector("label[for$=_file]").textContent = file ? words.other_file : words.file;
      for (const element of side.fields[1].labels) element.hidden = Boolean(file);
      side.fields[1].hidden = Boolean(file);
      if (!file) continue;
      taken.querySelector("[data-name]").textContent = plain(file.name);
      taken.querySelector("[data-about]").textContent = [size(file.size), date(file)].join(" · ");
    }
    const files = sides.filter(chosen).length;
    find("go").textContent = files === 1 && !sides.some((side) => !chosen(side) && written(side)) ? words.inside : words.compare;
    if (files < 2) placed = false;
    order.value = placed ? "modified" : "";
  };
  const named = () => sides.filter(chosen).map((side) => fill(words[`taken_${side.name}`], { name: plain(chosen(side).name) }) + ".");

  // Two files take the sides by their dates; one takes the side where it is dropped, else the first that is free.
  const take = (files, box) => {
    if (running) return;
    if (files.length > 2) {
      complain(words.too_many);
      return;
    }
    trouble.hidden = true;
    let two = files;
    if (files.length === 1) {
      const side = sides.find((each) => each.box === box) ?? sides.find((each) => !chosen(each) && !written(each)) ?? sides.find((each) => !chosen(each)) ?? sides[1];
      put(side, files[0]);
      two = box ? [] : sides.map(chosen).filter(Boolean);
    }
    placed = false;
    if (two.length === 2) {
      two = [...two].sort((one, other) => one.lastModified - other.lastModified);
      sides.forEach((side, place) => put(side, two[place]));
      placed = two[0].lastModified !== two[1].lastModified;
    }
    show();
    say(...named(), two.length === 2 && (placed ? words.by_date : words.same_date));
    if (files.length === 2 && placed) form.requestSubmit();
    else button.focus();
  };

  const clear = () => {
    for (const side of sides) {
      put(side, null);
      for (const field of side.fields) field.value = "";
    }
    draft(null);
    trouble.hidden = true;
    if (form.querySelector(".desk-record")) {
      location.assign(location.pathname);
      return;
    }
    if (location.search) history.replaceState(null, "", location.pathname);
    show();
    say(words.cleared);
    sides[0].fields[0].focus();
  };

  const swap = () => {
    const [a, b] = sides;
    const [left, right] = [chosen(a), chosen(b)];
    put(a, right);
    put(b, left);
    a.fields.forEach((field, place) => ([field.value, b.fields[place].value] = [b.fields[place].value, field.value]));
    const records = sides.map((side) => side.box.querySelector(".desk-record"));
    records.forEach((record, place) => record && sides[1 - place].box.querySelector("[data-taken]").after(record));
    find("notice")?.remove();
    placed = false;
    show();
    say(words.swapped, ...named());
  };

  const busy = (on) => {
    button.setAttribute("aria-disabled", String(on));
    form.setAttribute("aria-busy", String(on));
    find("stop").hidden = !on;
    find("swap").hidden = on;
    if (!on) running = null;
  };

  // The answer to a form is the page of the comparison, or the form again with what is wrong: then that alone is shown here.
  const submit = async () => {
    if (running) return;
    const files = sides.map(chosen);
    const given = sides.map((side) => chosen(side) || written(side));
    if (!given.some(Boolean)) return complain(words.none);
    if (!given.every(Boolean) && !files.some(Boolean)) return complain(words.one);
    const most = Number(form.dataset.most);
    if (files.reduce((sum, file) => sum + (file?.size ?? 0), 0) > most) return complain(fill(words.too_large, { most: Math.floor(most / 1e6) }));
    running = new AbortController();
    trouble.hidden = true;
    busy(true);
    say(...named(), placed && words.by_date, words.comparing);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" }, signal: running.signal });
      if (answer.redirected && answer.ok) {
        location.assign(answer.url);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const said = page.querySelector("[role=alert]");
      say();
      complain(said?.children.length ? [...said.children] : answer.status === 401 ? words.closed : words.lost);
    } catch (error) {
      say(error.name === "AbortError" ? words.stopped : "");
      if (error.name !== "AbortError") complain(words.lost);
    }
    busy(false);
  };

  const fileDrag = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (on, box) => {
    document.body.classList.toggle("dropping", on);
    for (const side of sides) side.box.classList.toggle("over", on && side.box === box);
  };
  const sideAt = (target) => target.closest?.("[data-side]") ?? null;
  addEventListener("dragover", (event) => {
    if (!fileDrag(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = running ? "none" : "copy";
    if (!document.body.classList.contains("dropping")) say(words.dropping);
    mark(true, sideAt(event.target));
  });
  addEventListener("dragleave", (event) => event.relatedTarget || mark(false));
  addEventListener("drop", (event) => {
    if (!fileDrag(event)) return;
    event.preventDefault();
    mark(false);
    say();
    const folder = [...event.dataTransfer.items].some((item) => item.webkitGetAsEntry?.()?.isDirectory);
    if (folder) complain(words.folder);
    else take([...event.dataTransfer.files], sideAt(event.target));
  });
  addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take([...event.clipboardData.files], sideAt(event.target));
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key === "Escape") running?.abort();
  });
  form.addEventListener("input", (event) => {
    const file = event.target.type === "file";
    if (file) placed = false;
    show();
    trouble.hidden = true;
    if (file) say(...named());
  });
  form.addEventListener("click", (event) => {
    const pressed = event.target.closest("button, a");
    if (!pressed) return;
    if ("remove" in pressed.dataset) {
      const side = sides.find((each) => each.box.contains(pressed));
      put(side, null);
      show();
      say(...named());
      side.fields[0].focus();
    } else if ("swap" in pressed.dataset) swap();
    else if ("stop" in pressed.dataset) running?.abort();
    else if ("clear" in pressed.dataset) {
      event.preventDefault();
      running?.abort();
      clear();
    }
  });
  addEventListener("pagehide", () => draft(sides.map((side) => side.fields.map((field) => field.value))));
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    say();
    busy(false);
  });

  const comes = performance.getEntriesByType("navigation")[0]?.type;
  const kept = draft();
  const empty = sides.every((side) => side.fields.every((field) => !field.value));
  if (kept && empty && (comes !== "navigate" || new URLSearchParams(location.search).has("lang"))) {
    sides.forEach((side, place) => side.fields.forEach((field, which) => (field.value = kept[place]?.[which] ?? "")));
  }
  find("swap").hidden = false;
  show();
})();
