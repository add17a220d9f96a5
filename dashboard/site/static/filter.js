// A search box over the rows of a table: what doesn't contain the words is hidden. Of a table over
// several pages the others' rows are fetched when the box is first used, and shown where they fit.
const box = document.querySelector("input[data-filter]");
if (box) {
  const body = document.querySelector(`#${box.dataset.filter} tbody`);
  const output = document.querySelector("output[data-found]");
  const own = [...body.rows];
  const pages = (box.dataset.pages ?? "").split(" ").filter(Boolean);
  const text = (row) => row.textContent.toLowerCase();
  const known = own.map((row) => [row, text(row)]);
  let further = null;

  const rowsOf = async (page) => {
    const answer = await fetch(page);
    if (!answer.ok) return [];
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...read.querySelectorAll(`#${box.dataset.filter} tbody tr`)].map((row) => document.importNode(row, true));
  };

  const all = async () => {
    const found = (await Promise.all(pages.map(rowsOf))).flat();
    for (const row of found) known.push([row, text(row)]);
    body.append(...found);
  };

  const show = async () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length && pages.length) await (further ??= all());
    if (words.join(" ") !== box.value.toLowerCase().split(/\s+/).filter(Boolean).join(" ")) return;
    let found = 0;
    for (const [row, said] of known) {
      const fits = words.length ? words.every((word) => said.includes(word)) : own.includes(row);
      row.hidden = !fits;
      found += fits ? 1 : 0;
    }
    output.textContent = words.length ? output.dataset.found.replace("#", found) : "";
  };
  box.closest("[hidden]").hidden = false;
  box.addEventListener("input", show);
  show();
}
