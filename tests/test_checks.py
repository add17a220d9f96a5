"""Each rule passes, fails and skips where it should; what comes out is the dataset's table."""

from __future__ import annotations

import json
from functools import cache

import polars as pl
import pytest
from filled import T3, T4, Filled, stacked

from govreport_core.build.likeness import alike_of_frames
from govreport_core.checks import catalogue, run, sentence
from govreport_core.schemas import TABLES, frame

ALL = "applicant_total"


def unbalanced(r: Filled) -> None:
    for row, number in (("requests_received", 95), ("granted_full", 94), ("disposed_total", 94)):
        r.put(T3, row, "natural_person", number)
        r.put(T3, row, ALL, number)


def unreadable_total(r: Filled) -> None:
    r.leave(T3, "disposed_total", ALL, "unreadable", "0 0")


def unreadable_review(r: Filled) -> None:
    r.leave(T4, "cases", "review_pending", "unreadable", "012")


def unreadable_everything(r: Filled) -> None:
    r.every("unreadable")


def no_title(r: Filled) -> None:
    r.title = None
    r.evidence = []


def no_form(r: Filled) -> None:
    r.form, r.cells = None, {}


def form_of_2019(r: Filled) -> None:
    r.__init__("form_2019", 2020)


def form_of_2019_in_2023(r: Filled) -> None:
    r.__init__("form_2019", 2023)


def no_year(r: Filled) -> None:
    r.year = None


def no_section_five(r: Filled) -> None:
    r.sections.remove("s5_problems")


def late_heading(r: Filled) -> None:
    r.note("heading_after_table", section="s4_review_litigation")


def no_headings(r: Filled) -> None:
    r.sections = []


def no_table_four(r: Filled) -> None:
    r.every("absent", table=T4)


def no_tables(r: Filled) -> None:
    r.every("absent")


def row_lost(r: Filled) -> None:
    r.every("absent", row="granted_partial")


def spare_cell(r: Filled) -> None:
    r.note("extra_cells", table=T4, row="cases", printed=16, expected=15)


def a_blank(r: Filled) -> None:
    r.leave(T3, "granted_full", ALL, "blank", "")


def unseen(r: Filled) -> None:
    r.leave(T3, "granted_full", ALL, "unreadable")


def a_slash(r: Filled) -> None:
    r.leave("t2_art20_1", "regulations", "issued", "placeholder", "/")


def words(r: Filled) -> None:
    r.leave(T3, "granted_full", "natural_person", "text", "见附件")


def below_zero(r: Filled) -> None:
    r.put(T3, "granted_full", "natural_person", -2)


def a_half(r: Filled) -> None:
    r.put(T3, "granted_full", "natural_person", 1.5)


def no_unit(r: Filled) -> None:
    form_of_2019(r)
    cell = ("t2_art20_9", "government_procurement", "procurement_amount")
    r.leave(*cell, "unreadable", "251000")
    r.note("unit_missing", "doubt", **dict(zip(("table", "row", "column"), cell, strict=True)))


def no_amount(r: Filled) -> None:
    form_of_2019(r)
    r.leave("t2_art20_9", "government_procurement", "procurement_amount", "blank", "")


def says_one(r: Filled) -> None:
    r.claims = []
    r.claim(1, agrees=False)


def says_another(r: Filled) -> None:
    r.claims = []
    r.put(T3, "requests_received", ALL, 3)
    r.claim(1, agrees=False)


def says_nothing(r: Filled) -> None:
    r.claims = []


def documents(r: Filled, column: str, number: int) -> None:
    form_of_2019(r)
    r.put("t2_art20_1", "normative_documents", column, number)


def blank_document_cell(r: Filled) -> None:
    form_of_2019(r)
    r.every("blank", table="t2_art20_1", raw="")


def licences(r: Filled, before, change, decisions) -> None:
    form_of_2019(r)
    r.row("t2_art20_5", "administrative_licensing", before, change, decisions)


def procured(r: Filled, projects, amount) -> None:
    form_of_2019(r)
    r.row("t2_art20_9", "government_procurement", projects, amount)


def in_force(r: Filled, issued, repealed, number) -> None:
    r.row("t2_art20_1", "normative_documents", issued, repealed, number)


def rules_made(r: Filled, kind: str | None) -> None:
    r.put("t2_art20_1", "regulations", "issued", 2)
    r.agency_kind, r.agency_level = kind, "prefecture"


def subtotal(r: Filled, number: int | None) -> None:
    r.put(T3, "denied_state_secret", "natural_person", 2)
    if number is None:
        r.leave(T3, "denied", "natural_person", "unreadable", "012")
    else:
        r.put(T3, "denied", "natural_person", number)


