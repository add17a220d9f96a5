"""An agency and years in, its fictional reports out, each following from the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

import msgspec

from govreport_core.forms import forms
from govreport_core.samples.chance import below, chance, happens, pick
from govreport_core.samples.layouts import LAYOUTS
from govreport_core.samples.numbers import FORMS, draw_year, first_stock
from govreport_core.samples.pools import places
from govreport_core.samples.prose import write_text
from govreport_core.samples.roster import agencies
from govreport_core.samples.sample import Agency, Key, Sample, print_number
from govreport_core.samples.sheet import blocks
from govreport_core.samples.style import style_of

_TITLES = (
    ("{agency}{year}年政府信息公开工作年度报告",),
    ("{agency}{year}年政府信息公开工作年度报告",),
    ("{agency}", "{year}年政府信息公开工作年度报告"),
    ("{agency}", "政府信息公开工作{year}年度报告"),
    ("{agency}{year}年度政府信息公开工作年度报告",),
)
_PROCUREMENT: Key = ("t2_art20_9", "government_procurement", "procurement_amount")
YUAN = 10_000
"""元 in one 万元."""


def draw_history(
    agency: Agency,
    years: Sequence[int],
    *,
    seed: int = 1,
    wrong_forms: Mapping[int, str] | None = None,
) -> Iterator[Sample]:
    """The agency's reports for these years, oldest first, without faults.

    Args:
        agency: From `roster.agencies`.
        years: Report years, ascending and consecutive.
        seed: Another seed, other figures and words.
        wrong_forms: Years for which it fills a form that isn't the year's.
    """
    profile = places().profiles[agency.profile]
    stock = first_stock(profile, agency.level, chance(seed, agency.agency_id, "stock"))
    for year in years:
        form = (wrong_forms or {}).get(year) or form_of(year)
        rng = chance(seed, agency.agency_id, year, "figures")
        numbers, stock = draw_year(form, year, profile, stock, rng)
        yield _dressed(agency, year, form, numbers, seed)


def draw_report(
    agency: Agency | None = None, year: int = 2024, *, seed: int = 1, form: str | None = None
) -> Sample:
    """One report without faults; of the first agency of the roster unless another is given."""
    wrong = {year: form} if form else None
    (sample,) = draw_history(agency or agencies(1)[0], (year,), seed=seed, wrong_forms=wrong)
    return sample


def render(sample: Sample, layout: str, *, seed: int = 1) -> str:
    """The report as text in that layout: `cells`, `tabs`, `lines` or `rows`.

    The seed decides what may vary within a layout: wording of labels known as
    aliases, line and page breaks, where values stand beside their label.
    """
    rng = chance(seed, sample.agency.agency_id, sample.year, layout)
    return LAYOUTS[layout](blocks(sample, style_of(sample, rng)), rng)


def form_of(year: int) -> str:
    """The form that reports of that year are to use; the oldest known for earlier years."""
    known = [forms()[form] for form in FORMS]
    return next((form.id for form in known if form.covers(year)), known[0].id)


def retold(sample: Sample, numbers: Mapping[Key, float | None], *, seed: int) -> Sample:
    """The report with its prose told anew as if `numbers` were its figures."""
    text = write_text(sample.agency, sample.year, numbers, sample.wording, seed)
    return msgspec.structs.replace(
        sample,
        intro=text.intro,
        overview=text.overview,
        problems=text.problems,
        other=text.other,
        topics=text.topics,
    )


def dated(sample: Sample, date: str) -> Sample:
    """The report published, and where it is signed signed, on that day (`2025-01-20`)."""
    signature = (sample.agency.name, chinese_date(date)) if sample.signature else ()
    return msgspec.structs.replace(sample, published_on=date, signature=signature)


def chinese_date(date: str) -> str:
    """`2025-01-20` as it is signed: 2025年1月20日."""
    year, month, day = date.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def _dressed(
    agency: Agency, year: int, form: str, numbers: dict[Key, float | None], seed: int
) -> Sample:
    rng = chance(seed, agency.agency_id, year, "dress")
    printed, header = _procurement(numbers.get(_PROCUREMENT), rng)
    sample = Sample(
        agency=agency,
        year=year,
        form=form,
        numbers=numbers,
        title=tuple(line.format(agency=agency.name, year=year) for line in pick(rng, _TITLES)),
        intro=None,
        overview=(),
        problems=(),
        other=(),
        signature=("signed",) if happens(rng, 0.75) else (),
        published_on="",
        printed=printed,
        money_in_header=header,
    )
    return retold(dated(sample, _published(agency, year, rng)), numbers, seed=seed)


def _published(agency: Agency, year: int, rng: Random) -> str:
    """Departments by 31 January, governments by 31 March (条例第四十九条、第五十条)."""
    month = 1 + below(rng, 3) if agency.kind == "government" else 1
    return f"{year + 1}-{month:02}-{6 + below(rng, 22):02}"


def _procurement(amount: float | None, rng: Random) -> tuple[dict[Key, str], str | None]:
    """How the amount spent is printed, and the unit its column's header names, if any."""
    if amount is None:
        return {}, None
    unit = "元" if happens(rng, 0.15) else "万元"
    figure = print_number(amount if unit == "万元" else round(amount * YUAN, 2))
    if happens(rng, 0.45):
        return {_PROCUREMENT: figure}, unit
    return {_PROCUREMENT: figure + unit}, None
