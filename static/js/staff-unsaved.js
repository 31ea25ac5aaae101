// What staff typed and did not save: nobody leaves it behind without being told.
"use strict";
(() => {
  const form = document.getElementById("not-saved")?.closest("form");
  if (!form) return;
  const notSaved = document.getElementById("not-saved");
  let isSending = false;

  const isTyped = (control) =>
    control.name &&
    !control.name.includes("__prefix__") &&
    !["hidden", "password", "submit", "button"].includes(control.type);
  const controls = () => [...form.elements].filter(isTyped);

  // The text it came with, as the browser shows it: a line break in a one-line field is not.
  function asShown(control) {
    const twin = control.cloneNode();
    twin.value = control.defaultValue;
    return twin.value;
  }

  // What the page came with is what the browser itself calls the default.
  function changed(control) {
    if (control.type === "file") return control.files.length > 0;
    if (["checkbox", "radio"].includes(control.type)) {
      return control.checked !== control.defaultChecked;
    }
    if (!control.options) return control.value !== asShown(control);
    const options = [...control.options];
    const first = control.multiple ? [] : options.slice(0, 1);
    const marked = options.filter((option) => option.defaultSelected);
    const came = marked.length ? marked : first;
    return options.some((option) => option.selected !== came.includes(option));
  }

  // A page that came back with errors holds what is not saved, whatever is typed since.
  const isRefused = Boolean(form.querySelector(".errornote"));
  const isDirty = () => isRefused || controls().some(changed);
  window.unsaved = { form, isRefused, changed, controls }; // for staff-kept.js

  window.addEventListener("beforeunload", (event) => {
    if (!isSending && isDirty()) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    if (event.target === form && !event.defaultPrevented) isSending = true;
  });
  window.addEventListener("pageshow", () => {
    isSending = false;
  });

  // What would be sent, signed or shown is the saved draft, without the words just typed.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(".stage a[href]");
    const opensBeside = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || !form.contains(link) || opensBeside || !isDirty()) return;
    event.preventDefault();
    link.closest(".stage").append(notSaved);
    notSaved.hidden = false;
    notSaved.querySelector("button").focus();
  });
  form.addEventListener("input", () => {
    if (!notSaved.hidden && !isDirty()) notSaved.hidden = true;
  });
})();
