// Rows of cells in, the text of a CSV file out: it opens right in Excel, and no cell is a formula.

const FORMULA = /^[=+\-@＝＋－＠\t\r]/;

const cell = (value) => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csvText = (rows) => `\ufeff${rows.map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
