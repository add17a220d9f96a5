// Light or dark, as the reader chose at a page's foot, else as their system says. It runs before the
// page is drawn, so that nothing flashes; what is chosen stays in this browser. And the way to the
// other language takes along what the address asks for: it means the same there.
const root = document.documentElement;
// `words`, of all languages, is put before these lines when the site is made.
const said = words[root.lang];
const themes = ["", "light", "dark"];
const store = (() => {
  try {
    return localStorage;
  } catch {
    return null;
  }
})();

if (location.protocol === "file:") root.dataset.file = "";

const put = (theme) => {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
};

put(themes.includes(store?.getItem("theme")) ? store.getItem("theme") : "");

document.addEventListener("DOMContentLoaded", () => {
  for (const link of document.querySelectorAll(".tongues a")) {
    const plain = link.href;
    const same = () => {
      link.href = plain + location.search + location.hash;
    };
    // Before it is followed, in whatever way: what the page shows changes its address.
    for (const way of ["pointerdown", "focus", "click"]) link.addEventListener(way, same);
  }
  const label = document.createElement("label");
  const choice = document.createElement("select");
  const hidden = document.createElement("span");
  hidden.className = "vh";
  hidden.textContent = said.says;
  choice.append(...themes.map((theme) => new Option(said[theme || "system"], theme)));
  choice.value = root.dataset.theme ?? "";
  choice.addEventListener("change", () => {
    put(choice.value);
    store?.setItem("theme", choice.value);
  });
  label.className = "theme";
  label.append(hidden, choice);
  document.querySelector("footer .more").append(label);
});
