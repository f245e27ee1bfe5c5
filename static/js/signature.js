// A signature drawn with a finger, a pen or a mouse; sent as a picture on white, and only where something was drawn.
const canvas = document.querySelector("[data-signature]");

if (canvas) {
  const pen = canvas.getContext("2d");
  const field = canvas.form ?? canvas.closest("form");
  const kept = field.elements.signature;
  const wipe = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    kept.value = "";
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  let drawing = false;
  wipe();
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.strokeStyle = "#14232a";
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...place(event));
    pen.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (drawing) kept.value = canvas.toDataURL("image/png");
      drawing = false;
    });
  }
  document.querySelector("[data-signature-clear]").addEventListener("click", wipe);
}
