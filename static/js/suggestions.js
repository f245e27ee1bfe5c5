// Which suggestions were really seen: at least half of a card, for at least a second, on a page that is looked at. Told
// once, when the reader leaves the page or turns away from it, together with what they opened.

const HALF = 0.5;
const A_SECOND = 1000;
const MOST = 100; // of one telling; the server looks at no more
const BLOCK = "[data-suggestion-kind]";
const CARD = `${BLOCK} [data-sku], ${BLOCK}[data-sku]`;

const seen = { shown: new Set(), clicked: new Set() };
const told = { shown: new Set(), clicked: new Set() };
const waiting = new WeakMap();
const url = document.querySelector("script[data-seen]")?.dataset.seen;

const lineOf = (card) => {
  const { suggestionKind, suggestionPlace } = card.closest(BLOCK).dataset;
  return `${suggestionKind} ${suggestionPlace} ${card.dataset.sku}`;
};

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(waiting.get(target));
      if (!isIntersecting) continue;
      waiting.set(
        target,
        setTimeout(() => {
          if (document.hidden || !target.isConnected) return;
          seen.shown.add(lineOf(target));
          watcher.unobserve(target);
        }, A_SECOND),
      );
    }
  },
  { threshold: HALF },
);

const watch = (root) => root.querySelectorAll?.(CARD).forEach((card) => watcher.observe(card));

const tell = () => {
  const form = new FormData();
  let lines = 0;
  for (const step of ["clicked", "shown"]) {
    for (const line of seen[step]) {
      if (told[step].has(line) || lines >= MOST) continue;
      told[step].add(line);
      form.append(step, line);
      lines += 1;
    }
  }
  if (!lines) return;
  form.append("csrfmiddlewaretoken", document.querySelector('meta[name="csrf-token"]')?.content ?? "");
  navigator.sendBeacon(url, form);
};

if (url) {
  watch(document);
  document.addEventListener("htmx:load", (e) => watch(e.target));
  document.addEventListener(
    "click",
    (e) => {
      const card = e.target instanceof Element && e.target.closest("a[href]")?.closest(CARD);
      if (card) seen.clicked.add(lineOf(card));
    },
    true,
  );
  document.addEventListener("visibilitychange", () => document.hidden && tell());
  window.addEventListener("pagehide", tell);
}
