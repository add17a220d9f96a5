// Marks the cell whose number's source is shown, and leads back to it, by a link and by Escape.
// Without this script the marked number in the source is itself the way back.
const panel = document.querySelector(".source");
const back = document.createElement("a");
back.className = "back";
back.hidden = true;
panel.append(back);

const named = (hash) => document.getElementById(decodeURIComponent(hash.slice(1)));

// The cell a mark belongs to: the one that was clicked, else the one its own link names.
const cellOf = (mark, clicked) => {
  if (clicked) return clicked;
  const link = mark.matches("mark") ? mark.querySelector('a[href^="#c-"]') : null;
  return link && named(link.hash);
};

const show = (clicked) => {
  document.querySelector("td[data-asked]")?.removeAttribute("data-asked");
  const mark = location.hash && named(location.hash);
  const cell = mark && panel.contains(mark) ? cellOf(mark, clicked) : null;
  back.hidden = !cell;
  if (!cell) return;
  cell.dataset.asked = "";
  back.href = `#${cell.id}`;
  back.textContent = panel.dataset.back;
};

let clicked = null;
document.addEventListener("click", (event) => {
  clicked = event.target.closest?.(".gr-form td")?.closest("td") ?? null;
});
addEventListener("hashchange", () => {
  const cell = location.hash && named(location.hash);
  if (cell?.matches?.(".gr-form td")) cell.querySelector("a")?.focus({ preventScroll: true });
  show(clicked);
  clicked = null;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !back.hidden) back.click();
});
show(null);
