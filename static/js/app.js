// What scripts add to pages that work without them. Everything listens on the document, so that fragments swapped in by
// htmx behave like the page they came into.

const on = (event, selector, act) =>
  document.addEventListener(event, (e) => {
    const found = e.target instanceof Element && e.target.closest(selector);
    if (found) act(found, e);
  });

// --- htmx: the token against forged requests ------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (e) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && e.detail.verb !== "get") e.detail.headers["X-CSRFToken"] = token;
});

// A refusal comes as a fragment that says where it belongs; it is shown whatever its status.
document.addEventListener("htmx:beforeSwap", (e) => {
  if (e.detail.xhr.status >= 400 && e.detail.xhr.getResponseHeader("HX-Retarget")) {
    e.detail.shouldSwap = true;
    e.detail.isError = false;
  }
});

// No answer, or none that can be shown: say so rather than leave the reader waiting.
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(trouble, () => {
    const words = document.getElementById("trouble")?.content.cloneNode(true);
    if (words) document.getElementById("messages")?.replaceChildren(words);
  });
}

// What asks for news by itself rests while nobody looks.
document.addEventListener("htmx:beforeRequest", (e) => {
  if (document.hidden && e.target instanceof Element && e.target.matches("[data-while-looked-at]")) e.preventDefault();
});

// --- Sent once ------------------------------------------------------------------------------------------------------

const waiting = new WeakSet();
const PATIENCE = 20_000; // after which a form may be sent again though nothing was heard

const release = (form) => {
  waiting.delete(form);
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-busy]")) {
    button.removeAttribute("data-busy");
    button.removeAttribute("aria-disabled");
  }
};

const swallow = (e) => {
  e.preventDefault();
  e.stopImmediatePropagation();
};

// In the capture phase: before htmx sees the second press.
document.addEventListener(
  "submit",
  (e) => {
    const form = e.target;
    if (waiting.has(form)) return swallow(e);
    const question = e.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !window.confirm(question)) return swallow(e);
    if (form.method !== "post" || "many" in form.dataset) return;
    waiting.add(form);
    setTimeout(release, PATIENCE, form);
    form.setAttribute("aria-busy", "true");
    e.submitter?.setAttribute("data-busy", "");
    e.submitter?.setAttribute("aria-disabled", "true");
  },
  true,
);

document.addEventListener("htmx:afterRequest", (e) => {
  const form = e.target instanceof Element && e.target.closest("form");
  if (form) release(form);
});
// A page shown again from the browser's memory, or a download that left the page where it was.
window.addEventListener("pageshow", (e) => {
  if (e.persisted) document.querySelectorAll('form[aria-busy="true"]').forEach(release);
});

// --- Quantities in pack steps ---------------------------------------------------------------------------------------

on("click", "[data-step]", (button) => {
  const input = button.closest("[data-quantity]").querySelector("input");
  const before = input.value;
  if (button.dataset.step > 0) input.stepUp();
  else input.stepDown();
  if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
});

on("change", "[data-submit-on-change]", (field) => field.form.requestSubmit());

// --- Keys -----------------------------------------------------------------------------------------------------------

const WRITTEN_IN = "input:not([type=checkbox], [type=radio]), textarea, select";
const writing = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches(WRITTEN_IN));

document.addEventListener("keydown", (e) => {
  if (e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !writing(e.target)) {
    const search = document.querySelector("[data-search]");
    if (search) {
      e.preventDefault();
      search.select();
      search.focus();
    }
  }
  if (e.key === "Escape") closeMenus({ andFocus: true });
});

// --- Menus, messages, small things ----------------------------------------------------------------------------------

function closeMenus({ except = null, andFocus = false } = {}) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu === except) continue;
    if (andFocus && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

document.addEventListener("click", (e) => closeMenus({ except: e.target.closest?.("details.menu") ?? null }));

on("click", "[data-dismiss]", (button) => button.closest("[data-message]").remove());
on("click", "[data-show-picture]", (link, e) => {
  e.preventDefault(); // the strip moves, the page stays
  document.querySelector(link.hash)?.scrollIntoView({ block: "nearest", inline: "center" });
});
on("click", "[data-print]", () => window.print());

on("click", "[data-copy]", async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.setAttribute("data-copied", "");
  setTimeout(() => button.removeAttribute("data-copied"), 1500);
});

on("click", "[data-fill]", (button) => {
  const form = document.querySelector("form[data-entrance]");
  form.elements.username.value = button.dataset.username;
  form.elements.password.value = button.dataset.password;
  form.requestSubmit();
});

const focusMarked = (root) => root.querySelector?.("[data-focus]")?.focus();
focusMarked(document);
document.addEventListener("htmx:afterSettle", (e) => focusMarked(e.target));

// --- Light, dark, or as the system ----------------------------------------------------------------------------------

// A cookie rather than local storage: the server writes the choice into the page, which never flashes in the other one.
on("click", "[data-theme-choice]", (button) => {
  const choice = button.dataset.themeChoice;
  const root = document.documentElement;
  if (choice === "system") root.removeAttribute("data-theme");
  else root.dataset.theme = choice;
  const age = choice === "system" ? 0 : 31536000;
  document.cookie = `tw_theme=${choice}; path=/; max-age=${age}; samesite=lax`;
  for (const other of document.querySelectorAll("[data-theme-choice]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});
