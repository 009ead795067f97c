// The page's colours: as the system has them, or as a person chose, which this browser remembers.

import { by, icon } from "./dom.js";

const KEY = "azure-imds: colours";
const ICONS = { auto: "half", light: "sun", dark: "moon" };
const LABELS = { auto: "as the system has them", light: "on white", dark: "on black" };

/** Sets the colours that were chosen before, and lets them be chosen. */
export function theme() {
  const button = by("theme");
  const order = Object.keys(LABELS);
  show(button, remembered());
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(button.value) + 1) % order.length];
    show(button, next);
    remember(next);
  });
}

function show(button, name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  const label = name[0].toUpperCase() + name.slice(1);
  button.replaceChildren(icon(ICONS[name]), label);
  button.setAttribute("aria-label", `${label}: colours ${LABELS[name]}`);
  button.value = name;
}

function remembered() {
  try {
    const name = localStorage.getItem(KEY);
    return Object.hasOwn(LABELS, name) ? name : "auto";
  } catch {
    return "auto"; // This browser keeps nothing for this page, so nothing was chosen before.
  }
}

function remember(name) {
  try {
    if (name === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, name);
  } catch {
    // Then the choice is for this visit. It is seen at once, so there is nothing to tell.
  }
}
