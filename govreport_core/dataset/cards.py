"""A report's facts and results in, its row of the table `cards` out.

What costs is made of the facts and results of single reports, for some reports at
a time (`of_facts`, `of_results`); the rest over a row a report (`cards`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from govreport_core import indicators
from govreport_core.cells import LAID
from govreport_core.indicators.carded import ASSUMED, KNOWN
from govreport_core.indicators.figures import definitions, figure_numbers, outcome_numbers
from govreport_core.indicators.grouped import consistent
from govreport_core.model import Level, Outcome, Severity, State
from govreport_core.schemas import TABLES, frame

_COUNTS = (
    *(f"fail_{severity}" for severity in Severity),
    *("passed", "skipped", "agree_passed", "agree_failed", "agree_errors"),
    *("agree_skipped", "agree_judged", "agree_doubted"),
)
KEYS = ("document_id", "agency_id", "year")
RESULTS = (*_COUNTS, "failures", "reasons")
_THEMES = {"problem_themes": "problem", "improvement_themes": "improvement"}
_AT_ONCE = 20_000
_LISTS = ("failed_rules", "failed_severities", "skip_reasons", "skip_counts", *_THEMES)
_OF_REPORT = ("document_id", "report_id", "form", "title", "published_on", "source_url")
_OF_AGENCY = (
    *("agency_name", "agency_kind", "agency_level", "region_code"),
    *("province", "prefecture", "county"),
)
_ORDER = ("region_code", "agency_id", "year", "document_id")
_PROBLEMS = "s5_problems"
_OF_COVERAGE = ("status", "reason", "required", "due", "days_late")


def agreeing() -> pl.Expr:
    """Whether a check asks if numbers and parts agree.

    The others ask when and where a report was published, or hold it against other agencies'.

    Returns:
        A boolean over `check`, the rules' codes; which don't count stands in `without` of
        `indicators/groups.toml`.
    """
    without = consistent().without
    return ~pl.any_horizontal(pl.col("check").str.starts_with(code) for code in without)


def of_facts(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What the facts of reports say of them.

    Args:
        frames: `reports`, `values`, `diagnostics` and `points` of the reports; `cells.LAID`
            where it is known already.

    Returns:
        A row a report, as `reports` has them: `document_id`, and of `cards` the counts of
        cells, doubts and points, the figures, dispositions and indicators. Money is in 万元,
        requests in 件, null where a cell isn't known; counts of rows are never null.
    """
    reports, values = frames["reports"], frames["values"].lazy()
    state = pl.col("state")
    absent = state == State.ABSENT
    counted = (
        values.group_by("document_id").agg(
            cells=(~absent).sum(),
            cells_read=(~absent & (state != State.UNREADABLE)).sum(),
            cells_absent=absent.sum(),
        ),
        _how_many(frames["diagnostics"], "level", {"doubts": Level.DOUBT}),
        _how_many(frames["points"], "kind", {"problems": "problem", "improvements": "improvement"}),
        _themes(frames["points"]),
    )
    figures = [one.code for one in definitions().figures]
    outcomes = [one.code for one in definitions().outcomes.groups]
    told = indicators.evaluate(frames["values"], reports, frames.get(LAID))
    found = reports.lazy().select("document_id")
    for other in (
        *counted,
        _wide(figure_numbers(values).collect(), "figure", figures, "number", "").lazy(),
        _wide(outcome_numbers(values).collect(), "group", outcomes, "number", "").lazy(),
        *(one.lazy() for one in _indicators(told)),
    ):
        found = found.join(other, on="document_id", how="left", maintain_order="left")
    # A count of rows that aren't there is 0; nothing here is a number of a report.
    return found.with_columns(pl.selectors.integer().fill_null(0)).collect()


def of_results(checks: pl.DataFrame, keys: Iterable[str]) -> pl.DataFrame:
    """Results counted by report, or by what else tells whose they are.

    Args:
        checks: The columns of `checks`, of any reports.
        keys: Columns of it that tell whose a result is.

    Returns:
        A row a combination of `keys`, in no order: `keys` and the columns of `RESULTS`, how
        many results; `failures` are `check` and `severity` of each failure, `reasons` why each
        skipped one was.
    """
    outcome, severity = pl.col("outcome"), pl.col("severity")
    passed, failed = outcome == Outcome.PASS, outcome == Outcome.FAIL
    skipped, grave = outcome == Outcome.SKIP, severity == consistent().severity
    doubted = skipped & pl.col("reason").is_in(consistent().doubts)
    own = pl.col("own")
    return (
        checks.lazy()
        .with_columns(own=agreeing())
        .group_by(*keys)
        .agg(
            *((failed & (severity == one)).sum().alias(f"fail_{one}") for one in Severity),
            passed=passed.sum(),
            skipped=skipped.sum(),
            agree_passed=(own & passed).sum(),
            agree_failed=(own & failed).sum(),
            agree_errors=(own & failed & (severity == Severity.ERROR)).sum(),
            agree_skipped=(own & skipped).sum(),
            agree_judged=(own & grave & ~skipped).sum(),
            agree_doubted=(own & grave & doubted).sum(),
            failures=pl.struct("check", "severity").filter(failed),
            reasons=pl.col("reason").filter(skipped),
        )
        .select(*keys, *RESULTS)
        .collect()
    )


