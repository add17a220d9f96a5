// Follows the app's own links without loading the page again: the address changes, Streamlit hears
// of it as of a step in the history and draws anew. Without this script they are links all the same.
export default function ({ data }) {
  document.documentElement.lang = data.lang;

  const go = (link) => {
    history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  };

  const onClick = (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[data-go]");
    if (!link || link.origin !== location.origin) return;
    event.preventDefault();
    const back = link.dataset.back;
    go(link);
    if (back) document.getElementById(back)?.focus();
    else if (!link.hasAttribute("data-stay")) document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  };

  const onKey = (event) => {
    if (event.key === "Escape") document.querySelector("a[data-close]")?.click();
  };

  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("click", onClick);
    document.removeEventListener("keydown", onKey);
  };
}
