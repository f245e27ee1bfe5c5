// A scanner types a code and Enter. What the code stands for goes into the box that is being packed: the SKU for the rest
// of its line, a GTIN for one piece, a carton's GTIN for what is in it. The form is not sent by a scan.
const field = document.querySelector("[data-scan-picks]");
const said = document.querySelector("[data-scan-said]");
const current = document.querySelector("[data-scan-box]");
const counts = new Map();

// As rules.allocation.scanned_code compares: no zeros in front; GS1 barcodes name the GTIN after (01).
const plain = (text) => {
  const code = text.trim().toUpperCase().replace(/^\](C1|D2|Q3|E0)/, "").replace(/^\(?01\)?(?=\d{14})/, "");
  const gtin = /^\d{14}/.test(code) && code.length > 14 ? code.slice(0, 14) : code;
  return /^\d{8,14}$/.test(gtin) ? gtin.replace(/^0+/, "") : gtin;
};

const codesOf = (line) => new Map(Object.entries(JSON.parse(line.dataset.codes)));

const total = (boxes) => [...boxes.values()].reduce((sum, each) => sum + each, 0);

function newPart(line) {
  const last = [...line.querySelectorAll("[data-part]")].at(-1);
  const copy = last.cloneNode(true);
  copy.querySelectorAll("input").forEach((input) => {
    input.value = "";
    input.removeAttribute("id");
  });
  copy.querySelectorAll("label").forEach((label) => label.removeAttribute("for"));
  last.after(copy);
  return copy;
}

function write(line, boxes) {
  const [[first], ...more] = [...boxes];
  line.querySelector("[data-picked]").value = total(boxes);
  line.querySelector("[data-box]").value = first;
  const parts = [...line.querySelectorAll("[data-part]")];
  parts.forEach((part) => part.querySelectorAll("input").forEach((input) => (input.value = "")));
  more.forEach(([box, pieces], at) => {
    const [quantity, into] = (parts[at] ?? newPart(line)).querySelectorAll("input");
    [quantity.value, into.value] = [pieces, box];
  });
  const details = line.querySelector(".pick-more");
  if (details && more.length) details.open = true;
}

function count(line, pieces) {
  const boxes = counts.get(line) ?? new Map();
  const wanted = Number(line.dataset.wanted);
  const added = pieces || wanted - total(boxes);
  if (!added || total(boxes) + added > wanted) return said.dataset.enough;
  const box = Number(current.value) || 1;
  boxes.set(box, (boxes.get(box) ?? 0) + added);
  counts.set(line, boxes);
  write(line, boxes);
  line.classList.toggle("is-picked", total(boxes) === wanted);
  line.classList.toggle("is-begun", total(boxes) < wanted);
  return `${total(boxes)} / ${wanted} · ${line.querySelector(".strong").textContent}`;
}

field?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const code = plain(field.value);
  field.value = "";
  const lines = [...document.querySelectorAll(".pick")].filter((each) => codesOf(each).has(code));
  const line = lines.find((each) => !each.classList.contains("is-picked")) ?? lines[0];
  const told = line ? count(line, codesOf(line).get(code)) : said.dataset.unknown;
  said.textContent = told;
  said.dataset.tone = line && told !== said.dataset.enough ? "ok" : "bad";
  line?.scrollIntoView({ block: "center" });
});

document.querySelector("[data-next-box]")?.addEventListener("click", () => {
  current.value = Math.min((Number(current.value) || 1) + 1, Number(current.max));
  field.focus();
});

// What a hand writes counts from then on as well.
document.querySelectorAll(".pick").forEach((line) => line.addEventListener("change", () => counts.delete(line)));
if (field && matchMedia("(pointer: fine)").matches) field.focus();
