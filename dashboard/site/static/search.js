// Reads the site's search index: words in, the reports that have them out, checked in their texts.
// What a shard holds is said in `govreport_core/search/postings.py` and `dashboard/site/index.py`.

import { fill } from "./fill.js";

const MOST_SHARDS = 5;
const MOST_WORDS = 10;
const LONGEST = 200;
const SHARDS_A_STEP = 12;
const SHARDS_AHEAD = 12;

const folder = new URL("../search/", import.meta.url);
// The first folder of the page's language, whose own words stand there.
export const root = new URL("./", document.querySelector(".brand").href);
const kept = new Map();

// Bytes read so far, for who measures.
export const read = { bytes: 0, files: [] };

const load = (name, kind) => {
  if (!kept.has(name)) {
    const loaded = fetch(new URL(name, folder)).then(async (answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      const body = await answer.arrayBuffer();
      read.bytes += body.byteLength;
      read.files.push(name);
      return kind === "json" ? JSON.parse(new TextDecoder().decode(body)) : new Uint8Array(body);
    });
    loaded.catch(() => kept.delete(name));
    kept.set(name, loaded);
  }
  return kept.get(name);
};

// Characters as they are compared; as `govreport_core/search/plain.py`.
let table = null;
let changed = null;
let quotes = "";
export const ready = async () => {
  if (table) return;
  const { from, to, none } = await load("plain.json", "json");
  const made = new Map([...none].map((c) => [c, ""]));
  const targets = [...to];
  [...from].forEach((c, at) => made.set(c, targets[at]));
  quotes = [...from].filter((c) => made.get(c) === '"').join("") + '"';
  changed = new RegExp(`[${[...made.keys()].join("").replace(/[\\\]^-]/g, "\\$&")}]`, "gu");
  table = made;
};

export const plain = (text) => text.replace(changed, (c) => table.get(c));

// The compared text, and for each of its units the place in the printed one.
const compared = (text) => {
  let out = "";
  const places = [];
  let at = 0;
  for (const c of text) {
    const to = table.get(c) ?? c;
    for (let unit = 0; unit < to.length; unit += 1) places.push(at);
    out += to;
    at += c.length;
  }
  places.push(at);
  return { out, places };
};

export const parse = (typed) => {
  const nothing = (problem) => ({ words: [], without: [], problem });
  if ([...typed].length > LONGEST) return nothing("long");
  if (/\p{Cs}/u.test(typed)) return nothing("broken");
  const word = new RegExp(`([-－]?)(?:[${quotes}]([^${quotes}]*)[${quotes}]|([^\\s${quotes}]+))`, "gu");
  const words = new Set();
  const without = new Set();
  for (const [, minus, quoted, bare] of typed.matchAll(word)) {
    const found = plain(quoted ?? bare).replaceAll("\n", "").replaceAll("\0", "\ufffd");
    if (found) (minus ? without : words).add(found);
  }
  if (words.size + without.size > MOST_WORDS) return nothing("many");
  if (!words.size) return nothing(without.size ? "without_only" : "empty");
  return { words: [...words], without: [...without], problem: "" };
};

const holds = (text, query) =>
  query.words.every((w) => text.includes(w)) && !query.without.some((w) => text.includes(w));

const cover = (word) => {
  const codes = [...word].map((c) => c.codePointAt(0));
  if (codes.length === 1) return [[codes[0], 0, 0]];
  const last = codes.length - 2;
  const starts = new Set([0, last]);
  for (const begin of [0, 1]) for (let at = begin; at <= last; at += 2) starts.add(at);
  return [...starts].map((at) => [codes[at], codes[at + 1], 0]);
};

// Each three of its characters that has an entry wherever it stands.
const threesOf = (word, often) => {
  const codes = [...word].map((c) => c.codePointAt(0));
  const threes = codes.slice(2).map((last, at) => [codes[at], codes[at + 1], last]);
  return threes.filter(([a, b, c]) => often([a, b, 0]) && often([b, c, 0]));
};

