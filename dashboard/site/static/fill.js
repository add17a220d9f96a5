// Words with names in braces and what they are in, the words filled out: as `dashboard/labels.py`.

export const fill = (text, values) =>
  text.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) => {
    const value = String(values[name] ?? "");
    return many === undefined ? value : value === "1" ? one : many;
  });