def total_left_blank(r: Filled) -> None:
    r.leave(T3, "granted_full", ALL, "blank", "")


def carried(r: Filled, forward: int) -> None:
    r.put(T3, "requests_received", ALL, 40)
    r.put(T3, "requests_carried_forward", ALL, forward)


def blank_forward(r: Filled) -> None:
    r.leave(T3, "requests_carried_forward", ALL, "blank", "")


def sued(r: Filled, year: int | None, number: int) -> None:
    r.year = year
    r.put(T4, "cases", "litigation_direct_total", number)


def fees(r: Filled, raw: str, number: float | None, state: str = "reported") -> None:
    r.leave("t2_art20_8", "administrative_fees", "fee_amount", state, raw, number)


def carried_over(r: Filled, forward, over, text: str = "") -> None:
    """So many from persons go forward last year, and come over this year."""
    for report, row, number in (
        (r.prior(), "requests_carried_forward", forward),
        (r, "requests_carried_over", over),
    ):
        report.put(T3, row, "natural_person", number)
    r.text["s1_overview"] += text


def in_force_after(r: Filled, before: str, now) -> None:
    r.prior(before).put("t2_art20_1", "normative_documents", "in_force", 40)
    in_force(r, 5, 2, now)


def old_pair(r: Filled, table: str, row: str, before, now) -> None:
    """A row of the form of 2019, last year's and this year's."""
    form_of_2019(r)
    if before is not None:
        r.prior().row(table, row, *before)
    r.row(table, row, *now)


def years(r: Filled, *years: int, agency: str = "a1") -> None:
    """Reports of these years beside this one, and a roster: the others were looked for."""
    r.agency_id = agency
    listed = {"agency_id": agency, "source": "roster", "searched": list(range(2020, 2024))}
    r.given["agencies"] = frame("agencies", [listed])
    for year in years:
        r.prior(year=year, document_id=f"d{year}")


def doubled(r: Filled, table: str, row: str, column: str, before, now) -> None:
    prior = r.prior()
    prior.put(table, row, column, before)
    if now is None:
        r.leave(table, row, column, "unreadable", "1 2")
    else:
        r.put(table, row, column, now)


def received(r: Filled, before, now) -> None:
    doubled(r, T3, "requests_received", ALL, before, now)


def amounts(r: Filled, before, now) -> None:
    doubled(r, "t2_art20_8", "administrative_fees", "fee_amount", before, now)


def copied(r: Filled, last: int | None) -> None:
    for report in (r, r.prior()):
        report.row("t2_art20_1", "normative_documents", 5, 2, 40)
    if last is None:
        r.others[0].leave(T3, "granted_full", ALL, "unreadable", "1 2")
    else:
        r.put(T3, "granted_full", ALL, last)


def pending(r: Filled, before, now) -> None:
    r.prior().put(T4, "cases", "review_pending", before)
    if now is not None:
        r.put(T4, "cases", "review_total", now)
    else:
        r.leave(T4, "cases", "review_total", "blank", "")


def cases(r: Filled, column: str, number: int, **last) -> None:
    r.put(T4, "cases", column, number)
    if last:
        prior = r.prior()
        prior.put(T3, "requests_received", ALL, last.get("requests", 0))
        prior.put(T4, "cases", "review_total", last.get("reviews", 0))


def published(r: Filled, kind: str | None, day: str) -> None:
    r.agency_kind = kind
    r.published(day)


def read_twice(r: Filled, second: int | None, url: str) -> None:
    """Another reading of the same report, with that many requests received."""
    r.source_url = "https://a.example/1"
    other = r.prior(year=r.year, document_id="d2", current=False, source_url=url)
    if second is None:
        other.leave(T3, "requests_received", ALL, "unreadable", "1 2")
    else:
        other.put(T3, "requests_received", ALL, second)


def found_files(r: Filled, error: str) -> None:
    failed = {"path": "in/scan.pdf", "status": "failed", "error": error}
    r.given["documents"] = frame("documents", [failed])


def roster(r: Filled, other: str) -> None:
    """A roster with this agency and another, which may have a report without a name."""
    looked = {"name": "青禾县林业局", "source": "roster", "searched": [2023]}
    listed = [{"agency_id": a, **looked} for a in ("a1", "a2")]
    r.given["agencies"] = frame("agencies", listed)
    if other != "missing":
        r.others.append(Filled(document_id="d2", agency_id=other))


def states(r: Filled, claim: str, agrees, row="disposed_total", **names) -> None:
    r.state(claim, 3, row, agrees=agrees, **names)


