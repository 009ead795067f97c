// Elements made without any HTML text: what is foreign stays text.

/** An element: `h("p", { class: "hint" }, "text", child)`. Attributes that are undefined or false are left out. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** The element of that id. */
export const by = (id) => document.getElementById(id);

const PATHS = {
  passed: ["M12 2.8 4.5 5.5v6c0 4.7 3.2 8.3 7.5 9.8 4.3-1.5 7.5-5.1 7.5-9.8v-6z", "m8.3 12 2.7 2.7 4.9-5.2"],
  failed: ["M12 2.8a9.2 9.2 0 1 0 0 18.4 9.2 9.2 0 0 0 0-18.4z", "m8.8 8.8 6.4 6.4m0-6.4-6.4 6.4"],
  warning: ["M12 3.6 2.6 20h18.8z", "M12 9.6v5m0 2.4v.2"],
  none: ["M12 2.8a9.2 9.2 0 1 0 0 18.4 9.2 9.2 0 0 0 0-18.4z", "M8 12h8"],
  tick: ["m5 12.5 4.5 4.5L19 7"],
  cross: ["m6.5 6.5 11 11m0-11-11 11"],
  dash: ["M7 12h10"],
  half: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z", "M12 4v16", "M12 8h4m-4 4h6m-6 4h4"],
  sun: [
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
    "M12 3v1.5m0 15V21M3 12h1.5m15 0H21M5.6 5.6l1 1m10.8 10.8 1 1m0-12.8-1 1M6.6 17.4l-1 1",
  ],
  moon: ["M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z"],
  dots: ["M6 12h.2m5.7 0h.2m5.7 0h.2"],
};

/** A drawing, 24 by 24, in the colour of the text. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const line of PATHS[name]) {
    const path = document.createElementNS(space, "path");
    for (const [attribute, value] of Object.entries({ d: line, fill: "none", stroke: "currentColor" })) {
      path.setAttribute(attribute, value);
    }
    path.setAttribute("stroke-width", name.length > 5 ? "1.5" : "2");
    path.setAttribute("stroke-linecap", "round");
    path.setAttribute("stroke-linejoin", "round");
    svg.append(path);
  }
  return svg;
}

/** A button that copies a text, and says so. */
export function copyButton(label, text, name = label, look = "quiet") {
  const button = h("button", { type: "button", class: look, "aria-label": name }, label);
  button.addEventListener("click", async () => {
    const isCopied = await copy(typeof text === "function" ? text() : text);
    button.textContent = isCopied ? "Copied" : "Not copied: the browser forbids it";
    setTimeout(() => (button.textContent = label), 1600);
  });
  return button;
}

/** Copies a text; says whether the browser let it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // The button says so.
  }
}

/** Hands a file to the browser to be saved. */
export function save(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Asks for a decision. Gives the choice's value, or nothing if it was dismissed. */
export function ask(title, text, choices) {
  const dialog = by("ask");
  by("ask-title").textContent = title;
  by("ask-text").textContent = text;
  const buttons = choices.map(([label, value], index) =>
    h("button", { value, class: index === 0 ? "main" : "plain" }, label),
  );
  by("ask-choices").replaceChildren(...buttons, h("button", { value: "", class: "quiet" }, "Cancel"));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue || undefined), { once: true });
  });
}
