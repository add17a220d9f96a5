// The search box of problems and improvements; its state is the address's query.
import { csvText } from "./csv.js";
import * as index from "./search.js";
import { fill } from "./fill.js";

const PAGE = 20;
const MOST_HITS = 3;
const FIVE = "s5_problems";
const AROUND = 60;
const SENTENCE = /[^。！？；!?;\n\t]*[。！？；!?;\n\t]*[”’」』）)]*/gu;

const form = document.querySelector("form.search");
const results = document.querySelector("#found");
const status = document.querySelector("#status");
const bad = document.querySelector("#bad");
const more = document.querySelector("#more");
const save = document.querySelector("#save");
const say = JSON.parse(form.dataset.words);
const fields = ["q", "year", "region", "kind", "theme", "section", "agency"];
const choices = fields.slice(1, -1);
const { root } = index;
// What is found is Chinese, whatever the page's language; the words beside it are the page's.
const own = results.lang ? { lang: document.documentElement.lang } : {};
const figure = (number) => number.toLocaleString("en-US");

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const link = (address, fragment, text, attributes) => {
  const to = new URL(address, root);
  to.hash = fragment;
  return element("a", text, { href: to.href, ...attributes });
};

const marked = (text, spans) => {
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    parts.push(text.slice(at, start), element("mark", text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
};

// The first sentences that have one of the words, whole unless very long, the words marked.
const sentences = (text, spans) => {
  const shown = [];
  let until = 0;
  for (const found of text.matchAll(SENTENCE)) {
    const first = found.index;
    const last = first + found[0].length;
    const here = spans.filter(([start]) => start >= first && start < last);
    if (!here.length || first < until || shown.length === MOST_HITS) continue;
    until = Math.max(last, here.at(-1)[1]);
    const low = until - first > 160 ? Math.max(first, here[0][0] - AROUND) : first;
    const high = until - first > 160 ? Math.min(until, here[0][1] + AROUND) : until;
    const inside = here.filter(([a, b]) => a >= low && b <= high).map(([a, b]) => [a - low, b - low]);
    shown.push([low > first ? "…" : "", ...marked(text.slice(low, high), inside), high < until ? "…" : "", " "]);
  }
  return shown;
};

const column = (title, address, points, query, themes) => {
  const made = element("div", "");
  made.append(element("p", title, own));
  const list = element("ul", "", { class: "points" });
  for (const [, text, id, codes] of points) {
    const item = element("li", "");
    item.append(...marked(text, index.spans(text, query)));
    for (const code of codes) item.append(" ", element("small", themes.get(code) ?? code, own));
    item.append(" ", link(address, `point-${id}`, say.see, own));
    list.append(item);
  }
  made.append(points.length ? list : element("p", say.none, own));
  return made;
};

// The line of the source in which a section's first hit stands.
const lineOf = (places, spans) => {
  const part = places.filter(([at]) => at <= (spans[0]?.[0] ?? 0)).at(-1);
  return part ? `p-${part[1]}` : "sections";
};

const passage = (address, [name, text, places], query) => {
  const spans = index.spans(text, query);
  const made = element("p", "");
  made.append(element("small", name, { class: "note", ...own }), " ", ...sentences(text, spans).flat());
  made.append(" ", link(address, lineOf(places, spans), say.see, { class: "src-link", ...own }));
  return made;
};

const row = (hit, query, themes) => {
  const made = element("section", "", { class: "words" });
  const head = element("h2", "");
  head.append(link(hit.address, "points", hit.agency), " ", element("small", `${hit.region} · ${hit.year}`));
  made.append(head);
  if (hit.points.length) {
    [say.problems, say.improvements].forEach((title, kind) => {
      made.append(column(title, hit.address, hit.points.filter((p) => p[0] === kind), query, themes));
    });
  }
  for (const one of hit.passages) made.append(passage(hit.address, one, query));
  return made;
};

const csv = (hits, query, themes) => {
  const rows = hits.flatMap((hit) => {
    const of = (kind, text, codes, fragment, id) => {
      const to = new URL(hit.address, root);
      to.hash = fragment;
      const called = codes.map((code) => themes.get(code) ?? code).join(say.between);
      return [hit.agency, hit.region, hit.year, kind, text, called, to.href, id];
    };
    return [
      ...hit.points.map(([kind, text, id, codes]) => of([say.problems, say.improvements][kind], text, codes, `point-${id}`, id)),
      ...hit.passages.map(([name, text, places]) => of(name, text, [], lineOf(places, index.spans(text, query)), "")),
    ];
  });
  return csvText([say.columns, ...rows]);
};

let now = null;

const tell = () => {
  const { total, exact, parts } = now;
  const real = new Set(now.real.map((hit) => hit.number));
  const looked = parts.reduce((sum, part) => sum + part.looked, 0);
  const done = parts.every((part) => part.done);
  more.hidden = done;
  save.hidden = !real.size;
  if (done) status.textContent = real.size ? fill(say.checked, { n: figure(real.size) }) : say.nothing;
  else if (exact) status.textContent = fill(say.exact, { n: figure(total) });
  else status.textContent = fill(say.most, { n: figure(total), checked: figure(looked), real: figure(real.size) });
};

const step = async () => {
  const mine = now;
  more.disabled = true;
  for (const part of mine.parts) {
    if (part.done) continue;
    const hits = await part.next(PAGE);
    if (mine !== now) return;
    mine.real.push(...hits);
    results.append(...hits.map((hit) => row(hit, mine.query, mine.themes)));
    if (hits.length || !part.done) break;
  }
  more.disabled = false;
  tell();
};

// Whose reports alone are searched, and the way back to all; an agency that isn't here is named.
const whose = async () => {
  const { value } = form.elements.agency;
  const own = value && (await index.ofAgency(value));
  const note = document.querySelector("#whose");
  note.hidden = !value;
  if (!value) return;
  const all = element("a", say.all_agencies, { href: "#" });
  all.addEventListener("click", (event) => {
    event.preventDefault();
    form.elements.agency.value = "";
    address();
    whose().then(search);
  });
  if (!own) {
    note.replaceChildren(fill(say.bad, { name: value }));
    form.elements.agency.value = "";
    return;
  }
  // The name is Chinese, whatever the page's language; an id is of none.
  const [before, after] = say.one_agency.split("{name}");
  const name = element("span", own.name ?? value, own.name ? { lang: "zh-CN" } : {});
  note.replaceChildren(before, name, after, " ", all);
};

const count = (numbers, told, exact) => {
  for (const name of ["year", "kind", "region"]) {
    const counts = new Map();
    for (const n of numbers) {
      const value = told[name][n];
      const all = name === "region" && value !== "none" ? new Set([`${value.slice(0, 2)}0000`, `${value.slice(0, 4)}00`, value]) : [value];
      for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    for (const option of form.elements[name].options) {
      option.dataset.name ??= option.textContent;
      const n = counts.get(option.value) ?? 0;
      if (option.value) option.textContent = `${option.dataset.name} (${exact ? "" : "≤"}${n.toLocaleString("en-US")})`;
    }
  }
};

const search = async () => {
  const asked = Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
  results.replaceChildren();
  more.hidden = true;
  save.hidden = true;
  now = null;
  if (!asked.q) {
    status.textContent = choices.some((name) => asked[name]) ? say.unasked.empty : "";
    return;
  }
  status.textContent = say.searching;
  const mine = {};
  now = mine;
  try {
    await index.ready();
    const query = index.parse(asked.q);
    if (query.problem) {
      status.textContent = say.unasked[query.problem];
      return;
    }
    const told = await index.about();
    const only = asked.theme || asked.section === "all" ? "" : asked.section;
    const names = asked.section && !asked.theme ? (only ? ["other"] : ["five", "other"]) : ["five"];
    // A point of a theme may do without what its section has.
    const sought = asked.theme ? { ...query, without: [] } : query;
    const own = asked.agency && (await index.ofAgency(asked.agency));
    const found = await Promise.all(
      names.map((name) => (own ? { numbers: own.numbers, exact: false } : index.candidates(name, sought))),
    );
    const themes = new Map((await index.words()).themes);
    if (mine !== now) return;
    const some = found.map(({ numbers }) => index.narrowed(numbers, told, asked));
    const total = new Set(some.flat()).size;
    const exact = found.every((one) => one.exact) && !asked.theme && !only;
    count([...new Set(found.flatMap((one) => one.numbers))], told, exact);
    Object.assign(mine, { query, themes, total, exact, real: [] });
    mine.parts = names.map((name, at) => index.checker(name, some[at], query, asked.theme, only));
    await step();
  } catch (error) {
    console.error(error);
    status.textContent = say.failed;
  }
};

const offer = async () => {
  const [told, words] = await Promise.all([index.about(), index.words()]);
  const add = (name, pairs) => form.elements[name].append(...pairs.map(([value, label]) => element("option", label, { value })));
  add("year", told.years.map(([year]) => [year, year === "none" ? say.unknown : year]));
  add("region", words.places);
  add("kind", words.kind_names);
  add("theme", words.themes);
  add("section", Object.entries(words.sections).filter(([code]) => code !== FIVE));
  form.elements.theme.closest("label").hidden = form.elements.theme.options.length < 2;
};

const address = () => {
  const query = new URLSearchParams();
  for (const name of fields) if (form.elements[name].value) query.set(name, form.elements[name].value);
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
};

form.hidden = false;
document.querySelector("#without-script").hidden = true;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  asked();
});
form.addEventListener("change", (event) => {
  if (event.target.name !== "q") asked();
});
more.addEventListener("click", step);
save.addEventListener("click", () => {
  const file = URL.createObjectURL(new Blob([csv(now.real, now.query, now.themes)], { type: "text/csv" }));
  element("a", "", { href: file, download: "govreport-search.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(file), 1000);
});

const given = new URLSearchParams(location.search);
form.elements.q.value = given.get("q") ?? "";
form.elements.agency.value = given.get("agency") ?? "";
// What the address asks for and isn't here to choose is named, never dropped in silence.
const take = () => {
  const odd = [...new Set(given.keys())].filter((name) => ![...fields, "lang"].includes(name));
  for (const name of choices) {
    const value = given.get(name) ?? "";
    form.elements[name].value = value;
    if (form.elements[name].value === value) continue;
    form.elements[name].value = "";
    odd.push(name);
  }
  bad.textContent = odd.map((name) => fill(say.bad, { name: `${name}=${given.get(name)}` })).join(" ");
};
const offered = offer().then(take);
// Who asks before there is anything to choose from keeps what the address had chosen.
const asked = () =>
  offered.then(() => {
    bad.textContent = "";
    address();
    search();
  }, search);
offered
  .then(whose)
  .then(() => now ?? search())
  .catch((error) => {
    console.error(error);
    status.textContent = say.failed;
  });
