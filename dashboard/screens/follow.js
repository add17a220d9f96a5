// Follows the app's own links without loading the page again: the address changes, Streamlit hears
// of it as of a step in the history and draws anew. Without this script they are links all the same.

let arrived = false;

// An address, whatever order and spelling its parameters have.
const key = (screen, parameters) => {
  const own = parameters.filter(([name]) => !name.startsWith("embed"));
  return [screen, ...own.map((pair) => JSON.stringify(pair)).sort()].join(" ");
};

const here = () =>
  key(location.pathname.split("/").pop(), [...new URLSearchParams(location.search)]);

// Whether what stands on the page was drawn for this address, and not for one before it.
const isDrawn = () => document.documentElement.dataset.drawn === here();

const pause = () => new Promise((done) => setTimeout(done, 100));

// Something Streamlit is about to draw, however long it takes; nothing where this address is drawn
// without it, or is left for another.
const drawn = async (look) => {
  const { href } = location;
  for (let tries = 0; tries < 50 && location.href === href; tries += isDrawn() ? 1 : 0) {
    const found = look();
    if (found) return found;
    await pause();
  }
  return null;
};

const named = (address) => {
  const asked = new URL(address, location.href).searchParams;
  return asked.get("cell") ?? asked.get("place");
};

const main = () => document.querySelector("[data-testid=stMain]");

// How far down each address was read, for who comes back to it.
const read = new Map();
let going = false;

const go = (href) => {
  read.set(location.href, main()?.scrollTop ?? 0);
  history.pushState({}, "", href);
  going = true;
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  going = false;
};

// Back to where one was, as soon as there is so much on the page again, unless the reader goes on.
const onBack = async () => {
  const top = going ? undefined : read.get(location.href);
  if (top === undefined) return;
  const { href } = location;
  const moves = new AbortController();
  for (const way of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    window.addEventListener(way, () => moves.abort(), { signal: moves.signal, passive: true });
  }
  for (let tries = 0; tries < 30 && location.href === href; tries += isDrawn() ? 1 : 0) {
    await pause();
    if (moves.signal.aborted) return;
    main()?.scrollTo(0, top);
    if (tries > 3 && Math.abs((main()?.scrollTop ?? top) - top) < 2) break;
  }
  moves.abort();
};

// The cell that is asked for, once its tab is open; a place stands in the panel alone.
const scrollTo = async (place) => {
  if (!place.startsWith("c-")) return;
  const seen = () => document.getElementById(place)?.offsetParent && document.getElementById(place);
  const cell = await drawn(seen);
  if (!cell) return;
  document.documentElement.dataset.grSource = "below";
  cell.scrollIntoView({ block: "center", inline: "center" });
};

// The marked place stands in the middle of its panel.
const show = async (place) => {
  const asked = `.gr-source[data-for="${CSS.escape(place)}"]`;
  const panel = await drawn(() => document.querySelector(asked));
  const body = panel?.querySelector(".gr-body");
  const mark = body?.querySelector("mark, .gr-here");
  if (mark) {
    const above = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += above - body.clientHeight / 2;
  }
  return panel;
};

// The source never covers what was clicked: it stands in the other half of the window.
const stepAside = (place) => {
  document.documentElement.dataset.grSource = place > window.innerHeight / 2 ? "above" : "below";
};

// Where a click in a drawing leads: by the strip it falls in, whatever is drawn above that.
const wayOf = ({ target, clientX }) => {
  const strips = [...(target.closest?.("svg.drawing")?.querySelectorAll(".slot") ?? [])];
  const hit = strips.find((strip) => {
    const { left, right } = strip.getBoundingClientRect();
    return left <= clientX && clientX < right;
  });
  return hit?.dataset.way;
};

const onClick = async (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const way = wayOf(event);
  if (way) go(new URL(way, location.href).href);
  const link = event.target.closest?.("a[data-go], a[data-print]");
  if (!link || link.origin !== location.origin) return;
  event.preventDefault();
  if ("print" in link.dataset) {
    window.print();
    return;
  }
  const byKeyboard = event.detail === 0;
  const { back } = link.dataset;
  const place = named(link.href);
  if (place) stepAside(link.getBoundingClientRect().top);
  go(link.href);
  if (back) document.getElementById(back)?.focus({ preventScroll: true });
  else if (!("stay" in link.dataset)) main()?.scrollTo(0, 0);
  if (!place) return;
  const panel = await show(place);
  if (link.id !== place) await scrollTo(place);
  if (byKeyboard) panel?.focus();
};

const onKey = (event) => {
  if (event.key === "Escape") document.querySelector("a[data-close]")?.click();
};

// Who comes by a link to a place sees that place.
const arrive = async () => {
  arrived = true;
  const place = named(location.href);
  if (!place) return;
  await show(place);
  await scrollTo(place);
};

// On a phone the screens' names are wider than the window: the one that is open is seen.
const showScreen = () => {
  const nav = document.querySelector(".gr-top nav");
  const open = nav?.querySelector("[aria-current]");
  if (!open) return;
  nav.scrollLeft = open.offsetLeft - nav.offsetLeft - (nav.clientWidth - open.offsetWidth) / 2;
};

export default function ({ data }) {
  document.documentElement.lang = data.lang;
  document.documentElement.dataset.follows = "";
  document.documentElement.dataset.drawn = key(data.screen, data.parameters);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  window.addEventListener("popstate", onBack);
  showScreen();
  if (!arrived) arrive();
  return () => {
    delete document.documentElement.dataset.follows;
    document.removeEventListener("click", onClick);
    document.removeEventListener("keydown", onKey);
    window.removeEventListener("popstate", onBack);
  };
}