def of_frames(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table `cards` of a dataset whose other tables are in memory; some may be missing.

    Args:
        frames: By table, with the columns of `schemas`; one that isn't there counts as empty.

    Returns:
        What `cards` gives.
    """
    known = {name: frames.get(name, frame(name, [])) for name in TABLES}
    return cards(known, of_facts(known), [of_results(known["checks"], KEYS)])


def cards(
    tables: Mapping[str, pl.DataFrame], facts: pl.DataFrame, results: Iterable[pl.DataFrame]
) -> pl.DataFrame:
    """The table `cards`.

    Args:
        tables: The dataset's `reports`, `agencies`, `coverage`, `similar` and `groups`.
        facts: What `of_facts` gave for all reports.
        results: What `of_results` gave for them, in parts, by `KEYS`; the document is
            null of what isn't about a report.

    Returns:
        A row an agency and year of `coverage`, and a current report that has none there; by
        `region_code`, `agency_id`, `year` and `document_id`, nulls last. Money is in 万元,
        requests in 件, `days_late` in days; rates stand as `_numerator` and `_base`.
    """
    told = [some.lazy() for some in results]
    years = (made(some, facts.lazy(), told) for some in yearly(carded(tables)))
    return pl.concat([frame("cards", []), *years]).sort(_ORDER, nulls_last=True)


def yearly(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Some rows at a time: a card has many columns, most of them often null.

    Args:
        rows: What `carded` gave; columns beside its own stay.

    Yields:
        Rows of one year (or of no year), in the order of `cards`.
    """
    for some in rows.sort("year", nulls_last=True).partition_by("year", maintain_order=True):
        yield from some.sort(_ORDER, nulls_last=True).iter_slices(_AT_ONCE)


def made(rows: pl.DataFrame, facts: pl.LazyFrame, results: Iterable[pl.LazyFrame]) -> pl.DataFrame:
    """The cards of some rows.

    Args:
        rows: Some that `yearly` gave.
        facts: As `cards` takes them, of these reports at least.
        results: Likewise.

    Returns:
        The columns of `cards`, in the order of the rows.
    """
    document = pl.col("document_id")
    there = rows.lazy().drop_nulls("document_id")
    missing = rows.lazy().filter(document.is_null())
    ids = rows["document_id"].drop_nulls().implode()
    agencies = rows.filter(document.is_null())["agency_id"].unique().implode()
    mine = document.is_in(ids) | (document.is_null() & pl.col("agency_id").is_in(agencies))
    counted = _together(pl.concat([one.filter(mine).collect() for one in results]).lazy())
    counted = counted.collect().lazy()
    of_report = counted.drop_nulls("document_id").drop("agency_id", "year")
    of_none = counted.filter(document.is_null()).drop("document_id")
    told = [
        there.join(of_report, on="document_id", how="left"),
        missing.join(of_none, on=["agency_id", "year"], how="left"),
    ]
    told_of = facts.filter(document.is_in(ids)).collect().lazy()
    return (
        pl.concat(told)
        .sort(_ORDER, nulls_last=True)
        .join(told_of, on="document_id", how="left", maintain_order="left")
        .with_columns(pl.selectors.integer().exclude("year", "days_late").fill_null(0))
        .with_columns(pl.col(name).fill_null([]) for name in _LISTS)
        .select(pl.col(name).cast(kind) for name, kind in frame("cards", []).schema.items())
        .collect()
    )


def carded(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Which cards there are, and who and when each is of.

    Args:
        tables: The dataset's `reports`, `agencies`, `coverage`, `similar` and `groups`.

    Returns:
        A row a card, in no order, with the columns of `cards` that these tables tell.
    """
    found = _rows(tables)
    for likeness in _likeness(tables):
        found = found.join(likeness, on="document_id", how="left")
    return found.collect()


def _rows(tables: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """Who and when: a row an agency and year of `coverage`, then the reports without one."""
    reports = tables["reports"].lazy().filter("current")
    covered = tables["coverage"].lazy().select("agency_id", "year", "document_id", *_OF_COVERAGE)
    roster = tables["agencies"].lazy().select(
        "agency_id", agency_name="name", agency_kind="kind", agency_level="level",
        region_code="region_code",
    )  # fmt: skip
    wanted = ["agency_id", "year", *_OF_AGENCY, *_OF_REPORT]
    there = reports.select(wanted).join(
        covered.drop("agency_id", "year").drop_nulls("document_id"), on="document_id", how="left"
    )
    missing = covered.filter(pl.col("document_id").is_null()).join(
        roster, on="agency_id", how="left"
    )
    return pl.concat([there, missing], how="diagonal_relaxed")


def _likeness(tables: Mapping[str, pl.DataFrame]) -> Iterable[pl.LazyFrame]:
    """How much of section five stands in the last report, in another's, and how many share it."""
    similar, groups = (tables[name].lazy() for name in ("similar", "groups"))
    of_five = similar.filter(pl.col("section") == _PROBLEMS)
    years = tables["reports"].lazy().select("year", other="document_id")
    yield (
        of_five.filter("same_agency")
        .join(years, on="other")
        .group_by("document_id")
        .agg(like_last_year=pl.col("share").sort_by("year").last())
    )
    others = of_five.filter(~pl.col("same_agency"))
    yield others.group_by("document_id").agg(like_other=pl.col("share").max())
    own = groups.filter(pl.col("section") == _PROBLEMS)
    yield own.select("document_id", alike_agencies="agencies")


def _together(counted: pl.LazyFrame) -> pl.LazyFrame:
    """What several frames of `of_results` say of the same report, with its lists."""
    keys = list(KEYS)
    sums = counted.group_by(keys).agg(pl.col(_COUNTS).sum())
    failures = (
        counted.select(*keys, "failures")
        .explode("failures")
        .drop_nulls("failures")
        .unnest("failures")
        .unique()
        .sort("check", "severity")
        .group_by(keys, maintain_order=True)
        .agg(failed_rules="check", failed_severities="severity")
    )
    reasons = (
        counted.select(*keys, "reasons")
        .explode("reasons")
        .drop_nulls("reasons")
        .group_by(*keys, "reasons")
        .len("count")
        .sort(["count", "reasons"], descending=[True, False])
        .group_by(keys, maintain_order=True)
        .agg(skip_reasons="reasons", skip_counts="count")
    )
    for lists in (failures, reasons):
        sums = sums.join(lists, on=keys, how="left", nulls_equal=True)
    return sums


def _how_many(rows: pl.DataFrame, column: str, named: Mapping[str, str]) -> pl.LazyFrame:
    """How many rows a document has of each kind."""
    counts = {name: (pl.col(column) == code).sum() for name, code in named.items()}
    return rows.lazy().group_by("document_id").agg(**counts)


def _themes(points: pl.DataFrame) -> pl.LazyFrame:
    """The themes of a document's points of each kind, each once, by code."""
    of_kind = {
        name: pl.col("themes").filter(pl.col("kind") == kind).unique().sort()
        for name, kind in _THEMES.items()
    }
    told = points.lazy().select("document_id", "kind", "themes").explode("themes")
    return told.drop_nulls("themes").group_by("document_id").agg(**of_kind)


def _wide(rows: pl.DataFrame, column: str, codes: list[str], values: str, end: str) -> pl.DataFrame:
    """Rows of documents and codes side by side, a column a code."""
    found = rows.pivot(column, on_columns=codes, index="document_id", values=values)
    return found.rename({code: f"{code}{end}" for code in codes})


def _indicators(told: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """What `indicators.evaluate` gave, side by side."""
    codes = list(indicators.catalogue())
    rates = [code for code, one in indicators.catalogue().items() if one.denominator]
    state = (
        pl.when(pl.col("n") == 0)
        .then("reason")
        .when("assumed_zero")
        .then(pl.lit(ASSUMED))
        .otherwise(pl.lit(KNOWN))
    )
    known = told.with_columns(
        pl.when(pl.col("n") > 0).then(name).alias(name) for name in ("numerator", "denominator")
    )
    yield _wide(known, "indicator", codes, "numerator", "_numerator")
    yield _wide(known, "indicator", rates, "denominator", "_base")
    yield _wide(told.with_columns(state=state), "indicator", codes, "state", "_state")
