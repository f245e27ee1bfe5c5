// A scanner types a code and Enter: the line it belongs to is shown and marked, and the form is not sent.
const field = document.querySelector("[data-scan-picks]");
const said = document.querySelector("[data-scan-said]");

field?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const code = field.value.trim().toUpperCase();
  const line = [...document.querySelectorAll(".pick")].find((each) => each.dataset.sku.toUpperCase() === code);
  said.textContent = line ? line.querySelector(".strong").textContent : said.dataset.unknown;
  field.value = "";
  if (!line) return;
  line.classList.add("is-picked");
  line.scrollIntoView({ block: "center" });
});
