"""Several readings of one report in, the cells in which the one that is shown differs out.

Only cells that both readings have a certain number for differ. A correction that
either announces with its reason is one note, not a fault for each cell.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.cells import DECIMALS, Lack, at, lack, number, of_form
from govreport_core.checks.base import COMPARED, RuleKind
from govreport_core.checks.explaining import QUOTE_LENGTH, sentences
from govreport_core.checks.facts import Facts, Reason, findings
from govreport_core.checks.running import run_on, running, says

REPORT = pl.lit("report")
_NEAR = 100  # characters around the word that says that a correction was made


class Versions(RuleKind, frozen=True, tag="versions"):
    """Several readings of one report, of the same address or of others, have the same figures."""

    same_address: bool

    fail_words = COMPARED | {"date", "count", "quote"}
    cases = frozenset({"plain", "announced"})


def versions(test: Versions, facts: Facts) -> Iterator[pl.LazyFrame]:
    """A result for each cell in which a current report differs from another reading of it.

    Where none differs, or a correction is announced, one for the report; a report with one reading
    has none.

    Args:
        test: The rule: `same_address` says which readings are held against each other.
        facts: Looks at `report_id`, `source_url`, `current` and `published_on` of `reports`, at
            `number` of `values` in every cell of the form (counts in 件, money in 万元), and at
            the text of `sections` and `parts` for a correction that is announced.

    Yields:
        Results as `findings` makes them: `subject` is the cell, `expected` the other reading's
        number, `actual` the current one's; failures of the case `plain` hold `date`, the other's
        `published_on`. Of the case `announced`, a note: `subject` is `report`, with `count` (cells
        that differ) and `quote`. A pass or skip is about `report`.

    Source:
        《政府信息公开条例》第六条
    """
    pairs = _pairs(test, facts)
    if not pairs.height:
        return
    cells = of_form(facts.form)
    names = [f"{cell}{mark}" for cell in cells for mark in "#!@"]
    this = facts.every.select(names)[pairs["doc"]]
    that = facts.every.select(names)[pairs["doc_other"]]
    differing = _differing(cells, pairs, this, that)
    announced = _announced(facts, pairs)
    yield _told(facts, differing.join(announced, on="doc", how="anti", maintain_order="left"))
    yield _noted(facts, differing, announced)
    unread = pl.max_horizontal(lack(cell) for cell in cells) >= Lack.TEXT
    doubt = pairs.select(
        "doc", doubt=this.select(unread).to_series() | that.select(unread).to_series()
    )
    yield findings(
        doubt.lazy()
        .group_by("doc", maintain_order=True)
        .agg(pl.col("doubt").any())
        .join(differing.lazy().select("doc"), on="doc", how="anti"),
        facts.form,
        reason=pl.when("doubt").then(pl.lit(Reason.UNREADABLE)),
        subject=REPORT,
    )


def _pairs(test: Versions, facts: Facts) -> pl.DataFrame:
    """Each current report beside each other reading of it on the same form."""
    keys = ["doc", "report_id", "source_url"]
    copies = facts.every.lazy().filter(pl.col("form") == facts.form.id)
    same = (pl.col("source_url") == pl.col("source_url_other")).fill_null(value=False)
    return (
        copies.filter("current")
        .select(keys)
        .join(
            copies.filter(~pl.col("current")).select(*keys, "published_on"),
            on="report_id",
            suffix="_other",
        )
        .filter(same == test.same_address)
        .collect()
    )


def _differing(
    cells: list[str], pairs: pl.DataFrame, this: pl.DataFrame, that: pl.DataFrame
) -> pl.DataFrame:
    """A row for each cell with a number in both readings, and not the same."""
    return pl.concat(
        pairs.select("doc", "published_on")
        .with_columns(
            subject=pl.lit(cell),
            expected=that.select(number(cell)).to_series(),
            actual=this.select(number(cell)).to_series(),
            at=this.select(at(cell)).to_series(),
        )
        .filter(pl.col("expected").round(DECIMALS) != pl.col("actual").round(DECIMALS))
        for cell in cells
    ).unique(["doc", "subject"], keep="first", maintain_order=True)


def _told(facts: Facts, differing: pl.DataFrame) -> pl.LazyFrame:
    return findings(
        differing.lazy(),
        facts.form,
        fails=pl.lit(value=True),
        said={
            "case": pl.lit("plain"),
            "date": pl.col("published_on").cast(pl.String).fill_null("—"),
        },
        subject=pl.col("subject"),
        expected=pl.col("expected"),
        actual=pl.col("actual"),
        at=pl.col("at"),
    )


def _noted(facts: Facts, differing: pl.DataFrame, announced: pl.DataFrame) -> pl.LazyFrame:
    """One note a report whose differing cells a correction announces."""
    counted = differing.group_by("doc", maintain_order=True).agg(count=pl.len())
    return findings(
        counted.join(announced, on="doc", maintain_order="left").lazy(),
        facts.form,
        fails=pl.lit(value=True),
        said={
            "case": pl.lit("announced"),
            "count": pl.col("count").cast(pl.String),
            "quote": pl.col("quote"),
        },
        subject=REPORT,
        severity=pl.lit("info"),
    )


def _announced(facts: Facts, pairs: pl.DataFrame) -> pl.DataFrame:
    """The current reports of which a reading announces its correction: `doc`, `quote`."""
    words = sentences().correction
    either = pl.concat(
        [pairs.select("doc", said="doc"), pairs.select("doc", said="doc_other")]
    ).unique()
    of = pl.col("doc").is_in(either["said"].implode())
    made = list(words.made)
    texts = [
        facts.sections.filter(of & says(pl.col("text"), made)).select(
            "doc", text=run_on(pl.col("text")).str.replace_all(r"\s", "")
        )
    ]
    if facts.parts is not None:
        texts.append(running(facts.parts.filter(of), made).select("doc", text="run"))
    near = f".{{0,{_NEAR}}}(?:{'|'.join(made)}).{{0,{_NEAR}}}"
    around = pl.col("around")
    return (
        pl.concat(texts)
        .select(said="doc", around=pl.col("text").str.extract_all(near))
        .explode("around")
        .filter(says(around, words.of) & says(around, words.reason))
        .unique("said", keep="first", maintain_order=True)
        .join(either.lazy(), on="said")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", quote=around.str.slice(0, QUOTE_LENGTH))
        .collect()
    )
