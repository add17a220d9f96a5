"""The indicators' definitions: TOML in, frozen records out; the cells they name must exist."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from govreport_core.cells import Axis
from govreport_core.errors import FormError, RuleError
from govreport_core.forms import Form, forms, span


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of cells whose printed total says what its blanks stand for."""

    table: str
    sums: Axis
    group: str


class IndicatorWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An indicator in one language; `base` names what a rate is a share of."""

    title: str
    note: str = ""
    base: str | None = None


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure, or a rate where it has a denominator.

    Attributes:
        span: The forms it can be told from, as a span.
        numerator: The terms that are added, each `table.row.column`; a group's
            code stands for the leaves below it.
        denominator: The same for the base of a rate; empty for a figure.
        proven_by: The groups whose blank parts count as 0 where the printed
            ones make the printed total.
        beside: Indicators it is to be shown with.
    """

    code: str
    span: str = msgspec.field(name="forms")
    numerator: tuple[str, ...]
    zh: IndicatorWords
    en: IndicatorWords
    denominator: tuple[str, ...] = ()
    proven_by: tuple[Proof, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The ids of the forms it can be told from, oldest first."""
        return span(self.span)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    indicators: tuple[Indicator, ...]


@cache
def catalogue() -> dict[str, Indicator]:
    """All indicators that ship with govreport, by code, in their order."""
    text = files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8")
    return {indicator.code: indicator for indicator in parse_indicators(text)}


def parse_indicators(text: str) -> tuple[Indicator, ...]:
    """Read the definitions.

    Raises:
        RuleError: An unknown key, a wrong type, a code used twice, a form, cell,
            group or neighbour that isn't there, a rate whose base has no name.
    """
    try:
        found = msgspec.toml.decode(text, type=_File).indicators
    except msgspec.DecodeError as error:
        msg = f"indicators: {error}"
        raise RuleError(msg) from error
    codes = [indicator.code for indicator in found]
    for indicator in found:
        where = indicator.code
        if codes.count(where) > 1:
            msg = f"{where}: stands twice"
            raise RuleError(msg)
        for other in indicator.beside:
            if other not in codes:
                msg = f"{where}: no indicator {other!r} to stand beside"
                raise RuleError(msg)
        if any(bool(words.base) != bool(indicator.denominator) for words in _both(indicator)):
            msg = f"{where}: a rate names its base in both languages, a figure has none"
            raise RuleError(msg)
        for form in _forms(indicator):
            _codes_exist(indicator, form)
    return found


def _forms(indicator: Indicator) -> tuple[Form, ...]:
    try:
        return tuple(forms()[form] for form in indicator.forms)
    except FormError as error:
        msg = f"{indicator.code}: forms: {error}"
        raise RuleError(msg) from error


def _both(indicator: Indicator) -> tuple[IndicatorWords, IndicatorWords]:
    return (indicator.zh, indicator.en)


def _codes_exist(indicator: Indicator, form: Form) -> None:
    try:
        for term in (*indicator.numerator, *indicator.denominator):
            code, row, column = term.split(".")
            table = form.table(code)
            if row not in {line.code for line in table.rows}:
                raise KeyError(row)
            if column not in {line.code for line in table.columns if line.kind != "label"}:
                raise KeyError(column)
        for proof in indicator.proven_by:
            form.table(proof.table).total_of(proof.group, proof.sums)
    except (KeyError, ValueError) as error:
        msg = f"{indicator.code}: {form.id} has no {error}"
        raise RuleError(msg) from error
