// Marks that outlive the page: what is marked in one listing is still marked in the next. Without this file the boxes of
// one page are sent by their form, and that is a comparison too.

const KEPT = "tradewell-compare";
const read = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
const write = (skus) => sessionStorage.setItem(KEPT, JSON.stringify(skus));
const boxes = () => [...document.querySelectorAll('input[type="checkbox"][form="compare"]')];

function show() {
  const bar = document.getElementById("compare");
  if (!bar) return;
  const marked = read();
  const most = Number(bar.dataset.most);
  const here = new Set();
  for (const box of boxes()) {
    box.checked = marked.includes(box.value);
    box.disabled = !box.checked && marked.length >= most;
    here.add(box.value);
  }
  // What was marked elsewhere goes along.
  for (const field of bar.querySelectorAll('input[name="sku"]')) field.remove();
  for (const sku of marked.filter((each) => !here.has(each))) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "sku", value: sku });
    bar.append(field);
  }
  const words = bar.querySelector("[data-compare-words]");
  words.textContent = words.dataset.compareWords.replace("%s", `${marked.length} / ${most}`);
  bar.querySelector(".compare-clear").hidden = false;
  bar.toggleAttribute("data-some", marked.length > 0);
}

document.addEventListener("change", (e) => {
  if (!e.target.matches?.('input[type="checkbox"][form="compare"]')) return;
  const others = read().filter((sku) => sku !== e.target.value);
  write(e.target.checked ? [...others, e.target.value] : others);
  show();
});

document.addEventListener("reset", (e) => {
  if (e.target.id !== "compare") return;
  e.preventDefault();
  write([]);
  show();
});

// On the comparison itself: what stands there is what is marked.
const compared = document.querySelector("form[data-compared]");
if (compared) write([...compared.querySelectorAll('input[type="hidden"][name="sku"]')].map((field) => field.value));

document.addEventListener("htmx:afterSwap", show);
window.addEventListener("pageshow", show);
show();
