// Shows a number, a result or a point together with its source: the one in its place on the page,
// the other marked in the listing beside it. A bar says how to cite it, and leads back.
// Without this script each number leads to its mark, and the mark is itself the way back.
// `words`, of all languages, is put before these lines when the site is made.
const said = words[document.documentElement.lang];
const panel = document.querySelector(".source");
const pages = panel.querySelector(".pages");
const bar = document.createElement("div");
const quote = document.createElement("p");
const cite = document.createElement("a");
const report = document.querySelector("[data-wrong]");
const wrong = document.createElement("a");
const back = document.createElement("a");
bar.className = "asked";
bar.hidden = true;
quote.className = "quote";
back.className = "back";
cite.className = "cite";
// Until something is asked they are hidden; a link without an address would be none.
cite.href = back.href = wrong.href = "#main";
bar.append(quote, cite, ...(report ? [wrong] : []), back);
panel.append(bar);

// What an address names; a bad one names nothing. A part of the source that nothing on the page
// leads to has no id until it is asked for, by a search: p-7 is the eighth.
const named = (hash) => {
  try {
    const id = decodeURIComponent(hash.slice(1));
    const part = /^p-(\d+)$/.exec(id);
    return document.getElementById(id) ?? (part && pages.querySelectorAll("li, td, i")[Number(part[1])]) ?? null;
  } catch {
    return null;
  }
};

// What is cited: a cell, a result, a point; of a mark the cell that was clicked, or that it names.
const citedOf = (target, clicked) => {
  if (!panel.contains(target)) return target.closest(".gr-form td") ?? (target.matches("li[id]") ? target : null);
  if (clicked) return clicked;
  const link = target.matches("a") ? target : target.matches("mark") ? target.querySelector("a") : null;
  return link && named(link.hash).closest("td");
};

// Its mark in the source: its own, else that of the first cell it rests on.
const markOf = (target) => {
  if (!target || panel.contains(target)) return target;
  const links = target.matches("a") ? [target] : [...target.querySelectorAll('a[href^="#"]:not(.cite)')];
  const found = links.map((one) => named(one.hash)).find(Boolean);
  return found === target ? null : markOf(found);
};

const opened = (element) => {
  for (let at = element.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
};

// The listing goes to the mark by itself where it is a pane of its own; the page stays where it is.
const bring = (mark) => {
  const wide = mark.closest(".gr-scroll");
  if (wide && wide.scrollWidth > wide.clientWidth) {
    const aside = mark.getBoundingClientRect().left - wide.getBoundingClientRect().left;
    wide.scrollLeft += aside - wide.clientWidth / 2;
  }
  if (pages.scrollHeight <= pages.clientHeight + 1) return;
  const off = mark.getBoundingClientRect().top - pages.getBoundingClientRect().top;
  pages.scrollTop += off - pages.clientHeight / 3;
};

const around = (mark) => {
  const line = (mark.closest("tr, i, li") ?? mark).textContent.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
};

// A cell's headings above it, each once; the cells of a row end where its table does.
const above = (cell) => {
  const lines = [...cell.closest("table").tHead.rows];
  const grid = lines.map(() => []);
  lines.forEach((line, y) => {
    for (const one of line.cells) {
      const x = [...grid[y], null].findIndex((taken) => !taken);
      for (const row of grid.slice(y, y + one.rowSpan)) for (let n = 0; n < one.colSpan; n += 1) row[x + n] = one;
    }
  });
  const at = grid[0].length - cell.parentElement.cells.length + cell.cellIndex;
  return [...new Set(grid.map((row) => row[at]))];
};

const labelled = (element) => {
  if (!element.matches("td")) return element.querySelector("p, span")?.textContent.trim() ?? "";
  const heads = [...element.parentElement.querySelectorAll("th"), ...above(element)].map((one) => one.textContent.trim());
  return `${heads.join(" ")}: ${element.querySelector("a, span")?.firstChild?.textContent.trim() ?? ""}`;
};

const told = (cited, mark) => {
  const hash = `#${cited.id || cited.firstElementChild.id}`;
  const address = new URL(hash, location.href).href;
  const label = labelled(cited);
  cite.href = hash;
  cite.textContent = `${said.cite} ¶`;
  cite.dataset.text = `${panel.dataset.whose}\n${label}\n${address}`;
  if (report) {
    wrong.href = report.href + encodeURIComponent(`${label}\n${address}\n`);
    wrong.textContent = said.error_here;
  }
  back.href = hash;
  back.textContent = said.back;
  back.hidden = !cited.matches("td");
  quote.textContent = mark ? around(mark) : "";
};

let from = null;
const show = (clicked, asked = true) => {
  for (const one of document.querySelectorAll("[data-asked]")) one.removeAttribute("data-asked");
  const target = asked && location.hash ? named(location.hash) : null;
  const cited = target && citedOf(target, clicked);
  bar.hidden = !cited;
  from = cited;
  if (!cited) {
    // A part without an id, which nothing else would show.
    if (target && !target.id) {
      target.dataset.asked = "";
      target.scrollIntoView({ block: "center" });
    }
    return;
  }
  const mark = markOf(target);
  cited.dataset.asked = "";
  if (mark) {
    mark.dataset.asked = "";
    opened(mark);
    bring(mark);
  }
  told(cited, mark);
};

let clicked = null;
let leaving = false;
back.addEventListener("click", () => {
  leaving = true;
});
document.addEventListener("click", (event) => {
  clicked = event.target.closest?.(".gr-form td")?.closest("td") ?? null;
});
cite.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(cite.dataset.text);
    cite.textContent = said.copied;
  } catch {
    // The address bar has it.
  }
});
// A cell by its id in the app, as addresses were before.
const renamed = async () => {
  const key = /^#c-(\w+)\.(\w+)\.(\w+)$/.exec(location.hash);
  if (!key || named(location.hash)) return;
  const { numbers } = await import("./cells.js");
  const number = numbers[key[1]]?.[key[2]]?.[key[3]];
  if (number) location.replace(`#c${number}`);
};
addEventListener("hashchange", () => {
  renamed();
  show(clicked, !leaving);
  clicked = null;
  leaving = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !bar.hidden && !back.hidden) back.click();
});
renamed();
// Come from elsewhere: what is cited is brought into view, beside its source.
show(null);
if (from) {
  opened(from);
  from.scrollIntoView({ block: "center" });
  if (named(location.hash)) bring(markOf(named(location.hash)) ?? from);
}
