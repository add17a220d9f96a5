// The first page's search: typed words in; agencies, regions and rules so called out, and the way
// to a search of the texts. Compared as that compares. Which region has a page is said in the list.
import { fill } from "./fill.js";
import { plain, ready, root, words as said } from "./search.js";

const MOST = 8;
const form = document.querySelector("form.search");
const found = document.querySelector("#found");
const say = JSON.parse(form.dataset.words);
const foreign = document.documentElement.lang === "zh-CN" ? {} : { lang: "zh-CN" };
let loaded = null;
let asked = 0;

const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

const words = () => form.elements.q.value.trim();
const texts = () => new URL(`words/index.html?${new URLSearchParams({ q: words() })}`, root).href;

// What can be found: its name, what stands beside it, where it is; compared by both.
const entries = async () => {
  const [answer, { rules }] = await Promise.all([fetch(new URL("list/about.json", root)), said(), ready()]);
  if (!answer.ok) throw new Error(`about: ${answer.status}`);
  const { agencies, region } = await answer.json();
  // Reports may tell an agency's region in several ways.
  const once = new Map(agencies.map((one) => [one[1], one]).reverse());
  const names = new Map(region.map(([code, label]) => [code, label]));
  const path = (code) => [...new Set([`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`])].filter((one) => one !== code && names.has(one)).map((one) => names.get(one)).join("");
  const whole = (group, name, beside, to, spoken) => ({ group, name, beside, to, spoken, at: plain(name), text: plain(`${beside} ${name}`) });
  return [
    ...[...once.values()].filter(([, , name]) => name).map(([, slug, name, , place]) => whole("agencies", name, place, `agencies/${slug}.html`, foreign)),
    ...region.filter(([code]) => code !== "none").map(([code, label, , page]) => whole("regions", label, path(code), page || `reports/index.html?region=${code}`, foreign)),
    ...rules.map(([label, to]) => whole("rules", label, "", to, {})),
  ];
};

const show = async () => {
  const mine = (asked += 1);
  const typed = words();
  if (!typed) return found.replaceChildren();
  let all;
  try {
    all = await (loaded ??= entries());
  } catch (error) {
    loaded = null;
    console.error(error);
    found.textContent = say.failed;
    return;
  }
  if (mine !== asked) return;
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  const last = wanted.at(-1);
  const hits = all.filter(({ text }) => wanted.length && wanted.every((word) => text.includes(word)));
  // A name that has the last word before one whose region alone has it, the shortest first.
  hits.sort((a, b) => b.at.includes(last) - a.at.includes(last) || a.at.length - b.at.length);
  const drawn = ["agencies", "regions", "rules"].flatMap((group) => {
    const some = hits.filter((one) => one.group === group);
    if (!some.length) return [];
    const list = some.slice(0, MOST).map(({ name, beside, to, spoken }) => element("li", spoken, element("a", { href: new URL(to, root).href }, name), " ", element("small", {}, beside)));
    const more = some.length > MOST ? [element("p", { class: "note" }, fill(say.more, { n: some.length.toLocaleString("en-US"), shown: MOST }))] : [];
    return [element("h2", {}, say[group]), element("ul", {}, ...list), ...more];
  });
  const nothing = drawn.length ? [] : [element("p", {}, fill(say.nothing, { asked: typed }))];
  found.replaceChildren(...nothing, ...drawn, element("p", {}, element("a", { href: texts() }, fill(say.in_texts, { asked: typed }))));
};

form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (words()) location.href = texts();
});