def documents_stated(r: Filled, claim: str, column: str, agrees) -> None:
    names = {"table": "t2_art20_1", "column": column}
    r.state(claim, 3, "normative_documents", agrees=agrees, **names)
    if agrees:
        r.put("t2_art20_1", "normative_documents", column, 3)


def section(r: Filled, code: str, text: str) -> None:
    r.text[code] = text


def period(r: Filled, text: str) -> None:
    r.lines = [text]


def government(r: Filled, kind: str | None, text: str) -> None:
    r.agency_kind = kind
    r.text["s1_overview"] = text


def unpaid(r: Filled, text: str) -> None:
    r.put(T3, "other_fee_unpaid", ALL, 1)
    r.text["s6_other"] = text


def shifted(r: Filled, columns: tuple[str, str] = ("org_business", "natural_person")) -> None:
    """Five requests, received by one kind of applicants and answered to another."""
    for row, column in zip(("requests_received", "granted_full"), columns, strict=True):
        r.put(T3, row, column, 5)
        r.put(T3, row, ALL, 5)
    r.put(T3, "disposed_total", columns[1], 5)
    r.put(T3, "disposed_total", ALL, 5)


def introduced(r: Filled, text: str) -> None:
    r.lines = [text]


SIX = (
    "总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、"
    "政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项"
)
FIVE = SIX.replace("、其他需要报告的事项", "")


def fee_stated(r: Filled, agrees) -> None:
    names = {"table": "t2_art20_8", "column": "fee_amount"}
    r.state("information_fee", 3, "administrative_fees", agrees=agrees, **names)
    if agrees is not None:
        r.put("t2_art20_8", "administrative_fees", "fee_amount", 4 if agrees else 2)
    else:
        r.leave("t2_art20_8", "administrative_fees", "fee_amount", "blank", "")


def after_old_form(r: Filled, before, number) -> None:
    """Documents in force, the year after a report on the form of 2019."""
    prior = r.prior("form_2019")
    if before is None:
        prior.leave("t2_art20_1", "normative_documents", "disclosed_total", "blank", "")
    else:
        prior.put("t2_art20_1", "normative_documents", "disclosed_total", before)
    in_force(r, 5, 2, number)


def scope(r: Filled, kind: str | None, text: str) -> None:
    r.agency_kind = kind
    r.text |= {"s1_overview": "主动公开有序。", "s3_requests": text}


def near_lake(r: Filled, region: str | None, text: str) -> None:
    """A district beside a county of the same city."""
    r.region_code = region
    r.text["s5_problems"] += text


def old_form(r: Filled, day: str | None) -> None:
    r.__init__("form_2014", 2017)
    if day is not None:
        r.published(day)


def pooled(r: Filled, perimeter: str | None, received: int, parts: tuple[int | None, ...]) -> None:
    """A county's report and those of its bureaus, with so many requests received."""
    r.agency_kind = "government"
    r.put(T3, "requests_received", ALL, received)
    listed = [{"agency_id": "a1", "name": "青禾县人民政府", "perimeter": perimeter}]
    for n, number in enumerate(parts, start=2):
        listed.append({"agency_id": f"a{n}", "name": f"青禾县第{n}局"})
        other = Filled(document_id=f"d{n}", agency_id=f"a{n}")
        if number is not None:
            other.put(T3, "requests_received", ALL, number)
            r.others.append(other)
    told = [{**agency, "region_code": "990121", "source": "roster"} for agency in listed]
    r.given["agencies"] = frame("agencies", told)


def pooled_decisions(r: Filled, own: int, parts: tuple[int | None, ...]) -> None:
    """As `pooled`, with so many penalties of table 2."""
    pooled(r, "complete", 0, tuple(0 if part is not None else None for part in parts))
    for report, number in zip((r, *r.others), (own, *parts), strict=False):
        report.put("t2_art20_6", "administrative_penalty", "decisions", number or 0)


def among(r: Filled, others: int, number: int) -> None:
    """A county's bureau beside that many of other counties of its city, with so many requests."""
    r.region_code = "320813"
    for n in range(others):
        other = Filled(document_id=f"p{n}", agency_id=f"p{n}", region_code=f"3208{n:02}")
        other.put(T3, "requests_received", ALL, number)
        r.others.append(other)


def grown(r: Filled, text: str, last: int | None = 24) -> None:
    """Thirty requests received, and last year's so many."""
    if last is not None:
        r.prior().put(T3, "requests_received", ALL, last)
    r.put(T3, "requests_received", ALL, 30)
    r.text["s1_overview"] += text


def as_filled(r: Filled) -> None:
    """Nothing is changed."""