// The last of these whose first isn't beyond what is wanted.
const place = (length, beyond) => {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beyond(middle)) high = middle;
    else low = middle + 1;
  }
  return Math.max(0, low - 1);
};

const entries = function* (shard) {
  let at = 0;
  const number = () => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = shard[at];
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < shard.length) {
    const key = [number(), number(), number()];
    const length = number();
    const end = at + (length >> 1);
    yield {
      key,
      numbers: () => {
        const found = new Set();
        if (length & 1) {
          for (let n = 0; n < (end - at) * 8; n += 1) if ((shard[at + (n >> 3)] >> (n & 7)) & 1) found.add(n);
        } else {
          let total = 0;
          while (at < end) found.add((total += number()));
        }
        return found;
      },
      end,
    };
    at = end;
  }
};

const inShard = (shard, wanted) => {
  const found = new Map();
  const left = new Set(wanted.map(String));
  for (const entry of entries(shard)) {
    const key = String(entry.key);
    if (!left.has(key)) continue;
    found.set(key, entry.numbers());
    left.delete(key);
    if (!left.size) break;
  }
  return found;
};

// The reports that may have the words, by few shards; `exact` where they all do. What is to be left
// out is looked for in one section: an index of `joined` texts can't tell which one has it.
export const candidates = async (name, query) => {
  const { texts, first, joined } = await load(`${name}/postings.json`, "json");
  const keys = query.words.map(cover);
  const inside = [];
  for (let turn = 0; turn < Math.max(...keys.map((k) => k.length)); turn += 1) {
    inside.push(...keys.map((k) => k[turn]).filter(Boolean));
  }
  const short = (w) => [...w].length <= 2;
  const outside = joined ? [] : query.without.filter(short).map((w) => cover(w)[0]);
  const shards = new Set();
  const lists = new Map();
  const look = async (some) => {
    const chosen = new Map();
    for (const key of some) {
      const differs = (n) => first[n].findIndex((code, at) => code !== key[at]);
      const shard = place(first.length, (n) => first[n][differs(n)] > key[differs(n)]);
      if (!shards.has(shard) && shards.size >= MOST_SHARDS) continue;
      shards.add(shard);
      chosen.set(shard, [...(chosen.get(shard) ?? []), key]);
    }
    await Promise.all(
      [...chosen].map(async ([shard, wanted]) => {
        const found = first.length ? inShard(await load(`${name}/p${shard}.bin`, "bytes"), wanted) : new Map();
        for (const key of wanted) lists.set(String(key), found.get(String(key)) ?? new Set());
      }),
    );
  };
  await look([...inside, ...outside]);
  const often = (key) => lists.get(String(key))?.size >= Math.max(50, Math.floor(texts / 32));
  const threes = query.words.map((word) => threesOf(word, often));
  await look(threes.flat());
  const list = (key) => lists.get(String(key));
  const [some, ...others] = [...inside, ...threes.flat()].map(list).filter(Boolean);
  const not = outside.map(list).filter(Boolean);
  const numbers = [...some].filter((n) => others.every((o) => o.has(n)) && !not.some((o) => o.has(n)));
  const told = (w, at) => short(w) || ([...w].length === 3 && threes[at].length > 0);
  const exact =
    query.words.every(told) &&
    query.without.every(short) &&
    [...inside, ...threes.flat(), ...outside].every(list) &&
    (!joined || (joined === 1 && query.words.length === 1 && !query.without.length));
  return { numbers: numbers.sort((a, b) => a - b), exact, shards: shards.size };
};

// The words of the page's language: of regions, kinds, themes and sections.
export const words = () => load(new URL("search/words.json", root).href, "json");

// By what reports are narrowed and counted: three lists, one value a report.
export const about = async () => {
  const told = await load("reports.json", "json");
  const spread = (places, values) => [...places].map((c) => values[c.codePointAt(0) - told.zero]);
  return {
    ...told,
    year: told.years.flatMap(([year, n]) => Array(n).fill(year)),
    region: spread(told.regions, told.codes),
    kind: spread(told.kinds, told.kind_codes),
  };
};

