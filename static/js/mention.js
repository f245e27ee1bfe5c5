// "@" in a note offers the colleagues who see the account: arrows choose, Enter or Tab takes, Escape leaves. Without this
// file a whole name after "@" does the same.

const list = (field) => document.getElementById(field.dataset.mentions);
const options = (field) => [...list(field).children].filter((each) => !each.hidden);
const begun = (field) => /(?:^|[^\w@])@([^@\n]{0,40})$/u.exec(field.value.slice(0, field.selectionStart));

function close(field) {
  list(field).hidden = true;
  field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-expanded", "false");
}

function mark(field, option) {
  for (const each of list(field).children) each.setAttribute("aria-selected", String(each === option));
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function offer(field) {
  const match = begun(field);
  if (!match) return close(field);
  const text = match[1].toLowerCase();
  for (const each of list(field).children) each.hidden = !each.dataset.name.toLowerCase().includes(text);
  const found = options(field);
  if (!found.length) return close(field);
  list(field).hidden = false;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", list(field).id);
  field.setAttribute("aria-expanded", "true");
  mark(field, found[0]);
}

function take(field, option) {
  const match = begun(field);
  const until = field.selectionStart;
  const from = until - match[1].length;
  field.setRangeText(`${option.dataset.name} `, from, until, "end");
  close(field);
  field.focus();
}

const noted = (target) => (target instanceof HTMLTextAreaElement && target.dataset.mentions ? target : null);

document.addEventListener("input", (e) => {
  const field = noted(e.target);
  if (field) offer(field);
});

document.addEventListener("keydown", (e) => {
  const field = noted(e.target);
  if (!field || list(field).hidden) return;
  const found = options(field);
  const at = found.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (e.key === "ArrowDown") mark(field, found[(at + 1) % found.length]);
  else if (e.key === "ArrowUp") mark(field, found[(at - 1 + found.length) % found.length]);
  else if (e.key === "Enter" || e.key === "Tab") take(field, found[Math.max(at, 0)]);
  else if (e.key === "Escape") close(field);
  else return;
  e.preventDefault();
});

document.addEventListener("mousedown", (e) => {
  const option = e.target.closest?.(".mention-list > li");
  if (!option) return;
  e.preventDefault();
  take(document.querySelector(`[data-mentions="${option.parentElement.id}"]`), option);
});
