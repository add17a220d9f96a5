"""A rule in, its formula in the words of the form out; None where the rule is no equation.

The rule itself carries it over the forms' codes; here lines have their labels
and signs are those of arithmetic.
"""

from __future__ import annotations

from dashboard import labels
from dashboard.labels import t
from govreport_core.checks import Rule, compare, sums, years
from govreport_core.forms import Column, forms


def formula_words(rule: Rule, lang: str) -> str | None:
    """The formula as a person reads it."""
    said = _Said(rule.forms[-1], lang)
    found: str | None = None
    match rule.test:
        case sums.Balance(table=table, left=left, right=right):
            sides = [said.sum(table, "rows", side) for side in (left, right)]
            found = said.each("column", " = ".join(sides))
        case sums.Total(table=table, sums=axis, groups=groups):
            found = said.totals(table, axis, groups)
        case compare.AtLeast(tables=tables, more=more, less=less):
            right_side = said.sum(tables[0], "columns", less) if less else "0"
            found = said.each("row", f"{said.sum(tables[0], 'columns', more)} ≥ {right_side}")
        case compare.Needs(tables=tables, column=column, some=some):
            least = [f"{said.sum(tables[0], 'columns', columns)} > 0" for columns in some]
            when = f"{said.name(tables[0], 'columns', column)} > 0"
            found = t("formulas.needs", lang, when=when, then=t("formulas.or", lang).join(least))
        case compare.BothOrNeither(table=table, columns=columns):
            first, second = (said.name(table, "columns", code) for code in columns)
            found = t("formulas.both", lang, first=first, second=second)
        case compare.ShareAtMost(table=table, part=part, base=base, most=most, least=least):
            whole = said.sum(table, "rows", base)
            share = f"{said.sum(table, 'rows', part)} ÷ ({whole}) ≤ {labels.percent(most, lang)}"
            found = t("formulas.where", lang, formula=share, when=f"{whole} ≥ {least:g}")
        case compare.NoneSince(table=table, column=column, year=year):
            found = t(
                "formulas.since",
                lang,
                year=year,
                formula=f"{said.name(table, 'columns', column)} = 0",
            )
        case years.Chain():
            found = said.chain(rule.test)
        case years.Follows(table=table, pairs=pairs):
            lines = [
                t("formulas.this", lang, name=said.name(table, "columns", now))
                + " ≥ "
                + t("formulas.last", lang, name=said.name(table, "columns", before))
                for now, before in pairs
            ]
            found = t("formulas.and", lang).join(lines)
        case _:
            pass
    return found


class _Said:
    """Names the lines of one form in one language."""

    def __init__(self, form: str, lang: str) -> None:
        self.form, self.lang = form, lang

    def name(self, table: str, axis: str, code: str) -> str:
        label = labels.row_label if axis == "rows" else labels.column_label
        return label(self.form, table, code, self.lang)

    def sum(self, table: str, axis: str, codes: tuple[str, ...]) -> str:
        return " + ".join(self.name(table, axis, code) for code in codes)

    def each(self, line: str, formula: str) -> str:
        return t(f"formulas.each_{line}", self.lang, formula=formula)

    def totals(self, table: str, axis: str, groups: tuple[str, ...]) -> str:
        found = []
        known = forms()[self.form].table(table)
        for group in groups:
            total = known.total_of(group, "rows" if axis == "rows" else "columns")
            if axis == "rows":
                parts = t("formulas.all_of", self.lang, name=self.name(table, axis, group))
            else:
                parts = self.sum(table, axis, tuple(_leaves(known.columns, group)))
            found.append(f"{parts} = {self.name(table, axis, total)}")
        return self.each(
            "column" if axis == "rows" else "row", t("formulas.and", self.lang).join(found)
        )

    def chain(self, test: years.Chain) -> str:
        axis = "columns" if test.along == "rows" else "rows"
        table, lang = test.tables[0], self.lang

        def said(when: str, codes: tuple[str, ...]) -> list[str]:
            return [t(f"formulas.{when}", lang, name=self.name(table, axis, c)) for c in codes]

        left = " + ".join([*said("last", test.before), *said("this", test.plus)])
        left = f" {t('values.minus', lang)} ".join([left, *said("this", test.minus)])
        return self.each(
            "row" if axis == "columns" else "column", f"{left} = {said('this', (test.now,))[0]}"
        )


def _leaves(columns: tuple[Column, ...], group: str) -> list[str]:
    """The columns below a group that aren't its total, those below its own groups too."""
    found: list[str] = []
    for column in columns:
        if column.parent == group and column.kind != "total":
            found += _leaves(columns, column.code) if column.kind == "group" else [column.code]
    return found