// An agency's name and its reports, which are few enough to be looked at; nothing of one not here.
export const ofAgency = async (agency) => {
  const told = await load("agencies.json", "json");
  if (!Object.hasOwn(told, agency)) return null;
  const [name, ...numbers] = told[agency];
  return { name, numbers };
};

const stem = (code) => code.replace(/(00){1,2}$/, "");

export const narrowed = (numbers, told, { year, region, kind }) =>
  numbers.filter(
    (n) =>
      (!year || told.year[n] === year) &&
      (!kind || told.kind[n] === kind) &&
      (!region || (region === "none" ? told.region[n] === "none" : told.region[n].startsWith(stem(region)))),
  );

// Where the words stand in a printed text, those that touch as one.
export const spans = (text, query) => {
  const { out, places } = compared(text);
  const found = [];
  for (const word of query.words) {
    for (let at = out.indexOf(word), n = 0; at >= 0 && n < 1000; at = out.indexOf(word, at + word.length), n += 1) {
      const last = places[at + word.length - 1];
      found.push([places[at], last + (text.codePointAt(last) > 0xffff ? 2 : 1)]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged = [];
  for (const [start, end] of found) {
    const before = merged.at(-1);
    if (before && start <= before[1]) before[1] = Math.max(before[1], end);
    else merged.push([start, end]);
  }
  return merged;
};

// An agency without a name is told apart by its file, of which its report's address begins.
const unnamed = (address, said) => {
  const [, file] = /\/doc-([0-9a-f]{1,8})/.exec(address) ?? [];
  return file ? fill(said.unnamed, { file }) : said.no_name;
};

// What a report says: its points that match, and sections that do without such a point.
const checked = (told, query, theme, section, said) => {
  const [number, address, name, region, of, printed, points] = told;
  const agency = name ?? unnamed(address, said);
  const year = of === null ? said.no_year : said.year.replace("{year}", of);
  const sections = printed.filter(([code]) => !section || code === section).map(([code, ...rest]) => [said.sections[code] ?? code, ...rest]);
  const fits = (codes) => !theme || codes.includes(theme) || (theme === "none" && !codes.length);
  const passages = theme ? [] : sections.filter(([, text]) => holds(plain(text), query));
  if (!theme && !passages.length) return null;
  const hits = points.filter(([, text, , codes]) => fits(codes) && holds(plain(text), query));
  if (!hits.length && !passages.length) return null;
  return { number, address, agency, region, year, points: hits, passages: hits.length ? [] : passages };
};

// The shards of the next texts: as many as are surely looked at, for each is one hit at most, and
// as many more as didn't match so far.
const nextOf = (numbers, at, some, shardOf) => {
  const found = new Set();
  for (let n = at; n < Math.min(at + some, numbers.length) && found.size < SHARDS_AHEAD; n += 1) found.add(shardOf(numbers[n]));
  return found;
};

// Goes through candidates by their texts, as far as asked: `next` gives those that really match.
export const checker = (name, numbers, query, theme, section) => {
  let at = 0;
  return {
    get done() {
      return at >= numbers.length;
    },
    get looked() {
      return at;
    },
    next: async (most) => {
      const { first } = await load(`${name}/texts.json`, "json");
      const said = await words();
      const shardOf = (number) => place(first.length, (n) => first[n] > number);
      const found = [];
      const from = at;
      let shards = 0;
      while (at < numbers.length && found.length < most && shards < SHARDS_A_STEP) {
        const shard = shardOf(numbers[at]);
        const some = most - found.length + (at - from - found.length);
        for (const next of nextOf(numbers, at, some, shardOf)) load(`${name}/t${next}.json`, "json").catch(() => {});
        const texts = new Map((await load(`${name}/t${shard}.json`, "json")).map((told) => [told[0], told]));
        shards += 1;
        while (at < numbers.length && texts.has(numbers[at]) && found.length < most) {
          const hit = checked(texts.get(numbers[at]), query, theme, section, said);
          if (hit) found.push(hit);
          at += 1;
        }
      }
      return found;
    },
  };
};
