// A search box over the rows of a table: what doesn't contain the words is hidden.
const box = document.querySelector("input[data-filter]");
if (box) {
  const rows = [...document.querySelectorAll(`#${box.dataset.filter} tbody tr`)];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const output = document.querySelector("output[data-found]");
  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    rows.forEach((row, place) => {
      const fits = words.every((word) => texts[place].includes(word));
      row.hidden = !fits;
      found += fits ? 1 : 0;
    });
    output.textContent = words.length ? output.dataset.found.replace("#", found) : "";
  };
  box.closest("[hidden]").hidden = false;
  box.addEventListener("input", show);
  show();
}