CASES = {
    "t3_balance": (as_filled, unbalanced, unreadable_total),
    "t3_row_total": (
        as_filled,
        lambda r: r.put(T3, "granted_full", ALL, 3),
        unreadable_total,
    ),
    "t3_disposed_total": (
        as_filled,
        lambda r: r.put(T3, "granted_full", ALL, 3),
        unreadable_total,
    ),
    "t4_group_total": (
        as_filled,
        lambda r: r.put(T4, "cases", "review_total", 2),
        unreadable_review,
    ),
    "s_title_missing": (as_filled, no_title, no_form),
    "s_form_year_mismatch": (as_filled, form_of_2019_in_2023, no_year),
    "s_section_missing": (as_filled, no_section_five, no_form),
    "s_section_order": (as_filled, late_heading, no_headings),
    "s_table_missing": (as_filled, no_table_four, no_form),
    "s_row_missing": (as_filled, row_lost, no_tables),
    "s_extra_cells": (as_filled, spare_cell, unreadable_review),
    "s_blank_cells": (as_filled, a_blank, unseen),
    "s_placeholder_value": (as_filled, a_slash, unseen),
    "s_non_numeric": (as_filled, words, unreadable_everything),
    "s_negative": (as_filled, below_zero, unreadable_everything),
    "s_non_integer": (as_filled, a_half, unreadable_everything),
    "s_decimals": (
        lambda r: fees(r, "12.345678", 12.345678),
        lambda r: fees(r, "12.3456789", 12.3456789),
        unreadable_everything,
    ),
    "t2_19_total_lt_new": (
        lambda r: documents(r, "disclosed_total", 3),
        lambda r: documents(r, "newly_disclosed_this_year", 3),
        blank_document_cell,
    ),
    "t2_19_new_gt_made": (
        lambda r: documents(r, "made_this_year", 3),
        lambda r: documents(r, "newly_disclosed_this_year", 3),
        blank_document_cell,
    ),
    "t2_19_items_negative": (
        lambda r: licences(r, 5, -5, 0),
        lambda r: licences(r, 2, -5, 0),
        lambda r: licences(r, None, -5, 0),
    ),
    "t2_19_decisions_without_items": (
        lambda r: licences(r, 0, 4, 4),
        lambda r: licences(r, 0, 0, 4),
        lambda r: licences(r, 0, None, 4),
    ),
    "t2_19_procurement_pair": (
        lambda r: procured(r, 3, 12.5),
        lambda r: procured(r, 3, 0),
        lambda r: procured(r, 3, None),
    ),
    "t2_21_in_force_floor": (
        lambda r: in_force(r, 8, 1, 7),
        lambda r: in_force(r, 8, 1, 5),
        lambda r: in_force(r, 8, 1, None),
    ),
    "t2_regulation_power": (
        lambda r: rules_made(r, "government"),
        lambda r: rules_made(r, "bureau"),
        lambda r: rules_made(r, None),
    ),
    "t3_group_subtotal": (
        lambda r: subtotal(r, 2),
        lambda r: subtotal(r, 3),
        lambda r: subtotal(r, None),
    ),
    "t3_total_blank": (as_filled, total_left_blank, unseen),
    "t3_carried_share": (
        lambda r: carried(r, 10),
        lambda r: carried(r, 15),
        blank_forward,
    ),
    "t4_direct_since_2024": (
        lambda r: sued(r, 2024, 0),
        lambda r: sued(r, 2024, 2),
        lambda r: sued(r, None, 2),
    ),
    "x_carry": (
        lambda r: carried_over(r, 5, 5),
        lambda r: carried_over(r, 5, 3),
        as_filled,
    ),
    "x_in_force": (
        lambda r: in_force_after(r, "form_2021", 43),
        lambda r: in_force_after(r, "form_2021", 50),
        lambda r: in_force_after(r, "form_2019", 43),
    ),
    "x_19_items": (
        lambda r: old_pair(r, "t2_art20_5", "administrative_licensing", (20, 2, 0), (22, 0, 0)),
        lambda r: old_pair(r, "t2_art20_5", "administrative_licensing", (20, 2, 0), (25, 0, 0)),
        lambda r: old_pair(r, "t2_art20_5", "administrative_licensing", None, (25, 0, 0)),
    ),
    "x_19_total": (
        lambda r: old_pair(r, "t2_art20_1", "normative_documents", (0, 0, 30), (4, 4, 34)),
        lambda r: old_pair(r, "t2_art20_1", "normative_documents", (0, 0, 30), (4, 4, 40)),
        lambda r: old_pair(r, "t2_art20_1", "normative_documents", (0, 0, None), (4, 4, 40)),
    ),
    "x_year_gap": (
        lambda r: years(r, 2022),
        lambda r: years(r, 2021, 2020),
        lambda r: years(r, 2021, agency="doc-d1"),
    ),
    "x_jump": (
        lambda r: received(r, 40, 90),
        lambda r: received(r, 12, 90),
        lambda r: received(r, 12, None),
    ),
    "s_unit_suspect": (
        lambda r: amounts(r, 25.1, 400000),
        lambda r: amounts(r, 25.1, 249800),
        lambda r: amounts(r, 25.1, None),
    ),
    "x_tables_identical": (
        lambda r: copied(r, 3),
        lambda r: copied(r, 0),
        lambda r: copied(r, None),
    ),
    "t4_pending_drop": (
        lambda r: pending(r, 4, 4),
        lambda r: pending(r, 4, 2),
        lambda r: pending(r, 4, None),
    ),
    "t4_cases_without_requests": (
        lambda r: cases(r, "review_total", 1, requests=3),
        lambda r: cases(r, "review_total", 1, requests=0),
        lambda r: cases(r, "review_total", 1),
    ),
    "t4_after_review_gt_review": (
        lambda r: cases(r, "litigation_after_review_total", 2, reviews=2),
        lambda r: cases(r, "litigation_after_review_total", 5, reviews=2),
        lambda r: cases(r, "litigation_after_review_total", 5),
    ),
    "p_deadline_department": (
        lambda r: published(r, "bureau", "2024-01-31"),
        lambda r: published(r, "bureau", "2024-02-06"),
        lambda r: published(r, None, "2024-02-06"),
    ),
    "p_deadline_government": (
        lambda r: published(r, "government", "2024-03-31"),
        lambda r: published(r, "government", "2024-04-02"),
        lambda r: published(r, "government", "2023-04-02"),
    ),
    "p_deadline_township": (
        lambda r: published(r, "township", "2024-01-31"),
        lambda r: published(r, "subdistrict", "2024-02-10"),
        lambda r: published(r, None, "2024-02-10"),
    ),
    "p_versions_conflict": (
        lambda r: read_twice(r, 0, "https://b.example/1"),
        lambda r: read_twice(r, 2, "https://b.example/1"),
        lambda r: read_twice(r, None, "https://b.example/1"),
    ),
    "p_changed_after": (
        lambda r: read_twice(r, 0, "https://a.example/1"),
        lambda r: read_twice(r, 2, "https://a.example/1"),
        lambda r: read_twice(r, None, "https://a.example/1"),
    ),
    "p_image_only": (
        lambda r: found_files(r, "empty"),
        lambda r: found_files(r, "image_only"),
        lambda r: found_files(r, "encrypted"),
    ),
    "h_coverage": (
        lambda r: roster(r, "a2"),
        lambda r: roster(r, "missing"),
        lambda r: roster(r, "doc-d2"),
    ),
    "n_disposed": (
        lambda r: states(r, "disposed", True),
        lambda r: states(r, "disposed", False),
        lambda r: states(r, "disposed", False, scope="elsewhere"),
    ),
    "n_outcome_mix": (
        lambda r: states(r, "denied", True, row="denied_state_secret"),
        lambda r: states(r, "denied", False, row="denied_state_secret"),
        as_filled,
    ),
    "n_percent": (
        lambda r: states(r, "percent", True),
        lambda r: states(r, "percent", False),
        as_filled,
    ),
    "n_review": (
        lambda r: states(r, "review", True, row="cases", table=T4, column="review_total"),
        lambda r: states(r, "review", False, row="cases", table=T4, column="review_total"),
        as_filled,
    ),
    "n_all_upheld": (
        lambda r: states(r, "all_upheld", True, row="cases", table=T4, column="review_upheld"),
        lambda r: states(r, "all_upheld", False, row="cases", table=T4, column="review_upheld"),
        as_filled,
    ),
    "n_normative": (
        lambda r: documents_stated(r, "documents_repealed", "repealed", True),
        lambda r: documents_stated(r, "documents_repealed", "repealed", False),
        as_filled,
    ),
    "t2_21_all_zero_text": (
        lambda r: documents_stated(r, "documents_issued", "issued", True),
        lambda r: documents_stated(r, "documents_issued", "issued", False),
        as_filled,
    ),
    "n_period": (
        lambda r: period(r, "统计期限自2023年1月1日起至2023年12月31日止。"),
        lambda r: period(r, "统计期限自2022年1月1日起至2022年12月31日止。"),
        lambda r: period(r, "单位于3月成立，统计期限为2023年3月1日至12月31日。"),
    ),
    "n_stale_year": (
        as_filled,
        lambda r: section(r, "s1_overview", "2022年，我局认真做好公开工作，申请按时答复。"),
        no_year,
    ),
    "n_section5_empty": (
        as_filled,
        lambda r: section(r, "s5_problems", "无。"),
        lambda r: section(r, "s5_problems", ""),
    ),
    "n_five_aspects": (
        as_filled,
        lambda r: section(r, "s1_overview", "主动公开有序，管理、平台、监督各有专人。"),
        lambda r: section(r, "s1_overview", " "),
    ),
    "n_length": (
        as_filled,
        lambda r: section(r, "s1_overview", "公开" * 501),
        lambda r: section(r, "s1_overview", ""),
    ),
    "n_fee_section6": (
        as_filled,
        lambda r: section(r, "s6_other", "无其他需要报告的事项。"),
        lambda r: section(r, "s6_other", ""),
    ),
    "t3_fee_unpaid_needs_notice": (
        lambda r: unpaid(r, "发出收费通知1件。"),
        lambda r: unpaid(r, "无。"),
        lambda r: unpaid(r, ""),
    ),
    "n_gov_assessment": (
        lambda r: government(r, "government", "开展工作考核和社会评议，没有责任追究的情形。"),
        lambda r: government(r, "government", "开展工作考核和社会评议。"),
        lambda r: government(r, None, "开展工作考核。"),
    ),
    "s_unit_missing": (form_of_2019, no_unit, no_amount),
    "s_intro_parts_mismatch": (
        lambda r: introduced(r, f"本报告由{SIX}等六个部分组成。"),
        lambda r: introduced(r, f"本报告共分六个部分：{FIVE}。"),
        lambda r: introduced(r, f"本报告包括{FIVE}等六个部分。"),
    ),
    "t2_21_fee_ge_info_fee": (
        lambda r: fee_stated(r, True),
        lambda r: fee_stated(r, False),
        lambda r: fee_stated(r, None),
    ),
    "t3_row_shift": (as_filled, shifted, unreadable_total),
    "t3_scope_undeclared": (
        lambda r: scope(r, "government", "全县各部门共收到申请3件。"),
        lambda r: scope(r, "government", "共收到申请3件。"),
        lambda r: scope(r, None, "共收到申请3件。"),
    ),
    "x_form_break": (
        lambda r: after_old_form(r, 40, 30),
        lambda r: after_old_form(r, 40, 43),
        lambda r: after_old_form(r, None, 43),
    ),
    "n_foreign_place": (
        lambda r: near_lake(r, "320813", "结合洪泽区实际，向淮安市人民政府报告。"),
        lambda r: near_lake(r, "320813", "结合盱眙县实际，及时整改。"),
        lambda r: near_lake(r, None, "结合盱眙县实际，及时整改。"),
    ),
    "h_rollup": (
        lambda r: pooled(r, "complete", 7, (3, 4)),
        lambda r: pooled(r, "complete", 6, (3, 4)),
        lambda r: pooled(r, "complete", 2, (3, None)),
    ),
    "p_deadline_old": (
        lambda r: old_form(r, "2018-03-31"),
        lambda r: old_form(r, "2018-04-09"),
        lambda r: old_form(r, None),
    ),
    "p_place": (
        lambda r: r.page("column", "政府信息公开年报"),
        lambda r: r.page("column", "工作动态"),
        lambda r: r.page("column", "政府信息公开"),
    ),
    "p_download": (
        lambda r: r.page("attachment", "2023.docx"),
        lambda r: r.page("attachment", ""),
        as_filled,
    ),
    "n_plan_own_year": (
        lambda r: section(r, "s5_problems", "更新不够及时。2024年将继续加强培训。"),
        lambda r: section(r, "s5_problems", "更新不够及时。2023年将继续加强培训。"),
        no_year,
    ),
    "n_forwarded": (
        lambda r: near_lake(r, "320813", "及时转发《江苏省人民政府办公厅通知》。"),
        lambda r: near_lake(r, "320813", "及时转发《浙江省人民政府办公厅通知》。"),
        lambda r: near_lake(r, None, "及时转发《浙江省人民政府办公厅通知》。"),
    ),
    "n_leftovers": (
        as_filled,
        lambda r: section(r, "s1_overview", "20XX年，申请按时答复，公开管理平台监督有序。"),
        no_headings,
    ),
    "x_growth": (
        lambda r: grown(r, "全年收到政府信息公开申请30件，同比增长25%。"),
        lambda r: grown(r, "全年收到政府信息公开申请30件，同比增长50%。"),
        lambda r: grown(r, "全年收到政府信息公开申请30件，同比增长50%。", None),
    ),
    "h_rollup_t2": (
        lambda r: pooled_decisions(r, 120, (100, 20)),
        lambda r: pooled_decisions(r, 100, (100, 20)),
        lambda r: pooled_decisions(r, 100, (120, None)),
    ),
    "h_zero_among_peers": (
        lambda r: among(r, 5, 99),
        lambda r: among(r, 5, 100),
        lambda r: among(r, 4, 100),
    ),
    "n_similar_prev_year": (
        lambda r: after_text(r, OTHER_TEXT),
        lambda r: after_text(r, OWN_TEXT),
        lambda r: after_text(r, None),
    ),
    "n_similar_other": (
        lambda r: beside_text(r, OTHER_TEXT),
        lambda r: beside_text(r, OWN_TEXT),
        lambda r: beside_text(r, None),
    ),
    "n_generic": (
        lambda r: spoken_of(r, "部分地区更新不够及时，我局已经改正。"),
        lambda r: spoken_of(r, "部分地区更新不够及时，各级各部门将加强培训。"),
        no_headings,
    ),
    "n_received": (as_filled, says_another, says_nothing),
    "n_none_vs_positive": (as_filled, says_one, says_nothing),
}


