// A copy of what staff type, in their own browser: a log-in that runs out loses no word.
"use strict";
(() => {
  const DAY = 24 * 60 * 60 * 1000;
  const DAYS_KEPT = 7;
  const MOST_LETTERS = 1_000_000;
  const PREFIX = "typed:";
  const SENT = "typed-sent"; // which copy this tab has just sent, until an answer comes
  const LEAVING = "typed-leaving"; // whose copies go once the log-out is done
  const user = document.currentScript.dataset.user;
  const { form, isRefused, changed, controls } = window.unsaved ?? {};

  // The store

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function forgetOld() {
    for (const key of keys()) {
      const copy = read(key);
      if (!copy || !(Date.now() - copy.at < DAYS_KEPT * DAY)) localStorage.removeItem(key);
    }
  }

  // The oldest copies make room; what alone is too much is not kept.
  function write(key, copy) {
    const text = JSON.stringify(copy);
    localStorage.removeItem(key);
    if (text.length > MOST_LETTERS) return;
    const others = keys().sort((one, other) => read(one).at - read(other).at);
    const size = () => others.reduce((sum, each) => sum + localStorage.getItem(each).length, 0);
    while (others.length && size() + text.length > MOST_LETTERS) {
      localStorage.removeItem(others.shift());
    }
    try {
      localStorage.setItem(key, text);
    } catch {
      // The browser has no room.
    }
  }

  // Logging in and out

  function aroundTheLogIn() {
    const sent = sessionStorage.getItem(SENT);
    const note = document.getElementById("sent-here");
    if (note && sent) {
      note.hidden = false;
      note.querySelector(read(sent) ? ".is-kept" : ".is-lost").hidden = false;
    }
    const leaving = sessionStorage.getItem(LEAVING);
    if (leaving && !user) {
      keys().filter((key) => key.startsWith(leaving)).forEach((key) => localStorage.removeItem(key));
    }
    sessionStorage.removeItem(LEAVING);
    document.getElementById("logout-form")?.addEventListener("submit", () => {
      sessionStorage.setItem(LEAVING, `${PREFIX}${user}:`);
    });
  }

  // The fields of a form, by what they are called whatever row they stand in now

  // “items-3-title” is the title of the row with this number in the database, or of a new row.
  function placeOf(control) {
    const [, prefix, row, field] = control.name.match(/^(.+)-(\d+)-(.+)$/) ?? [];
    const id = prefix && form.elements[`${prefix}-${row}-id`];
    if (!id) return { field: control.name };
    return id.value ? { prefix, id: id.value, field } : { prefix, row, field };
  }

  function controlAt({ prefix, id, field }, row) {
    if (!prefix) return form.elements[field];
    if (!id) return form.elements[`${prefix}-${row}-${field}`];
    const ids = [...form.elements].filter((each) => /^.+-\d+-id$/.test(each.name));
    const its = ids.find((each) => each.name.startsWith(`${prefix}-`) && each.value === id);
    return its && form.elements[its.name.replace(/id$/, field)];
  }

  function addRow(prefix) {
    const total = form.elements[`${prefix}-TOTAL_FORMS`];
    const before = total?.value;
    document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`)?.click();
    return total?.value === before ? undefined : before;
  }

  const isTicked = (control) => ["checkbox", "radio"].includes(control.type);

  function valueOf(control) {
    if (isTicked(control)) return control.checked;
    return control.multiple ? [...control.selectedOptions].map((each) => each.value) : control.value;
  }

  function wordsOf(control) {
    if (isTicked(control)) return control.checked ? "Yes" : "No";
    if (control.options) return [...control.selectedOptions].map((each) => each.text).join(", ");
    return control.value;
  }

  function put(control, value) {
    if (isTicked(control)) control.checked = value;
    else if (control.multiple) {
      [...control.options].forEach((each) => (each.selected = value.includes(each.value)));
    } else control.value = value;
    for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // Keeping

  const here = `${PREFIX}${user}:${location.pathname}:`;
  let slot = `${here}${Date.now()}`;
  let waiting;

  function keep() {
    clearTimeout(waiting);
    const before = isRefused ? (read(slot)?.typed ?? []).map((each) => each.place) : [];
    const isKept = (control) =>
      changed(control) || before.some((place) => same(place, placeOf(control)));
    const typed = controls()
      .filter((control) => control.type !== "file" && isKept(control))
      .map((control) => ({
        place: placeOf(control),
        label: control.labels?.[0]?.textContent.trim().replace(/:$/, "") ?? control.name,
        value: valueOf(control),
        words: wordsOf(control),
      }));
    const version = form.elements.read_version?.value ?? "";
    if (typed.length) write(slot, { at: Date.now(), version, typed });
    else localStorage.removeItem(slot);
  }

  function keepSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1000);
  }

  // Offering

  const box = document.getElementById("kept-words");

  function isNews({ place, value }) {
    const control = place.row ? undefined : controlAt(place);
    if (!control) return true;
    const now = valueOf(control);
    return typeof now === "string" ? now.trim() !== value.trim() : !same(now, value);
  }

  function show(typed) {
    const paragraph = (words, name = "p") => {
      const made = document.createElement(name);
      made.textContent = words;
      return made;
    };
    const read = ({ label, words }) => {
      const section = document.createElement("section");
      section.className = "read";
      const lines = words.split("\n").map((line) => paragraph(line));
      section.append(paragraph(label, "h3"), ...lines);
      return section;
    };
    box.querySelector("#kept-list").replaceChildren(...typed.map(read));
    unfold(typed.length > 0);
  }

  function unfold(isOpen) {
    box.querySelector("#kept-list").hidden = !isOpen;
    box.querySelector(".read-it").setAttribute("aria-expanded", isOpen);
  }

  function offer() {
    const copies = keys().filter((key) => key.startsWith(here) && key !== slot);
    const fresh = copies.filter((key) => read(key).typed.some(isNews));
    const key = fresh.sort((one, other) => read(other).at - read(one).at)[0];
    box.querySelector(".kept-offer").hidden = !key;
    if (!key) return;
    const copy = read(key);
    const at = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
    const time = box.querySelector("time");
    time.dateTime = new Date(copy.at).toISOString();
    time.textContent = new Date(copy.at).toLocaleString("en-GB", at);
    const version = form.elements.read_version?.value ?? "";
    box.querySelector(".kept-since").hidden = copy.version === version;
    box.hidden = false;
    box.querySelector(".put-back").onclick = () => putBack(key, copy);
    box.querySelector(".throw-away").onclick = () => answered(key, "It is thrown away.");
    const reader = box.querySelector(".read-it");
    reader.onclick = () => (reader.ariaExpanded === "true" ? unfold(false) : show(copy.typed));
  }

  function putBack(key, copy) {
    const rows = {};
    const homeless = copy.typed.filter(({ place, value }) => {
      const row = place.row && (rows[`${place.prefix}-${place.row}`] ??= addRow(place.prefix));
      const control = controlAt(place, row);
      if (control instanceof Element) put(control, value);
      return !(control instanceof Element);
    });
    // Saving compares with what stood when this was typed: nobody’s later words are lost.
    if (copy.version && form.elements.read_version) form.elements.read_version.value = copy.version;
    keep();
    const also = homeless.length ? "These have no place in it any more. Copy what you need." : "";
    answered(key, `Your words are back in the form. They are not saved yet. ${also}`, homeless);
  }

  function answered(key, words, homeless = []) {
    localStorage.removeItem(key);
    show(homeless);
    const says = box.querySelector(".kept-says");
    says.textContent = words;
    says.hidden = false;
    says.focus();
    offer();
  }

  // All of it

  try {
    forgetOld();
  } catch {
    return; // this browser keeps nothing
  }
  aroundTheLogIn();
  if (!user) return;
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && document.querySelector(".messagelist .success")) localStorage.removeItem(sent);
  if (!form) return;
  if (isRefused && sent?.startsWith(here)) slot = sent;
  for (const type of ["input", "change", "focusout", "formset:removed"]) {
    document.addEventListener(type, keepSoon);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && waiting) keep();
  });
  form.addEventListener("submit", () => {
    keep();
    sessionStorage.setItem(SENT, slot);
  });
  if (!isRefused) offer();
})();
