"""A sound report in, the same with one known fault out, and the checks it must now fail.

Each kind is one function and one line in `KINDS`. A kind that doesn't suit a
report (no such row, another layout) leaves it alone and says so with None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

import msgspec

from govreport_core.forms import within
from govreport_core.model import State
from govreport_core.samples.chance import below, pick
from govreport_core.samples.draw import dated, draw_history, retold
from govreport_core.samples.layouts import SHOWS_BLANKS
from govreport_core.samples.sample import Fault, Key, Sample

T3 = "t3_requests"
T4 = "t4_review_litigation"
TOTAL = "applicant_total"
ORGANISATIONS = (
    *("org_business", "org_research", "org_public_interest", "org_legal_service", "org_other"),
)
PERSONS = ("natural_person", *ORGANISATIONS)
RECEIVED: Key = (T3, "requests_received", TOTAL)
DEPARTMENTS = ("bureau", "commission", "police", "government_office")


class Setting(msgspec.Struct, frozen=True):
    """What a fault may depend on beside the report itself."""

    layout: str
    seed: int
    years: tuple[int, ...]
    rng: Random


def with_fault(sample: Sample, kind: str, setting: Setting) -> Sample | None:
    """The report with that fault, or None where the kind doesn't suit it."""
    return KINDS[kind](sample, setting)


def _balance(sample: Sample, setting: Setting) -> Sample | None:
    """More received from persons than was disposed of and carried forward."""
    changed = raised(sample, "requests_received", 1 + below(setting.rng, 3))
    sample = retold(changed, changed.numbers, seed=setting.seed)
    return blamed(sample, "balance", ("t3_balance", [f"{T3}.*.natural_person", f"{T3}.*.{TOTAL}"]))


def _disposed_total(sample: Sample, setting: Setting) -> Sample | None:
    """One outcome too high for persons: the outcomes no longer add up to （七）总计."""
    changed = raised(sample, "granted_full", 1 + below(setting.rng, 2))
    sample = retold(changed, changed.numbers, seed=setting.seed)
    return blamed(
        sample,
        "disposed_total",
        ("t3_disposed_total", [f"{T3}.*.natural_person", f"{T3}.*.{TOTAL}"]),
    )


def _row_total(sample: Sample, setting: Setting) -> Sample | None:
    """The total of one outcome is misprinted; it then spoils the sum of outcomes too."""
    key: Key = (T3, "unable_not_held", TOTAL)
    if not sample.numbers[key]:
        return None
    sample = with_numbers(sample, {key: (sample.numbers[key] or 0.0) + 1 + below(setting.rng, 2)})
    sample = retold(sample, sample.numbers, seed=setting.seed)
    return blamed(
        sample,
        "row_total",
        ("t3_row_total", [f"{T3}.unable_not_held.*"]),
        ("t3_disposed_total", [f"{T3}.*.{TOTAL}"]),
    )


def _group_total(sample: Sample, setting: Setting) -> Sample | None:
    """The reviews' total isn't the sum of their results."""
    key: Key = (T4, "cases", "review_total")
    if not sample.numbers[key]:
        return None
    sample = with_numbers(sample, {key: (sample.numbers[key] or 0.0) + 1})
    sample = retold(sample, sample.numbers, seed=setting.seed)
    return blamed(sample, "group_total", ("t4_group_total", [f"{T4}.cases.review"]))


def _missing_title(sample: Sample, _: Setting) -> Sample | None:
    if not sample.signature:
        return None
    sample = msgspec.structs.replace(sample, title=())
    return blamed(sample, "missing_title", ("s_title_missing", ["report"]))


def _missing_section(sample: Sample, _: Setting) -> Sample | None:
    """Section six is left out, where nothing must stand in it yet."""
    if sample.form != "form_2019":
        return None
    sample = msgspec.structs.replace(sample, other=(), without=("s6_other",))
    return blamed(sample, "missing_section", ("s_section_missing", ["s6_other"]))


def _wrong_form(sample: Sample, setting: Setting) -> Sample | None:
    """The form of 2019 is filled once more in 2021."""
    if sample.year != 2021:
        return None
    years = [year for year in setting.years if year <= sample.year]
    *_, sample = draw_history(
        sample.agency, years, seed=setting.seed, wrong_forms={sample.year: "form_2019"}
    )
    return blamed(sample, "wrong_form", ("s_form_year_mismatch", ["report"]))


def _missing_row(sample: Sample, setting: Setting) -> Sample | None:
    """A row without any request is left out.

    Only where label and values share a line: elsewhere a reader can't know whose
    values stand beside the gap.
    """
    if setting.layout != "tabs":
        return None
    for row in ("denied_prohibited_by_law", "unprocessed_publication", "denied_security_stability"):
        keys = [(T3, row, column) for column in (*PERSONS, TOTAL)]
        if not any(sample.numbers[key] for key in keys):
            numbers = {key: n for key, n in sample.numbers.items() if key not in keys}
            sample = msgspec.structs.replace(sample, numbers=numbers, without=(f"{T3}.{row}",))
            return blamed(sample, "missing_row", ("s_row_missing", [f"{T3}.{row}.*"]))
    return None