OWN_TEXT = (
    "水费怎样算、向谁问，来电的人常常说不清楚，网上的说明又长又难读；水库的蓄水日报隔了几天才发，渔民等不及。"
    "灌区轮灌表只贴在村口，外出的人看不到。今年起把水费说明改成一张图，日报当天上午发出，轮灌表同时发到手机。"
    "取水许可的办事指南改写了三遍，请种田大户读过再定稿，读不懂的字句都换成了家常话。"
    "防汛值班的电话印在每户的水费单背面，夜里也有人接，接到的事第二天上午回话。"
)
OTHER_TEXT = (
    "堤防巡查的记录纸质居多，查一段堤的旧账要翻几个柜子；施工公告与现场标牌有出入，村民打电话来问哪个算数。"
    "移民后期扶持的名单公示之后少有人看，问起来都说没听说。明年给巡查员配上平板，记录当场入库；公告与标牌同一天换；"
    "名单送到各户门口，不识字的由组长念给他听，念过的在册上按手印。"
    "河道采砂的许可与处罚往后登在同一页，谁家有证、谁家挨罚，岸上的人一看便知，举报也有了凭据。"
)


def spoken_of(r: Filled, problems: str) -> None:
    r.text |= {
        "s1_overview": "各级各部门按期主动公开，管理、平台、监督有序。",
        "s5_problems": problems,
    }


