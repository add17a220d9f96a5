"""A build tells what each report repeats: as its answers say, whatever was built before."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from govreport_core.build import pipeline, remembered
from govreport_core.build.likeness import alike_of_frames
from govreport_core.build.remembered import SIGNS
from govreport_core.narrative.likeness import renewing
from govreport_core.narrative.likeness.nearing import Mask, Texts
from govreport_core.samples.answers import Answer, read_answers
from govreport_core.schemas import frame

DATA = Path(__file__).parent.parent / "data"
SECTION = "s5_problems"
CHANGED, REMOVED = "2023/990102-dengqiao-subdistrict.md", "2023/990121-industry.txt"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("likeness") / "ds"
    pipeline.build([DATA / "reports"], out, jobs=1)
    return out


def table(dataset: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(f"{dataset}/{name}/**/*.parquet")


def by_report(dataset: Path, name: str) -> pl.DataFrame:
    """A table with the reports' ids in place of the documents'."""
    reports = table(dataset, "reports")
    ids = dict(reports.select("document_id", "report_id").iter_rows())
    found = table(dataset, name)
    columns = [column for column in ("document_id", "other") if column in found.columns]
    return found.with_columns(pl.col(column).replace_strict(ids) for column in columns)


def copies() -> list[Answer]:
    found = [one for one in read_answers(DATA / "answers.json").reports if one.copied_from]
    assert len(found) >= 4
    return found


@pytest.mark.slow
def test_what_was_copied_is_found_with_whose_it_is(dataset: Path) -> None:
    similar = by_report(dataset, "similar").filter(section=SECTION)
    for copy in copies():
        rows = similar.filter(document_id=f"{copy.agency_id}-{copy.year}", other=copy.copied_from)
        assert rows.height == 1, copy.file
        assert rows["share"][0] >= 0.95, copy.file
        assert rows["same_agency"][0] == (copy.copied_from or "").startswith(copy.agency_id)


@pytest.mark.slow
def test_only_copies_and_their_sources_are_remarked_on(dataset: Path) -> None:
    blamed = {
        (row["agency_id"], row["year"])
        for row in table(dataset, "checks")
        .filter(pl.col("check").str.starts_with("n_similar") & (pl.col("outcome") == "fail"))
        .iter_rows(named=True)
    }
    known = {f"{one.agency_id}-{one.year}" for one in copies()}
    known |= {one.copied_from or "" for one in copies()}
    assert blamed
    assert {f"{agency}-{year}" for agency, year in blamed} <= known


@pytest.mark.slow
def test_a_remark_quotes_the_report_and_names_the_other(dataset: Path) -> None:
    rows = table(dataset, "checks").filter(check="n_similar_other", outcome="fail")
    texts = dict(
        table(dataset, "sections").filter(section=SECTION).select("document_id", "text").iter_rows()
    )
    reports = set(table(dataset, "reports")["report_id"])
    for row in rows.iter_rows(named=True):
        params = pl.Series([row["params"]]).str.json_decode(
            pl.Struct({"text": pl.String, "report_id": pl.String, "other": pl.String})
        )[0]
        assert row["severity"] == "info"
        assert row["subject"] == SECTION
        assert params["report_id"] in reports
        first = params["text"].split(" ")[0]
        assert first in texts[row["document_id"]]
        assert row["part"]


@pytest.mark.slow
def test_who_shares_a_text_stands_in_groups_and_cards(dataset: Path) -> None:
    groups = by_report(dataset, "groups").filter(section=SECTION)
    of_others = [c for c in copies() if not (c.copied_from or "").startswith(c.agency_id)]
    assert groups["group"].n_unique() == len(of_others)
    cards = by_report(dataset, "cards").drop_nulls("document_id")
    for copy in of_others:
        pair = {f"{copy.agency_id}-{copy.year}", copy.copied_from}
        (group,) = groups.filter(document_id=f"{copy.agency_id}-{copy.year}")["group"]
        assert set(groups.filter(group=group)["document_id"]) == pair
        told = cards.filter(pl.col("document_id").is_in(pair))
        assert told["alike_agencies"].to_list() == [2, 2]
        assert told["like_other"].min() >= 0.95
    assert cards.filter(alike_agencies=1).is_empty()


@pytest.mark.slow
def test_a_build_that_goes_on_tells_what_one_from_the_start_does(
    dataset: Path, tmp_path: Path
) -> None:
    sources, out = tmp_path / "reports", tmp_path / "ds"
    shutil.copytree(DATA / "reports", sources)
    later = tmp_path / "later"
    (sources / "2023").rename(later)
    pipeline.build([sources], out, jobs=1)
    shutil.move(later, sources / "2023")
    pipeline.build([sources], out, jobs=1)
    for name in ("similar", "groups"):
        assert_frame_equal(table(out, name), table(dataset, name))


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Of how many texts near pairs are found, each time they are; None where of all."""
    # Of a few dozen texts one is already more than so few.
    monkeypatch.setattr(renewing, "_FEW", 0.2)
    monkeypatch.setattr(renewing, "_CLOSE", 0.8)
    seen: list[int | None] = []
    found = renewing.pairs

    def pairs(texts: Texts, owners: np.ndarray, among: Mask | None) -> object:
        seen.append(None if among is None else int(among.sum()))
        return found(texts, owners, among)

    monkeypatch.setattr(renewing, "pairs", pairs)
    return seen


