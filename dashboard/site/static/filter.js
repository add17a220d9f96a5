// A search box over the rows of a table: what doesn't contain the words is hidden. Of a table over
// several pages the others' rows are fetched when the box is first used, and shown where they fit.
const AT_ONCE = 6;
const box = document.querySelector("input[data-filter]");
if (box) {
  const body = document.querySelector(`#${box.dataset.filter} tbody`);
  const output = document.querySelector("output[data-found]");
  const own = [...body.rows];
  const pages = (box.dataset.pages ?? "").split(" ").filter(Boolean);
  const text = (row) => row.textContent.toLowerCase();
  const known = own.map((row) => [row, text(row)]);
  const fetched = new Map();
  let further = null;

  const rowsOf = async (page) => {
    const answer = await fetch(page);
    if (!answer.ok) throw new Error(`${page}: ${answer.status}`);
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...read.querySelectorAll(`#${box.dataset.filter} tbody tr`)].map((row) => document.importNode(row, true));
  };

  // A few at a time; a page that isn't had now is asked for again with the next words.
  const all = async () => {
    const waiting = pages.filter((page) => !fetched.has(page));
    const some = async () => {
      for (let page = waiting.shift(); page; page = waiting.shift()) {
        const rows = await rowsOf(page).catch(() => null);
        if (!rows) continue;
        fetched.set(page, rows);
        for (const row of rows) known.push([row, text(row)]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, some));
    body.append(...pages.flatMap((page) => fetched.get(page) ?? []));
    if (fetched.size < pages.length) further = null;
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
    const told = fetched.size < pages.length ? output.dataset.notAll : output.dataset.found.replace("#", found);
    output.textContent = words.length ? told : "";
  };
  box.closest("[hidden]").hidden = false;
  box.addEventListener("input", show);
  show();
}