def after_text(r: Filled, text: str | None) -> None:
    section(r, "s5_problems", OWN_TEXT)
    if text is not None:
        section(r.prior(), "s5_problems", text)
    r.given = alike_of_frames(r.frames()).judged


def beside_text(r: Filled, text: str | None) -> None:
    section(r, "s5_problems", OWN_TEXT)
    if text is not None:
        other = Filled(document_id="d2", agency_id="a2")
        section(other, "s5_problems", text)
        r.others.append(other)
    r.given = alike_of_frames(r.frames()).judged


@cache
def judged(change, check: str) -> pl.DataFrame:
    report = Filled()
    change(report)
    found = TABLES["checks"].validate(run(report.frames(), only={check}))
    key = pl.struct("check", "document_id", "agency_id", "year", "subject")
    assert not found.select(key.is_duplicated().any()).item()
    return found.filter(pl.col("document_id").is_null() | (pl.col("document_id") == "d1"))


def test_every_rule_has_its_three_cases():
    assert set(CASES) == set(catalogue())


@pytest.mark.slow
@pytest.mark.parametrize("check", CASES)
def test_a_rule_passes(check):
    assert set(judged(CASES[check][0], check)["outcome"]) == {"pass"}


@pytest.mark.slow
@pytest.mark.parametrize("check", CASES)
def test_a_rule_fails(check):
    failed = judged(CASES[check][1], check).filter(pl.col("outcome") == "fail")
    assert failed.height == (2 if CASES[check][1] is unbalanced else 1)


