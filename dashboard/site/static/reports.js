// The list of reports: the address's parameters in, the rows that match out, counted, sorted,
// drawn a page at a time, and as CSV. What the files hold is said in `dashboard/site/reports.py`.

import { csvText } from "./csv.js";
import { fill } from "./fill.js";

const PAGE = 50;
const FIELDS = ["year", "region", "kind", "level", "status", "reading", "severity", "rule", "theme", "outcome"];
const OF_REPORTS = ["reading", "severity", "rule", "theme", "outcome"];
const FIGURES = ["received", "disposed", "carried_forward"];
const BOUNDS = FIGURES.flatMap((name) => [`min.${name}`, `max.${name}`]);
const OTHERS = ["sort", "page", "lang"];
const COUNT = /^\d{1,9}$/;
const STATUS = FIELDS.indexOf("status");
const WEIGHTS = ["error", "warning", "info"];
const WELL = { year: /^(\d{4}|none)$/, region: /^(\d{6}|none)$/ };

const form = document.querySelector("form.search");
const status = document.querySelector("#status");
const bad = document.querySelector("#bad");
const summary = form.querySelector("summary");
const folded = summary.textContent;
const tools = document.querySelector("#tools");
const save = document.querySelector("#save");
const ruleLink = document.querySelector("#rule");
const pager = document.querySelector("#pager");
const table = document.querySelector("#reports");
const body = table.tBodies[0];
const captions = [...table.tHead.rows[0].cells].map((head) => head.textContent);
const say = JSON.parse(form.dataset.words);
const all = form.elements.year.options[0].textContent;
// Rows are of no language; words, and the pages that are led to, are of this one.
const lists = new URL("../list/", import.meta.url);
const root = new URL("./", document.querySelector(".brand").href);
const foreign = document.documentElement.lang === "zh-CN" ? {} : { lang: "zh-CN" };
const names = new Intl.Collator("zh-CN");
const kept = new Map();

const number = (value) =>
  value === null ? say.unknown : value.toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "\u2212");

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const load = (name) => {
  if (!kept.has(name)) {
    const where = name === "about" ? new URL("list/", root) : lists;
    const loaded = fetch(new URL(`${name}.json`, where)).then((answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return answer.json();
    });
    loaded.catch(() => kept.delete(name));
    kept.set(name, loaded);
  }
  return kept.get(name);
};

// A row by the names of its fields, agencies and codes put in.
const opened = (about, year, packed) => {
  const row = Object.fromEntries(about.fields.map((field, at) => [field, packed[at]]));
  const [id, slug, name, code, region, kind, level] = about.agencies[row.agency];
  const told = {
    ...row, id, slug, name, code, region, kind, level, year,
    rules: row.rules.map((at) => about.rule[at]),
    themes: row.themes.map((at) => about.theme[at]),
  };
  told.values = FIELDS.map((field) => VALUES[field](told));
  return told;
};

const shard = async (about, year) => {
  const key = `rows ${year}`;
  if (!kept.has(key)) kept.set(key, (await load(year)).map((packed) => opened(about, year, packed)));
  return kept.get(key);
};

