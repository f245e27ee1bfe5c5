/* The category tree dragged into order. The page works without: every move has a button. */
(() => {
  const form = document.querySelector("[data-tree]");
  if (!form) return;

  // After a move the page comes back to the category: so does the focus, for whoever moves it by keys.
  const moved = location.hash && document.getElementById(location.hash.slice(1));
  const focus = () => {
    const buttons = [...moved.querySelectorAll(":scope > .tree-row button:not(:disabled)")];
    const pressed = sessionStorage.getItem("tree-move");
    (buttons.find((button) => button.value.endsWith(`:${pressed}`)) ?? buttons[0])?.focus();
  };
  // Not before: going to the place that the address names takes the focus away.
  if (moved && form.contains(moved)) addEventListener("load", () => setTimeout(focus));
  form.addEventListener("submit", (event) => {
    sessionStorage.setItem("tree-move", event.submitter?.value.split(":")[1] ?? "");
  });

  let dragged = null;
  const items = form.querySelectorAll("li[data-category]");
  const clear = () => form.querySelectorAll("[data-drop]").forEach((row) => row.removeAttribute("data-drop"));

  /** Where on a row the pointer is: its upper or lower edge, or its middle. */
  const place = (event, row) => {
    const box = row.getBoundingClientRect();
    const at = (event.clientY - box.top) / box.height;
    return at < 0.3 ? "before" : at > 0.7 ? "after" : "below";
  };

  const send = (item, where) => {
    const beside = item.parentElement.closest("li[data-category]")?.dataset.category ?? "";
    const next = item.nextElementSibling === dragged ? dragged.nextElementSibling : item.nextElementSibling;
    const said = {
      category: dragged.dataset.category,
      parent: where === "below" ? item.dataset.category : beside,
      before: where === "before" ? item.dataset.category : where === "after" ? (next?.dataset.category ?? "") : "",
    };
    for (const [name, value] of Object.entries(said)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    form.submit();
  };

  for (const item of items) {
    const row = item.querySelector(".tree-row");
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.category);
    });
    row.addEventListener("dragend", () => { dragged = null; clear(); });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged.contains(item)) return;
      event.preventDefault();
      clear();
      row.dataset.drop = place(event, row);
    });
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged && !dragged.contains(item)) send(item, place(event, row));
    });
  }
})();