@pytest.mark.slow
@pytest.mark.parametrize("check", CASES)
def test_a_rule_skips(check):
    found = judged(CASES[check][2], check)
    assert "skip" in set(found["outcome"])
    assert "fail" not in set(found["outcome"])


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("check", CASES)
def test_every_result_can_be_said(check, language):
    for change in CASES[check]:
        for row in judged(change, check).to_dicts():
            said = sentence(check, row, language)
            assert not set("{}") & set(said)
            assert "None" not in said
            assert said.endswith(("。", "”", "）") if language == "zh" else (".", "”", ")"))


def test_what_a_section_lacks_is_a_code_in_the_dataset_and_a_name_in_the_sentence():
    rows = judged(CASES["n_five_aspects"][1], "n_five_aspects").filter(pl.col("outcome") == "fail")
    row = rows.row(0, named=True)
    missing = json.loads(row["params"])["missing"]
    rule = catalogue()["n_five_aspects"]
    assert 0 < len(missing) < len(rule.test.matters)
    for words, language, between in ((rule.zh, "zh", "、"), (rule.en, "en", ", ")):
        named = between.join(words.names[code] for code in missing)
        assert f"{named}{'。' if language == 'zh' else '.'}" in sentence(rule.code, row, language)


def test_a_filled_form_passes_every_rule_that_is_for_it():
    report = Filled()
    report.prior()
    report.published("2024-01-20")
    found = run(report.frames()).filter(pl.col("document_id") == "d1")
    assert set(found["outcome"]) == {"pass", "skip"}
    assert set(found.filter(pl.col("outcome") == "skip")["check"]) == SAYS_NOTHING
    assert (
        set(found["check"])
        == {code for code, rule in catalogue().items() if "form_2021" in rule.forms} - ONLY_SOME
    )


