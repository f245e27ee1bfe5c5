// A question opened by the link of a letter. Programs that check mail run scripts as well, so the form tells whether
// anything but a script touched the page: a hand, a key, or what assistive technology does in their place. Browsers mark
// those events, and no others, as trusted. What a press leads to ("change", "submit") is trusted whoever pressed.
const form = document.querySelector("[data-vote]");

if (form) {
  const { touched } = form.elements;
  let times = 0;
  touched.value = "0";
  for (const event of ["pointerdown", "keydown", "click"]) {
    window.addEventListener(event, (e) => { if (e.isTrusted) touched.value = String(++times); }, true);
  }

  // The figure that was pressed in the letter need not be chosen a second time: the hand that sends it is enough.
  const pressed = form.dataset.vote && form.querySelector(`[name="score"][value="${form.dataset.vote}"]`);
  if (pressed && !form.querySelector('[name="score"]:checked')) {
    pressed.checked = true;
    document.querySelectorAll("[data-scripted]").forEach((words) => { words.hidden = false; });
    document.querySelectorAll("[data-unscripted]").forEach((words) => { words.hidden = true; });
  }
}
