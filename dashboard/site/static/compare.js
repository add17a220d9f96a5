// Agencies side by side: `compare` and `year` of the address in, the figures of up to four reports
// out. What the files hold is said in `dashboard/site/compare.py`.
import { fill } from "./fill.js";

const MOST = 4;
const OFFERED = 12;
const FEW = 5;

const form = document.querySelector("form.search");
const bad = document.querySelector("#bad");
const status = document.querySelector("#status");
const chosen = document.querySelector("#chosen");
const found = document.querySelector("#found");
const out = document.querySelector("#compared");
const say = JSON.parse(form.dataset.words);
const files = new URL("../compare/agency/", import.meta.url);
const root = new URL("./", document.querySelector(".brand").href);
const foreign = document.documentElement.lang === "zh-CN" ? {} : { lang: "zh-CN" };
const kept = new Map();

const signed = (text) => text.replace("-", say.minus);
const number = (value) => signed(value.toLocaleString("en-US", { maximumFractionDigits: 6 }));
const percents = new Intl.NumberFormat("en-US", {
  minimumFractionDigits: 1, maximumFractionDigits: 1, roundingMode: "halfEven", signDisplay: "negative",
});
const percent = (share) => fill(say.percent, { number: signed(percents.format(share * 100)) });

// An agency without a name is told apart by its file, as on the other pages.
const nameOf = ([id, , name]) => name ?? fill(say.no_name, { file: id.replace(/^doc-/, "").slice(0, 8) });

const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

const load = (where) => {
  if (!kept.has(where.href)) {
    const loaded = fetch(where).then((answer) => {
      if (!answer.ok) throw Object.assign(new Error(`${where}: ${answer.status}`), { absent: answer.status === 404 });
      return answer.json();
    });
    loaded.catch(() => kept.delete(where.href));
    kept.set(where.href, loaded);
  }
  return kept.get(where.href);
};

// What the address asks for, and what of it can't be followed.
const asked = (agencies) => {
  const given = new URLSearchParams(location.search);
  const wrong = [];
  const known = [];
  const words = (given.get("compare") ?? "").split(",").map((word) => word.trim()).filter(Boolean);
  for (const word of new Set(words)) {
    const why = !agencies.has(word) ? "absent" : known.length === MOST ? "many" : null;
    if (why) wrong.push(fill(say[why], { word: word.slice(0, 40) }));
    else known.push(word);
  }
  let year = given.get("year");
  if (year !== null && !/^\d{4}$/.test(year)) {
    wrong.push(fill(say.odd, { word: year.slice(0, 40) }));
    year = null;
  }
  for (const name of given.keys()) {
    if (!["compare", "year", "lang"].includes(name)) wrong.push(fill(say.no_parameter, { word: name.slice(0, 40) }));
  }
  return { known, year, wrong };
};

const to = (known, year) => {
  const query = new URLSearchParams({ ...(known.length && { compare: known.join(",") }), ...(year && { year }) });
  return `?${query}`.replaceAll("%2C", ",");
};

// How far a figure of two reports compares; of one form all do, but for what it lacks.
const comparable = (code, one, other) => {
  if (say.lacks[one.form]?.includes(code) || say.lacks[other.form]?.includes(code)) return "no";
  if (!one.form || !other.form) return "no";
  return one.form === other.form ? "yes" : say.apart[`${one.form}|${other.form}`]?.[code] ?? "yes";
};

const difference = (code, one, other, value, than, rate) => {
  const how = comparable(code, one, other);
  const sign = say.signs[how] ? `${say.signs[how]} ` : "";
  if (value === null && than === null) return "";
  if (how === "no") return sign + say.unlike;
  if (value === null || than === null) return sign + say.one_unknown;
  const by = Number((value - than).toFixed(6));
  if (by === 0) return sign + say.equal;
  const size = percents.format(Math.abs(by) * 100);
  if (rate && size === "0.0") return sign + say.tiny;
  return sign + (by > 0 ? say.plus : say.minus) + (rate ? fill(say.points, { number: size }) : number(Math.abs(by)));
};

// A row's value in a report: what is compared, how it reads, what stands below it.
const VALUES = {
  figures: (report, at) => ({ value: report.figures[at], text: (value) => number(value) }),
  rates: (report, at) => {
    const [upper, lower, assumed] = report.rates[at] ?? [null, null];
    const parts = upper === null || lower === null ? "" : fill(say.parts, { numerator: number(upper), denominator: number(lower) });
    return { value: upper === null || !lower ? null : upper / lower, text: (value) => percent(value) + (assumed ? say.assumed_mark : ""), parts, why: lower === 0 ? say.base_zero : "" };
  },
};