ONLY_SOME = {
    "t3_group_subtotal",
    "t4_direct_since_2024",
    "p_deadline_government",
    "p_deadline_township",
    "p_versions_conflict",
    "p_changed_after",
    "p_image_only",
    "h_coverage",
    "h_rollup",
    "h_rollup_t2",
    "n_gov_assessment",
    "n_similar_prev_year",
    "n_similar_other",
    "t3_scope_undeclared",
    "x_form_break",
}
SAYS_NOTHING = {
    *("n_disposed", "n_outcome_mix", "n_percent", "n_review", "n_all_upheld", "n_normative"),
    *("t2_21_all_zero_text", "n_period", "s_intro_parts_mismatch", "t2_21_fee_ge_info_fee"),
    *("n_foreign_place", "n_forwarded", "p_place", "p_download"),
    *("x_growth", "h_zero_among_peers"),
}
"""Rules about figures that the prose of a filled form doesn't state."""
"""Rules without a result where a report has nothing they are about."""


def test_a_report_without_form_skips_every_rule_and_says_why():
    found = run(Filled(form=None).frames())
    assert sorted(found["check"]) == sorted(
        set(catalogue())
        - {"p_image_only", "h_coverage", "h_rollup", "h_rollup_t2", "h_zero_among_peers"}
        - {"n_similar_prev_year", "n_similar_other"}
    )
    assert found.select("outcome", "reason", "subject").unique().rows() == [
        ("skip", "form_unknown", "report")
    ]


def test_results_carry_their_report_and_a_place():
    report = Filled()
    unbalanced(report)
    row = run(report.frames()).filter(
        (pl.col("check") == "t3_balance") & (pl.col("subject") == f"{T3}.*.{ALL}")
    )
    assert row.select("document_id", "agency_id", "year").row(0) == ("d1", "a1", 2023)
    assert row.select("part", "start", "end").row(0) == (f"{T3}/disposed_total", 0, 2)


@pytest.mark.slow
def test_ten_thousand_reports_at_once_are_judged_as_one_alone():
    report = Filled()
    unbalanced(report)
    a_blank(report)
    frames = report.frames()
    one, many = run(frames), run(stacked(frames, 10_000))
    assert many.height == one.height * 10_000
    counts = many.group_by("check", "subject", "outcome").len()
    assert set(counts["len"]) == {10_000}
    last = many.filter(pl.col("document_id") == f"{9_999:064x}")
    assert last.drop("document_id").equals(one.drop("document_id"))


def test_two_forms_in_one_run_keep_to_their_own_rules():
    new, old = Filled(document_id="d1"), Filled("form_2019", 2020, document_id="d2")
    new.agency_id = "a9"
    both = {name: pl.concat([table, old.frames()[name]]) for name, table in new.frames().items()}
    found = run(both)
    assert set(found["outcome"]) == {"pass", "skip"}
    skipped = found.filter(pl.col("outcome") == "skip")
    told = {"no_prior_year", "date_unknown", "no_claim", "no_period", "not_stated"}
    told |= {"region_unknown", "column_unknown", "file_unknown", "few_peers"}
    assert set(skipped["reason"]) == told
    assert found.filter(pl.col("check") == "s_unit_missing")["document_id"].to_list() == ["d2"]


def test_nothing_in_nothing_out():
    empty = {name: table.clear() for name, table in Filled().frames().items()}
    assert TABLES["checks"].validate(run(empty)).is_empty()