// What a row is counted under in each choice: it passes where one of these is asked for. A region's
// report is counted in all regions above it, so asking for one takes in all below.
const VALUES = {
  year: (row) => [row.year],
  region: ({ code }) => (code === null ? ["none"] : [...new Set([`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code])]),
  kind: (row) => [row.kind ?? "none"],
  level: (row) => [row.level ?? "none"],
  status: (row) => [row.status ?? "none"],
  reading: (row) => [row.reading],
  severity: (row) => WEIGHTS.filter((one) => row[one] > 0),
  rule: (row) => row.rules.map(([code]) => code),
  theme: (row) => row.themes.map(([code]) => code),
  outcome: (row) => [WEIGHTS.some((one) => row[one] > 0) && "fail", row.passed > 0 && "pass", row.skipped > 0 && "skip"],
};

const KEYS = {
  agency: (row) => row.name ?? null,
  region: (row) => row.code,
  year: (row) => (row.year === "none" ? null : Number(row.year)),
  status: (row) => row.days_late ?? row.status,
  reading: (row) => row.reading,
};

// What the address asks for; words that aren't known are told, and don't narrow.
const asked = (about, search) => {
  const given = new URLSearchParams(search);
  const problems = [];
  const found = { sort: "", page: 1 };
  for (const name of FIELDS) {
    const words = given.getAll(name).join(",").split(",").map((word) => word.trim()).filter(Boolean);
    const known = new Set(about[name].map(([code]) => code));
    const fits = (word) => (WELL[name] ?? { test: () => known.has(word) }).test(word);
    problems.push(...words.filter((word) => !fits(word)).map((word) => `${name}=${word}`));
    found[name] = [...new Set(words.filter(fits))];
  }
  for (const name of BOUNDS) {
    const word = (given.get(name) ?? "").trim();
    found[name] = COUNT.test(word) ? word : "";
    if (word && !found[name]) problems.push(`${name}=${word}`);
  }
  for (const name of new Set(given.keys())) if (![...FIELDS, ...BOUNDS, ...OTHERS].includes(name)) problems.push(`${name}=${given.get(name)}`);
  const sort = given.get("sort") ?? "";
  if (say.columns.includes(sort.replace(/^-/, ""))) found.sort = sort;
  else if (sort) problems.push(`sort=${sort}`);
  const page = given.get("page") ?? "1";
  if (/^[1-9]\d{0,6}$/.test(page)) found.page = Number(page);
  else problems.push(`page=${page}`);
  let both = "";
  if (found.rule.length && found.outcome.some((one) => one !== "fail")) {
    both = `${say.both} outcome=${found.outcome.join(",")}`;
    found.outcome = [];
  }
  bad.textContent = [problems.length ? fill(say.bad, { what: problems.join(say.and) }) : "", both].filter(Boolean).join(" ");
  return found;
};

const query = (state) => {
  const parts = new URLSearchParams();
  for (const name of FIELDS) if (state[name].length) parts.set(name, state[name].join(","));
  for (const name of BOUNDS) if (state[name]) parts.set(name, state[name]);
  if (state.sort) parts.set("sort", state.sort);
  if (state.page > 1) parts.set("page", state.page);
  return String(parts).replaceAll("%2C", ",");
};

// What is unknown is in no range.
const within = (rows, state) => {
  const ranges = FIGURES.filter((name) => state[`min.${name}`] || state[`max.${name}`]).map((name) => [
    name,
    Number(state[`min.${name}`] || -Infinity),
    Number(state[`max.${name}`] || Infinity),
  ]);
  return rows.filter((row) => ranges.every(([name, from, to]) => row[name] !== null && row[name] >= from && row[name] <= to));
};

// A report is listed where it passes; what isn't here only where a status is asked for. A choice
// counts what passes all others.
const sifted = (rows, state) => {
  const wanted = FIELDS.map((name) => (state[name].length ? new Set(state[name]) : null));
  const counts = FIELDS.map(() => new Map());
  const found = [];
  const count = (at, row) => {
    for (const value of row.values[at]) counts[at].set(value, (counts[at].get(value) ?? 0) + 1);
  };
  for (const row of rows) {
    const here = row.report !== null;
    let missed = here || wanted[STATUS] ? -1 : STATUS;
    let more = false;
    for (let at = 0; at < wanted.length && !more; at += 1) {
      if (!wanted[at] || ((here || !OF_REPORTS.includes(FIELDS[at])) && row.values[at].some((one) => wanted[at].has(one)))) continue;
      more = missed >= 0;
      missed = at;
    }
    if (more) continue;
    if (missed >= 0) {
      if (here || missed === STATUS) count(missed, row);
      continue;
    }
    found.push(row);
    for (let at = 0; at < wanted.length; at += 1) if (here || !OF_REPORTS.includes(FIELDS[at])) count(at, row);
  }
  return { found, counts: Object.fromEntries(FIELDS.map((name, at) => [name, counts[at]])) };
};

const sorted = (rows, sort) => {
  if (!sort) return rows;
  const falling = sort.startsWith("-") ? -1 : 1;
  const name = sort.replace(/^-/, "");
  const key = KEYS[name] ?? ((row) => (row.report === null ? null : row[name]));
  const compare = (a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (typeof a !== typeof b) return falling * (typeof a === "number" ? 1 : -1);
    return falling * (typeof a === "number" ? a - b : names.compare(a, b));
  };
  return rows.map((row) => [key(row), row]).sort(([a], [b]) => compare(a, b)).map(([, row]) => row);
};

const address = (row) => (row.report === null ? `agencies/${row.slug}.html` : `reports/${row.report}.html`);
// An agency without a name is told apart by its file, as where no script runs.
const nameOf = (row) => row.name ?? fill(say.unnamed, { file: row.id.replace(/^doc-/, "").slice(0, 8) });
const yearOf = (row) => (row.year === "none" ? say.no_year : fill(say.year, { year: row.year }));
const statusOf = (about, row) => about.status.find(([code]) => code === (row.status ?? "none")) ?? ["none", say.unknown, "", ""];
const lateness = (row, title) => (row.days_late === null ? title : fill(say.days, { n: row.days_late }));
const readingOf = (about, row) => about.reading.find(([code]) => code === row.reading);

const drawn = (about, row) => {
  const made = element("tr");
  const head = element("th", "", { scope: "row" });
  const link = element("a", "", { href: new URL(address(row), root).href });
  link.append(element("span", nameOf(row), row.name ? foreign : {}));
  head.append(link);
  const [, title, sign, expected] = statusOf(about, row);
  const state = element("td", "", { class: "short" });
  const tag = element("span", "", { class: `gr-tag ${expected}` });
  if (sign) tag.append(element("span", sign, { "aria-hidden": "true" }), " ");
  tag.append(lateness(row, title));
  state.append(tag);
  const read = element("td", "", { class: "short" });
  if (row.report === null) read.append(say.absent);
  else {
    const [, words, mark] = readingOf(about, row);
    read.append(element("span", mark, { "aria-hidden": "true" }), ` ${words}`);
  }
  made.append(head, element("td", row.region, foreign), element("td", yearOf(row), { class: "short" }), state, read);
  say.columns.forEach((name, at) => {
    if (at < 5) return;
    const weight = WEIGHTS.includes(name) && (row[name] ? ` ${name}` : name === "error" ? "" : " nil");
    const told = { class: `num${weight || ""}`, "data-label": captions[at] };
    made.append(element("td", row.report === null ? "" : number(row[name]), told));
  });
  return made;
};

const csv = (about, rows) => {
  const word = (name, code) => (code === null ? "" : (about[name].find(([one]) => one === code)?.[1] ?? code));
  const told = {
    agency: (row) => nameOf(row),
    year: (row) => (row.year === "none" ? "" : Number(row.year)),
    kind: (row) => word("kind", row.kind),
    level: (row) => word("level", row.level),
    status: (row) => statusOf(about, row)[1],
    reading: (row) => (row.report === null ? say.absent : readingOf(about, row)[1]),
    rules: (row) => row.rules.map(([, label]) => label).join(";"),
    themes: (row) => row.themes.map(([, label]) => label).join(";"),
    link: (row) => new URL(address(row), root).href,
    agency_id: (row) => row.id,
    region_code: (row) => row.code,
    report_id: (row) => row.report,
    rule_codes: (row) => row.rules.map(([code]) => code).join(";"),
    theme_codes: (row) => row.themes.map(([code]) => code).join(";"),
  };
  const cell = (row, name) => (told[name] ? told[name](row) : row[name]);
  const lines = rows.map((row) => say.taken.map(([name]) => cell(row, name)));
  return csvText([say.taken.map(([, label]) => label), ...lines]);
};

// The field that somebody is typing in: nobody else writes there.
let typing = null;

// What the choices offer; several at once, as an address may ask, are one more choice.
const choose = (about, state, counts, whole) => {
  for (const name of FIELDS) {
    const select = form.elements[name];
    const known = new Map(about[name].map(([code, label, depth]) => [code, `${name === "region" ? "\u3000".repeat(depth) : ""}${label}`]));
    const counted = name !== "year" || whole;
    const options = [...known].map(([code, label]) => {
      const n = counted && counts ? ` (${number(counts[name].get(code) ?? 0)})` : "";
      return element("option", `${label}${n}`, { value: code });
    });
    const value = state[name].join(",");
    if (value && !known.has(value)) {
      const label = state[name].map((code) => (known.get(code) ?? code).trim()).join(say.and);
      options.unshift(element("option", label, { value }));
    }
    select.replaceChildren(element("option", all, { value: "" }), ...options);
    select.value = value;
    select.closest("label").hidden = !known.size && !value;
  }
  for (const name of BOUNDS) {
    const field = form.elements[name];
    if (field !== typing) field.value = state[name];
  }
};

// On a phone the choices are folded: what is chosen stands on their summary.
const summed = (about, state) => {
  const labels = FIELDS.flatMap((name) => state[name].map((code) => about[name].find(([one]) => one === code)?.[1] ?? code));
  const ranges = FIGURES.filter((name) => state[`min.${name}`] || state[`max.${name}`]).map((name) => {
    const legend = form.elements[`min.${name}`].closest("fieldset").firstElementChild.textContent;
    const [from, to] = [state[`min.${name}`], state[`max.${name}`]];
    return `${legend} ${from && to ? `${from}–${to}` : from ? `≥ ${from}` : `≤ ${to}`}`;
  });
  summary.replaceChildren(folded);
  for (const one of [...labels, ...ranges]) summary.append(" ", element("span", one, { class: "chip" }));
};

const turn = (state, page, text, rel) => {
  const link = element("a", text, { rel, href: `?${query({ ...state, page })}` });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go({ ...state, page }, true);
  });
  return link;
};

const paged = (state, pages) => {
  const { previous, following, position } = pager.dataset;
  pager.replaceChildren();
  if (pages < 2) return;
  if (state.page > 1) pager.append(turn(state, state.page - 1, previous, "prev"), " ");
  pager.append(element("span", fill(position, { page: state.page, pages })));
  if (state.page < pages) pager.append(" ", turn(state, state.page + 1, following, "next"));
};

let now = null;

const heads = (state) => {
  for (const head of table.querySelectorAll("th[data-sort]")) {
    const name = head.dataset.sort;
    const falling = state.sort === `-${name}`;
    if (state.sort.replace(/^-/, "") === name) head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
};

const show = async (about, state) => {
  const mine = { about, state, rows: [] };
  now = mine;
  const whole = !state.year.length;
  const years = about.shards.map(([year]) => year).filter((year) => whole || state.year.includes(year));
  const shards = await Promise.all(years.map((year) => shard(about, year)));
  if (mine !== now) return;
  const { found, counts } = sifted(within(shards.flat(), state), state);
  mine.rows = sorted(found, state.sort);
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  state.page = Math.min(state.page, pages);
  const first = (state.page - 1) * PAGE;
  const drawnRows = mine.rows.slice(first, first + PAGE);
  body.replaceChildren(...drawnRows.map((row) => drawn(about, row)));
  const reports = found.filter((row) => row.report !== null).length;
  const told = {
    n: number(found.length), r: number(reports), a: number(found.length - reports),
    m: number(about.shards.reduce((sum, [, n]) => sum + n, 0)),
    first: number(first + 1), last: number(first + drawnRows.length),
  };
  const words = !found.length ? say.nothing : reports < found.length ? say.shown_absent : say.shown;
  status.textContent = fill(words, told);
  save.hidden = !found.length;
  const rule = state.rule.length === 1 && about.rule.find(([code]) => code === state.rule[0]);
  ruleLink.hidden = !rule;
  if (rule) ruleLink.href = new URL(rule[3], root).href;
  heads(state);
  paged(state, pages);
  choose(about, state, counts, whole);
  summed(about, state);
};

const failed = (error) => {
  console.error(error);
  status.textContent = say.failed;
};

const go = (state, turned = false) => {
  const asks = query(state);
  history.pushState(null, "", `${new URL("index.html", location.href).pathname}${asks ? `?${asks}` : ""}`);
  bad.textContent = "";
  load("about").then((about) => show(about, state)).then(() => {
    if (turned) status.scrollIntoView({ block: "nearest" });
  }).catch(failed);
};

const bound = (name) => {
  const word = form.elements[name].value.trim();
  return COUNT.test(word) ? word : "";
};

const chosen = () => ({
  ...Object.fromEntries(BOUNDS.map((name) => [name, bound(name)])),
  ...Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value.split(",").filter(Boolean)])),
  sort: now?.state.sort ?? "",
  page: 1,
});

// On a phone the reports come first; a wide screen has room for both.
form.querySelector(".filters").open = matchMedia("(min-width: 40rem)").matches;
form.hidden = false;
tools.hidden = false;
document.querySelector("#without-script").hidden = true;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  typing = event.target;
});
form.addEventListener("change", () => {
  begun.then(() => {
    typing = null;
    go(chosen());
  });
});
document.querySelector("#clear").addEventListener("click", async () => {
  await begun;
  form.reset();
  now = null;
  go(chosen());
});
for (const head of table.querySelectorAll("th[data-sort]")) {
  const name = head.dataset.sort;
  const button = element("button", head.textContent, { type: "button", class: "sorts" });
  button.addEventListener("click", async () => {
    await begun;
    const first = say.columns.indexOf(name) >= 5 || name === "year" ? [`-${name}`, name] : [name, `-${name}`];
    const state = chosen();
    go({ ...state, sort: state.sort === first[0] ? first[1] : first[0] });
  });
  head.replaceChildren(button);
}
save.addEventListener("click", async () => {
  try {
    await begun;
    const about = await load("about");
    if (!now) await show(about, chosen());
    const asks = query({ ...now.state, page: 1 }).replace(/[^\w.=&,-]/g, "").replaceAll("&", "-");
    const file = URL.createObjectURL(new Blob([csv(about, now.rows)], { type: "text/csv" }));
    element("a", "", { href: file, download: `${say.file}${asks ? `-${asks}` : ""}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(file), 1000);
  } catch (error) {
    failed(error);
  }
});

// Without a question the plain page stands as it is, and no rows are fetched.
const open = async () => {
  typing = null;
  try {
    const about = await load("about");
    const state = asked(about, location.search);
    if (query(state)) await show(about, state);
    else if (now) await show(about, state);
    else choose(about, state, null, true);
  } catch (error) {
    failed(error);
  }
};
window.addEventListener("popstate", open);
// Who asks for something before that keeps what the address has asked for.
const begun = open();
