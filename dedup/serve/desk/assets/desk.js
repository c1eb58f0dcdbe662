"use strict";
(() => {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const inputs = [...form.querySelectorAll("input[type=file]")];
  const give = (input, file) => {
    const held = new DataTransfer();
    held.items.add(file);
    input.files = held.files;
  };
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    const files = [...event.dataTransfer.files];
    if (!files.length) return;
    event.preventDefault();
    document.body.classList.remove("dropping");
    if (files.length > 1) {
      files.sort((one, other) => one.lastModified - other.lastModified);
      give(inputs[0], files[0]);
      give(inputs[1], files[1]);
      form.requestSubmit();
      return;
    }
    const side = event.target.closest && event.target.closest("[data-side]");
    const input = side ? side.querySelector("input[type=file]") : inputs.find((each) => !each.files.length) || inputs[0];
    give(input, files[0]);
  });
})();
