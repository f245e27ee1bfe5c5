// Who follows a piece of news has read it. Without a script there is a button for that.

document.addEventListener("click", (e) => {
  const link = e.target instanceof Element && e.target.closest("[data-reads]");
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (!link || !token) return;
  fetch(link.dataset.reads, { method: "POST", keepalive: true, headers: { "X-CSRFToken": token, "X-Quiet": "1" } });
  link.removeAttribute("data-reads");
  link.closest(".is-unread")?.classList.remove("is-unread");
});