def _combined_row(sample: Sample, _: Setting) -> Sample | None:
    """（六）其他处理 is printed as the one row it was on the form of 2019."""
    leaves = ("other_uncorrected_overdue", "other_fee_unpaid", "other_misc")
    if not within(sample.form, "form_2021.."):
        return None
    numbers: dict[Key, float | None] = {}
    for (table, row, column), number in sample.numbers.items():
        if row not in leaves:
            numbers[(table, row, column)] = number
        elif row == leaves[0]:
            parts = (sample.numbers[(table, leaf, column)] or 0.0 for leaf in leaves)
            numbers[(table, "other_disposition", column)] = sum(parts)
    without = tuple(f"{T3}.{leaf}" for leaf in leaves)
    sample = msgspec.structs.replace(sample, numbers=numbers, without=without)
    return blamed(sample, "combined_row", ("s_row_missing", [f"{T3}.other_disposition.*"]))


def _extra_cell(sample: Sample, setting: Setting) -> Sample | None:
    """A sixteenth 0 in table four, where all others are 0 too."""
    if any(of_table(sample, T4)) or setting.layout == "rows":
        return None
    sample = msgspec.structs.replace(sample, extra_cells=("0",))
    return blamed(sample, "extra_cell", ("s_extra_cells", [f"{T4}.cases.*"]))


def _blank_zeros(sample: Sample, setting: Setting) -> Sample | None:
    """Table three prints its row totals, and of the other cells those that aren't zero."""
    if setting.layout not in SHOWS_BLANKS:
        return None
    keys = [k for k, n in sample.numbers.items() if k[0] == T3 and k[2] != TOTAL and n == 0]
    sample = replaced(sample, keys, "", State.BLANK)
    return blamed(sample, "blank_zeros", ("s_blank_cells", [T3]))


def _blank_cases(sample: Sample, setting: Setting) -> Sample | None:
    """Table four is empty but for its last cell."""
    if setting.layout not in SHOWS_BLANKS or any(of_table(sample, T4)):
        return None
    keys = [key for key in sample.numbers if key[0] == T4][:-1]
    return blamed(replaced(sample, keys, "", State.BLANK), "blank_cases", ("s_blank_cells", [T4]))


def _placeholder(sample: Sample, setting: Setting) -> Sample | None:
    """A body without rule-making power prints / for 规章."""
    keys = [key for key in sample.numbers if key[1] == "regulations"]
    if any(sample.numbers[key] for key in keys):
        return None
    sample = replaced(sample, keys, pick(setting.rng, ("/", "—", "无")), State.PLACEHOLDER)
    return blamed(sample, "placeholder", ("s_placeholder_value", ["t2_art20_1"]))


def _words_in_cell(sample: Sample, setting: Setting) -> Sample | None:
    """A remark beside the figure; the figure is still certain."""
    key: Key = ("t2_art20_1", "normative_documents", "issued")
    issued = int(sample.numbers.get(key) or 0)
    if issued < 2:
        return None
    text = f"{issued}（其中修订{1 + below(setting.rng, issued - 1)}件）"
    sample = msgspec.structs.replace(
        sample, printed=sample.printed | {key: text}, states={key: State.TEXT}
    )
    return blamed(sample, "words_in_cell", ("s_non_numeric", [".".join(key)]))


def _negative(sample: Sample, _: Setting) -> Sample | None:
    key: Key = ("t2_art20_5", "administrative_licensing", "decisions")
    if not sample.numbers[key]:
        return None
    sample = with_numbers(sample, {key: -(sample.numbers[key] or 0.0)})
    return blamed(sample, "negative", ("s_negative", [".".join(key)]))


def _non_integer(sample: Sample, _: Setting) -> Sample | None:
    key: Key = ("t2_art20_6", "administrative_penalty", "decisions")
    if not sample.numbers[key]:
        return None
    sample = with_numbers(sample, {key: (sample.numbers[key] or 0.0) + 0.5})
    return blamed(sample, "non_integer", ("s_non_integer", [".".join(key)]))


def _no_unit(sample: Sample, _: Setting) -> Sample | None:
    """An amount whose unit stands neither in its cell nor in the header."""
    key: Key = ("t2_art20_9", "government_procurement", "procurement_amount")
    if not sample.numbers.get(key):
        return None
    text = sample.printed[key].rstrip("万元")
    sample = replaced(sample, [key], text, State.UNREADABLE)
    sample = msgspec.structs.replace(sample, money_in_header=None)
    return blamed(sample, "no_unit", ("s_unit_missing", [".".join(key)]))


