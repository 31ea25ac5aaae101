// Around django-markdownx's editor: no keyboard trap, a button for pictures, and answers in words.
"use strict";
(() => {
  const DESCRIBE = "Describe this picture";
  const isEditor = (element) => element instanceof Element && element.matches(".markdownx-editor");

  // The editor would turn Tab into a tab character, and nobody with a keyboard could leave it.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Tab" && isEditor(event.target)) event.stopPropagation();
    },
    true,
  );

  // The editor's own upload would write “Invalid response” into the text when one is refused.
  for (const [type, where] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
    document.addEventListener(
      type,
      (event) => {
        const files = event[where] ? [...event[where].files] : [];
        if (!isEditor(event.target) || !files.length) return;
        event.preventDefault();
        event.stopPropagation();
        files.forEach((file) => upload(event.target.closest(".markdownx"), file));
      },
      true,
    );
  }

  function say(box, words, isError) {
    const said = box.querySelector(".editor-says");
    said.textContent = words;
    said.classList.toggle("is-error", Boolean(isError));
  }

  async function upload(box, file) {
    const editor = box.querySelector(".markdownx-editor");
    const most = Number(box.querySelector("input[type=file]").dataset.most);
    if (file.size > most) {
      say(box, "The picture is larger than 5 MB. Make it smaller and try again.", true);
      return;
    }
    say(box, "Adding the picture …");
    const form = new FormData();
    form.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    form.append("image", file);
    let answer;
    try {
      const response = await fetch(editor.dataset.markdownxUploadUrlsPath, {
        method: "POST",
        body: form,
      });
      answer = await response.json();
    } catch {
      answer = { error: "The picture was not added: the site did not answer. Try again." };
    }
    if (answer.error) {
      say(box, answer.error, true);
      return;
    }
    const start = editor.selectionStart;
    editor.setRangeText(answer.image_code, start, editor.selectionEnd, "end");
    // What is selected is what to type over.
    editor.focus();
    editor.setSelectionRange(start + 2, start + 2 + DESCRIBE.length);
    editor.dispatchEvent(new Event("input", { bubbles: true }));
    decide(box, answer.image_code);
  }

  // What a picture shows must be decided before it can be published: here it takes one click.
  function decide(box, code) {
    const button = box.querySelector(".only-decorates");
    button.hidden = false;
    say(box, "The picture is in the text. Now type what it shows, or choose “It only decorates”.");
    button.onclick = () => {
      const editor = box.querySelector(".markdownx-editor");
      const at = editor.value.indexOf(code);
      button.hidden = true;
      editor.focus();
      if (at < 0) {
        say(box, "You have described this picture already.");
        return;
      }
      editor.setRangeText("decorative", at + 2, at + 2 + DESCRIBE.length, "end");
      editor.dispatchEvent(new Event("input", { bubbles: true }));
      say(box, "Noted: people who cannot see it miss nothing.");
    };
  }

  function prepare(box) {
    if (box.dataset.ready || box.closest(".empty-form")) return;
    box.dataset.ready = "yes";
    box.querySelectorAll("[hidden]").forEach((part) => {
      if (!part.matches("input[type=file], .only-decorates")) part.hidden = false;
    });
    const row = box.closest(".inline-related");
    if (row) {
      // Two regions of a page must not have the same name.
      const place = [...row.parentElement.querySelectorAll(":scope > .inline-related")].indexOf(row);
      const preview = box.querySelector(".markdownx-preview");
      preview.setAttribute("aria-label", `${preview.getAttribute("aria-label")} ${place + 1}`);
    }
    const chooser = box.querySelector("input[type=file]");
    box.querySelector(".add-picture").addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", () => {
      [...chooser.files].forEach((file) => upload(box, file));
      chooser.value = "";
    });
  }

  function refuseLarge(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.dataset.most) return;
    const isLarge = [...input.files].some((file) => file.size > Number(input.dataset.most));
    input.setCustomValidity(isLarge ? "This file is too large. Save it smaller, or split it." : "");
    input.reportValidity();
  }

  document.addEventListener("change", refuseLarge);
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".markdownx").forEach(prepare);
  });
  document.addEventListener("formset:added", (event) => {
    const boxes = [...event.target.querySelectorAll(".markdownx")];
    if (!boxes.length) return;
    boxes.forEach((box) => {
      box.querySelector(".markdownx-editor").removeAttribute("data-markdownx-init");
      prepare(box);
    });
    // The editor looks for text boxes only while it loads, so it is loaded once more for new ones.
    const again = document.createElement("script");
    again.src = document.querySelector('script[src*="markdownx/js/markdownx"]').src;
    document.head.append(again);
  });
})();
