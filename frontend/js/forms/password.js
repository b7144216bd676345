// A password that can be shown: its button appears where it does something.

/** Makes the buttons ready that are still hidden. */
export function look() {
  for (const button of document.querySelectorAll("button[data-show][hidden]")) {
    const field = button.parentElement?.querySelector("input");
    if (!(button instanceof HTMLButtonElement) || !field) continue;
    button.hidden = false;
    field.type = "password";
    button.addEventListener("click", () => {
      const isShown = field.type === "password";
      field.type = isShown ? "text" : "password";
      button.setAttribute("aria-pressed", String(isShown));
      button.textContent = (isShown ? button.dataset.hide : button.dataset.show) ?? "";
    });
  }
}
