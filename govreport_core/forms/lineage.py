"""Forms in, their line from the first to the last out; and which of them a span names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from govreport_core.errors import FormError
from govreport_core.forms.records import Column, Form, Row


def in_line(found: Iterable[Form]) -> dict[str, Form]:
    """The forms by id, each after the one it follows, which ends the year before.

    Raises:
        FormError: An id that stands twice; not one first form, or two that follow
            the same one; one that follows none of them, or that is no later.
    """
    after: dict[str | None, Form] = {}
    ids: set[str] = set()
    for form in found:
        if form.id in ids:
            msg = f"{form.id}: stands twice"
            raise FormError(msg)
        if form.follows in after:
            msg = f"{form.id}: follows {form.follows}, as {after[form.follows].id} does"
            raise FormError(msg)
        ids.add(form.id)
        after[form.follows] = form
    line: dict[str, Form] = {}
    last: str | None = None
    while last in after:
        form = after.pop(last)
        if last is not None:
            line[last] = _ended(line[last], form)
        line[form.id] = form
        last = form.id
    if after:
        form = next(iter(after.values()))
        msg = f"{form.id}: follows {form.follows}, which isn't in the line of forms"
        raise FormError(msg)
    return line


def _ended(form: Form, by: Form) -> Form:
    end = by.years_from - 1 if form.years_to is None else form.years_to
    if not form.years_from <= end < by.years_from:
        msg = f"{by.id}: is to come after {form.id}, and not for the same years"
        raise FormError(msg)
    return msgspec.structs.replace(form, years_to=end)


def print_alike(form: Form, other: Form) -> bool:
    """Whether two forms have the same labels: no report can show which of them it is on."""
    return _labels(form) == _labels(other)


def _labels(form: Form) -> set[tuple[str, tuple[str, ...]]]:
    lines: list[Column | Row] = []
    for table in form.tables:
        lines += [*table.columns, *table.rows]
    return {(line.label, line.aliases) for line in lines}


def spanned(text: str, line: Sequence[str]) -> tuple[str, ...]:
    """The forms that a span names, in their order.

    Args:
        text: Terms with spaces between: `form_2021` is that one, `form_2019..` it
            and all that follow it, `form_2014..form_2019` ends with the second;
            a `-` before a term takes its forms out again.
        line: All forms' ids, oldest first.

    Raises:
        FormError: A form that isn't there, an end before its beginning, no form left.
    """
    kept: set[str] = set()
    out: set[str] = set()
    for term in text.split():
        (out if term.startswith("-") else kept).update(_term(term.removeprefix("-"), line))
    found = tuple(form for form in line if form in kept - out)
    if not found:
        msg = f"{text!r} names no form"
        raise FormError(msg)
    return found


def _term(term: str, line: Sequence[str]) -> Sequence[str]:
    first, dots, last = term.partition("..")
    for form in filter(None, (first, last)):
        if form not in line:
            msg = f"no form {form!r} in {term!r}"
            raise FormError(msg)
    if not first:
        msg = f"{term!r} has no first form"
        raise FormError(msg)
    begin = line.index(first)
    end = line.index(last) if last else len(line) - 1 if dots else begin
    if end < begin:
        msg = f"{term!r} ends before it begins"
        raise FormError(msg)
    return line[begin : end + 1]