def _prose_received(sample: Sample, setting: Setting) -> Sample | None:
    """The prose says another number of requests than the table."""
    received = sample.numbers[RECEIVED]
    if not received:
        return None
    wrong = received + 2 + below(setting.rng, 5)
    if wrong == received + (sample.numbers.get((T3, "requests_carried_over", TOTAL)) or 0):
        wrong += 1  # with those carried over it would be right
    said = sample.numbers | {RECEIVED: wrong}
    sample = retold(sample, said, seed=setting.seed)
    return blamed(sample, "prose_received", ("n_received", ["report"]))


def _prose_none(sample: Sample, setting: Setting) -> Sample | None:
    """The prose says that no request came in; the table says otherwise."""
    if not sample.numbers[RECEIVED]:
        return None
    said = {key: 0.0 if key[0] in (T3, T4) else n for key, n in sample.numbers.items()}
    sample = retold(sample, said, seed=setting.seed)
    return blamed(sample, "prose_none", ("n_none_vs_positive", ["report"]))


def _late_heading(sample: Sample, setting: Setting) -> Sample | None:
    """The heading of section four stands after its table."""
    if setting.layout != "cells":
        return None
    section = "s4_review_litigation"
    sample = msgspec.structs.replace(sample, late_headings=(section,))
    return blamed(sample, "late_heading", ("s_section_order", [section]))


def _missing_table(sample: Sample, _: Setting) -> Sample | None:
    """A word instead of table four, where all would be 0."""
    if any(of_table(sample, T4)):
        return None
    numbers = {key: n for key, n in sample.numbers.items() if key[0] != T4}
    sample = msgspec.structs.replace(sample, numbers=numbers, without=(T4,))
    return blamed(sample, "missing_table", ("s_table_missing", [T4]))


def _late(sample: Sample, setting: Setting) -> Sample | None:
    """A department publishes after 31 January."""
    if sample.agency.kind not in DEPARTMENTS:
        return None
    date = f"{sample.year + 1}-{2 + below(setting.rng, 2):02}-{3 + below(setting.rng, 24):02}"
    return blamed(dated(sample, date), "late", ("p_deadline_department", ["report"]))


def _decimals(sample: Sample, setting: Setting) -> Sample | None:
    """An amount to the tenth of a 分: seven decimals of a 万元."""
    key: Key = ("t2_art20_8", "administrative_fees", "fee_amount")
    if not sample.numbers.get(key):
        return None
    tail = (1 + 10 * below(setting.rng, 98)) / 10_000_000
    sample = with_numbers(sample, {key: round((sample.numbers[key] or 0.0) + tail, 7)})
    return blamed(sample, "decimals", ("s_decimals", [".".join(key)]))


KINDS: dict[str, Callable[[Sample, Setting], Sample | None]] = {
    "blank_zeros": _blank_zeros,
    "blank_cases": _blank_cases,
    "late_heading": _late_heading,
    "wrong_form": _wrong_form,
    "words_in_cell": _words_in_cell,
    "missing_table": _missing_table,
    "extra_cell": _extra_cell,
    "missing_section": _missing_section,
    "no_unit": _no_unit,
    "decimals": _decimals,
    "combined_row": _combined_row,
    "missing_title": _missing_title,
    "group_total": _group_total,
    "balance": _balance,
    "disposed_total": _disposed_total,
    "row_total": _row_total,
    "missing_row": _missing_row,
    "placeholder": _placeholder,
    "negative": _negative,
    "non_integer": _non_integer,
    "prose_received": _prose_received,
    "prose_none": _prose_none,
    "late": _late,
}
"""All kinds, the choosiest first."""


def blamed(sample: Sample, kind: str, *failures: tuple[str, Iterable[str]]) -> Sample:
    """The report with the checks it must now fail: each with the subjects to blame."""
    faults = tuple(
        Fault(check, subject, kind) for check, subjects in failures for subject in subjects
    )
    return msgspec.structs.replace(sample, faults=faults)


def raised(sample: Sample, row: str, by: int) -> Sample:
    """That many more from persons in one row, and so in its total."""
    keys: list[Key] = [(T3, row, "natural_person"), (T3, row, TOTAL)]
    return with_numbers(sample, {key: (sample.numbers[key] or 0.0) + by for key in keys})


def with_numbers(sample: Sample, changed: dict[Key, float]) -> Sample:
    """The report with these figures, its prose untouched."""
    return msgspec.structs.replace(sample, numbers=sample.numbers | changed)


def replaced(sample: Sample, keys: list[Key], text: str, state: State) -> Sample:
    """These cells print `text`, which is no number for certain."""
    return msgspec.structs.replace(
        sample,
        numbers=sample.numbers | dict.fromkeys(keys),
        printed=sample.printed | dict.fromkeys(keys, text),
        states=sample.states | dict.fromkeys(keys, state),
    )


def of_table(sample: Sample, table: str) -> list[float | None]:
    """The numbers of one table's cells."""
    return [n for key, n in sample.numbers.items() if key[0] == table]
