// What scripts add to the quick order: the next code may be typed or scanned as soon as the last one is sent, and a
// camera reads barcodes where the browser can.

const entry = document.getElementById("quick-add");
const answer = document.getElementById("quick-answer");

document.addEventListener("htmx:afterRequest", (e) => {
  if (e.target !== entry || !e.detail.successful || e.detail.xhr.getResponseHeader("HX-Retarget")) return;
  entry.reset();
  answer.replaceChildren();
  entry.elements.code.focus();
});

// An answer to what was being typed that comes after the line was added speaks of nothing any more.
document.addEventListener("htmx:beforeSwap", (e) => {
  if (e.detail.target === answer && !entry.elements.code.value) e.detail.shouldSwap = false;
});

// --- The camera -----------------------------------------------------------------------------------------------------

const EVERY = 200; // milliseconds between two looks
const REST = 1500; // before the same code counts again

async function scan() {
  const dialog = document.getElementById("quick-scanner").content.firstElementChild.cloneNode(true);
  const video = dialog.querySelector("video");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return; // no camera, or not allowed: typing and scanners go on
  }
  document.body.append(dialog);
  dialog.showModal();
  video.srcObject = stream;
  await video.play();
  const detector = new BarcodeDetector();
  let [last, at] = ["", 0];
  const timer = setInterval(async () => {
    const [found] = await detector.detect(video).catch(() => []);
    if (!found || (found.rawValue === last && Date.now() - at < REST)) return;
    [last, at] = [found.rawValue, Date.now()];
    entry.elements.code.value = found.rawValue;
    entry.requestSubmit();
  }, EVERY);
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  });
}

const camera = document.querySelector("[data-scan]");
if (camera && "BarcodeDetector" in window && navigator.mediaDevices) {
  camera.hidden = false;
  camera.addEventListener("click", scan);
}
