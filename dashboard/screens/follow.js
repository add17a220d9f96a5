// Follows the app's own links without loading the page again: the address changes, Streamlit hears
// of it as of a step in the history and draws anew. Without this script they are links all the same.

let arrived = false;

// Something Streamlit is about to draw; nothing where it doesn't come.
const drawn = async (selector) => {
  for (let tries = 0; tries < 50; tries += 1) {
    const found = document.querySelector(selector);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  return null;
};

const named = (address) => {
  const asked = new URL(address, location.href).searchParams;
  return asked.get("cell") ?? asked.get("place");
};

const go = (link) => {
  history.pushState({}, "", link.href);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
};

// The marked place stands in the middle of its panel.
const show = async (place) => {
  const panel = await drawn(`.gr-source[data-for="${CSS.escape(place)}"]`);
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

const onClick = async (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[data-go]");
  if (!link || link.origin !== location.origin) return;
  event.preventDefault();
  const byKeyboard = event.detail === 0;
  const { back } = link.dataset;
  const place = named(link.href);
  if (place) stepAside(link.getBoundingClientRect().top);
  go(link);
  if (back) document.getElementById(back)?.focus({ preventScroll: true });
  else if (!("stay" in link.dataset)) document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  if (!place) return;
  const panel = await show(place);
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
  document.getElementById(place)?.scrollIntoView({ block: "center" });
};

export default function ({ data }) {
  document.documentElement.lang = data.lang;
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  if (!arrived) arrive();
  return () => {
    document.removeEventListener("click", onClick);
    document.removeEventListener("keydown", onKey);
  };
}