const cell = (kind, code, at, report, first) => {
  if (report.lost) return element("td", { class: "faint" }, say.not_loaded);
  if (!report.form && !report.slug) return element("td", { class: "faint" }, say.no_report);
  const own = VALUES[kind](report, at);
  const lacking = say.lacks[report.form]?.includes(code);
  const text = own.value !== null ? own.text(own.value) : own.why || (lacking ? say.not_in_form : say.unknown);
  const made = element("td", own.value === null ? { class: "faint" } : {}, text);
  if (own.parts) made.append(element("p", {}, own.parts));
  if (report !== first && (first.form || first.slug)) {
    const than = VALUES[kind](first, at).value;
    const by = difference(code, report, first, own.value, than, kind === "rates");
    if (by) made.append(element("p", { class: "against" }, by));
  }
  return made;
};

const table = (kind, reports) => {
  const heads = reports.map((one, at) => {
    const name = one.slug ? element("a", { href: new URL(`reports/${one.slug}.html`, root).href, ...foreign }, one.name) : element("span", foreign, one.name);
    return element("th", { scope: "col" }, `${at + 1} `, name, element("small", {}, one.lost ? say.not_loaded : say.forms[one.form] ?? say.no_form));
  });
  // What no form of theirs has is no row.
  const had = ([code]) => reports.some((one) => one.form && !say.lacks[one.form]?.includes(code));
  const rows = say[kind].map((one, at) => [one, at]).filter(([one]) => had(one)).map(([[code, label, unit], at]) => {
    const head = element("th", { scope: "row" }, label, " ", element("small", { class: "unit" }, unit));
    return element("tr", {}, head, ...reports.map((one) => cell(kind, code, at, one, reports[0])));
  });
  const made = element("table", { class: "gr-compare" }, element("caption", { class: "vh" }, say.titles[kind]),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, say.item), ...heads)), element("tbody", {}, ...rows));
  const id = `of-${kind}`;
  return element("section", { "aria-labelledby": id }, element("h2", { id }, say.titles[kind]),
    element("div", { class: "scroll", role: "group", tabindex: "0", "aria-labelledby": id }, made));
};

const draw = async (agencies) => {
  const { known, year, wrong } = asked(agencies);
  bad.textContent = wrong.join(" ");
  const lost = new Set();
  // Only a file that isn't there says that the agency has no report.
  const missed = (id) => (error) => {
    if (!error.absent) lost.add(id);
    return {};
  };
  const years = await Promise.all(known.map((id) => load(new URL(`${agencies.get(id)[1]}.json`, files)).catch(missed(id))));
  const times = new Map();
  for (const one of years.flatMap(Object.keys)) times.set(one, (times.get(one) ?? 0) + 1);
  const all = [...times.keys()].sort().reverse();
  const best = year ?? all.reduce((one, other) => (times.get(other) > times.get(one ?? other) || one === null ? other : one), null);
  chosen.replaceChildren(
    ...known.map((id) => element("li", {}, element("a", { href: to(known.filter((one) => one !== id), year), ...foreign }, `× ${nameOf(agencies.get(id))}`))),
    ...all.map((one) => element("li", {}, element("a", { href: to(known, one), ...(one === best && { "aria-current": "true" }) }, fill(say.year, { year: one })))),
  );
  const reports = known.map((id, at) => {
    const [reportForm, slug, figures, rates] = years[at][best] ?? [null, null, [], []];
    return { name: nameOf(agencies.get(id)), form: reportForm, slug, figures, rates, lost: lost.has(id) };
  });
  const told = known.length ? fill(say.sentence, { year: best ? fill(say.year, { year: best }) : say.unknown, agency: reports[0].name }) : say.nothing;
  status.textContent = lost.size ? (best ? `${told} ${say.failed}` : say.failed) : told;
  out.replaceChildren(...(best && known.length ? [table("figures", reports), table("rates", reports)] : []));
  return { known, year };
};

const offer = (agencies, { known, year }) => {
  const words = form.elements.q.value.trim().split(/\s+/).filter(Boolean);
  const full = known.length === MOST;
  const others = full ? [] : [...agencies.values()].filter(([id, , name]) => name && !known.includes(id));
  // With nothing typed a few are offered all the same, of the first one's kind and level if there is one.
  const [, , , , , kind, level] = agencies.get(known[0]) ?? [];
  const some = words.length
    ? others.filter(([, , name]) => words.every((word) => name.includes(word)))
    : others.filter((one) => !known.length || (one[5] === kind && one[6] === level));
  found.replaceChildren(...some.slice(0, words.length ? OFFERED : FEW).map(([id, , name, , region]) =>
    element("li", {}, element("a", { href: to([...known, id], year) }, element("span", foreign, `+ ${name} ${region ?? ""}`)))));
  if (words.length && !some.length) found.append(element("li", {}, full ? fill(say.many, { word: words.join(" ") }) : say.none_found));
};

try {
  const about = await load(new URL("list/about.json", root));
  const agencies = new Map(about.agencies.map((one) => [one[0], one]));
  const now = await draw(agencies);
  form.hidden = false;
  offer(agencies, now);
  form.addEventListener("input", () => offer(agencies, now));
  form.addEventListener("submit", (event) => event.preventDefault());
} catch {
  status.textContent = say.failed;
}