def two_years(folder: Path) -> Path:
    sources = folder / "reports"
    for year in ("2022", "2023"):
        shutil.copytree(DATA / "reports" / year, sources / year)
    for name in ("agencies.csv", "manifest.csv"):
        shutil.copy(DATA / "reports" / name, sources)
    return sources


def tables_of_texts(out: Path) -> dict[str, pl.DataFrame]:
    return {name: table(out, name) for name in ("similar", "groups")}


def _rewritten(file: Path, before: str, now: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, now), encoding="utf-8")


@pytest.mark.slow
def test_after_one_change_some_texts_are_looked_at_and_all_is_as_if_from_the_start(
    tmp_path: Path, looked_at: list[int | None]
) -> None:
    sources, out = tmp_path / "reports", tmp_path / "ds"
    for year in ("2022", "2023"):
        shutil.copytree(DATA / "reports" / year, sources / year)
    for name in ("agencies.csv", "manifest.csv"):
        shutil.copy(DATA / "reports" / name, sources)
    one, other = sources / CHANGED, sources / REMOVED
    pipeline.build([sources], out, jobs=1)
    for change in (lambda: _rewritten(one, "。", "，并且逐件登记。"), other.unlink):
        change()
        looked_at.clear()
        pipeline.build([sources], out, jobs=1)
        assert looked_at
        assert None not in looked_at
        looked_at.clear()
        pipeline.build([sources], tmp_path / "fresh", jobs=1, fresh=True)
        assert looked_at == [None, None]
        for name, rows in tables_of_texts(out).items():
            assert rows.height
            assert_frame_equal(rows, table(tmp_path / "fresh", name))


@pytest.mark.slow
def test_another_figure_in_a_report_leaves_all_that_is_told_of_texts(
    tmp_path: Path, looked_at: list[int | None]
) -> None:
    sources, out = two_years(tmp_path), tmp_path / "ds"
    pipeline.build([sources], out, jobs=1)
    looked_at.clear()
    file = sources / CHANGED
    file.write_text(file.read_text(encoding="utf-8") + "\n附件：无\n", encoding="utf-8")
    pipeline.build([sources], out, jobs=1)
    assert looked_at == []
    told = table(out, "similar")
    # What is kept of where texts stand goes with it.
    (sources / CHANGED).unlink()
    pipeline.build([sources], out, jobs=1)
    assert None not in looked_at
    assert len(looked_at) == 2
    pipeline.build([sources], tmp_path / "fresh", jobs=1)
    for name, rows in tables_of_texts(out).items():
        assert_frame_equal(rows, table(tmp_path / "fresh", name))
    assert not table(out, "similar").equals(told)


@pytest.mark.slow
def test_where_a_chunk_of_before_is_gone_all_near_pairs_are_found_anew(
    tmp_path: Path, looked_at: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, out = two_years(tmp_path), tmp_path / "ds"
    pipeline.build([sources], out, jobs=1)
    (sources / REMOVED).unlink()
    monkeypatch.setattr(remembered, "SIGNS", "lost.parquet")
    pipeline.build([sources], out, jobs=1)
    assert looked_at == [None] * 4


def test_copies_of_one_report_are_versions_and_never_copying() -> None:
    text = "。".join(
        f"这一句说的是第{'甲乙丙丁戊己庚辛壬癸'[n]}件各处都不一样的事，往后要办得更好"
        for n in range(10)
    )
    rows = [
        {"document_id": "d1", "agency_id": "a1", "year": 2023, "current": True},
        {"document_id": "d2", "agency_id": "a1", "year": 2023, "current": False},
        {"document_id": "d3", "agency_id": "doc-d3", "year": 2023, "current": True},
        {"document_id": "d4", "agency_id": "a0", "year": 2023, "current": True},
        {"document_id": "d5", "agency_id": "a9", "year": 2023, "current": True},
    ]
    reports = frame("reports", [{"report_id": row["document_id"], **row} for row in rows])
    sections = frame(
        "sections",
        [
            {"document_id": row["document_id"], "section": SECTION, "text": text, "part": "line:1"}
            for row in rows
        ],
    )
    # a0 went on as a1: its report of the year of the change is no other agency's.
    agencies = frame("agencies", [{"agency_id": "a0", "successor": "a1", "source": "roster"}])
    found = alike_of_frames({"reports": reports, "sections": sections, "agencies": agencies})
    assert found.tables["similar"].select("document_id", "other").rows() == [
        ("d1", "d5"),
        ("d5", "d1"),
    ]
    assert found.tables["groups"]["document_id"].to_list() == ["d1", "d5"]


@pytest.mark.slow
def test_a_shard_holds_what_texts_are_found_by(dataset: Path) -> None:
    shards = list(dataset.parent.glob(f".ds.govreport/chunks/*/{SIGNS}"))
    signed = pl.concat(pl.read_parquet(shard) for shard in shards)
    assert signed["document_id"].n_unique() == table(dataset, "reports").height
    assert set(signed["signature"].bin.size()) == {256}
    same = pl.col("sentences").list.len()
    assert signed.filter(
        (same != pl.col("hashes").list.len()) | (same != pl.col("ends").list.len())
    ).is_empty()
