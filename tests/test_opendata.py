"""Open data of the site: files that say what they hold, the same bytes again, kept versions."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser
from view_data import HOSTILE, B, document, write_small

from dashboard.data import Data, document_rows, open_dataset, opened_whole
from dashboard.labels import words
from dashboard.site import Options, addresses, hashes, opendata
from dashboard.site.heads import sitemaps
from dashboard.site.opendata import _version, again, cutting, keeping, made_in, publish, rolling
from dashboard.site.opendata.archives import Archive, piece
from dashboard.site.opendata.days import made_on
from dashboard.site.opendata.feed import _CONTROLS, entries
from dashboard.site.opendata.listing import listing, structured
from dashboard.site.opendata.of_agencies import agency_files
from dashboard.site.opendata.of_reports import report_files
from dashboard.site.opendata.package import schema_path
from dashboard.site.opendata.plain import csv_cell
from dashboard.site.opendata.records import Item
from dashboard.site.opendata.rolling import Rolling
from dashboard.site.opendata.worded import FRONT, Named, columns, named
from dashboard.views.context import context
from govreport_core.dataset.export import csv_bytes, csv_stretch
from govreport_core.schemas import TABLES, columns_of

pytestmark = pytest.mark.slow

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def latest(demo_site: Path) -> Path:
    return demo_site / "data" / "latest"


@pytest.fixture(scope="module")
def package(latest: Path) -> dict[str, Any]:
    found = json.loads((latest / "datapackage.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("small") / "dataset")


def published(dataset: Path, fresh: Path, earlier: Path | None) -> None:
    data = opened_whole(open_dataset(dataset))
    publish(data, fresh, earlier, Options(), hashes.rows(data))


def unzipped(path: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        content = archive.read(name)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_file_is_in_the_package_with_its_bytes_and_checksum(
    latest: Path, package: dict[str, Any]
) -> None:
    told = {one["path"]: one for one in [*package["resources"], *package["about"]]}
    there = {path.relative_to(latest).as_posix() for path in latest.rglob("*") if path.is_file()}
    assert there == {*told, "datapackage.json"}
    for path, one in told.items():
        content = (latest / path).read_bytes()
        assert one["bytes"] == len(content), path
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}", path
    names = [one["name"] for one in package["resources"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9._-]+", name) for name in names)


def test_a_csv_has_the_columns_and_types_of_its_schema(
    latest: Path, package: dict[str, Any]
) -> None:
    tabular = [one for one in package["resources"] if one["format"] == "csv"]
    assert len(tabular) > 50
    for one in tabular:
        schema = json.loads((latest / one["schema"]).read_text("utf-8"))
        rows = unzipped(latest / one["path"])
        assert len(rows) == one["rows"], one["path"]
        if not rows:
            continue
        assert list(rows[0]) == [field["name"] for field in schema["fields"]], one["path"]
        for field in schema["fields"]:
            texts = {row[field["name"]] for row in rows}
            fits(field, texts, one["path"])


def fits(field: dict[str, Any], texts: set[str], path: str) -> None:
    forms = {
        "integer": r"-?\d+",
        "number": r"-?\d+(\.\d+)?(e-?\d+)?",
        "boolean": "true|false",
        "date": r"\d{4}-\d{2}-\d{2}",
    }
    said = texts - {""}
    if field["type"] in forms:
        assert all(re.fullmatch(forms[field["type"]], text) for text in said), (path, field)
    rules = field.get("constraints", {})
    if rules.get("required"):
        assert "" not in texts, (path, field)
    if "enum" in rules:
        assert said <= set(rules["enum"]), (path, field)
    if "minimum" in rules:
        assert all(float(text) >= rules["minimum"] for text in said), (path, field)


def test_years_and_provinces_have_every_row_once(
    demo_dataset: Path, package: dict[str, Any]
) -> None:
    data = open_dataset(demo_dataset)
    counted: dict[str, Counter[str]] = {"year": Counter(), "province": Counter()}
    for one in package["resources"]:
        for cut, found in counted.items():
            if cut in one and one["format"] == "csv" and "/wide-" not in one["path"]:
                table = Path(one["schema"]).stem
                found[table] += one["rows"]
    for cut, found in counted.items():
        for table, rows in found.items():
            whole = table in ("coverage", "cards")
            wanted = data.tables[table] if whole else data.current(table)
            assert rows == wanted.select(pl.len()).collect().item(), (cut, table)
    assert set(counted["year"]) > {"values", "checks", "points", "coverage", "cards", "reports"}


def test_parquet_holds_the_datasets_own_rows(demo_dataset: Path, latest: Path) -> None:
    data = open_dataset(demo_dataset)
    for table in ("values", "checks", "points"):
        written = pl.read_parquet(f"{latest}/parquet/{table}/*.parquet")
        mine = data.current(table).collect()
        by = [name for name in mine.columns if mine.schema[name] != pl.List(pl.String)]
        assert written.columns == mine.columns
        assert written.sort(by).equals(mine.sort(by)), table


def test_names_and_words_come_first_and_hashes_last() -> None:
    for table in ("values", "checks", "points", "sections", "coverage"):
        names = columns(table, columns_of(table))
        assert names[:3] == list(FRONT)
        last = min(names.index(name) for name in ("report_id", "document_id"))
        assert all(name.endswith("_label") is False for name in names[last:])
        labelled = [name for name in names if name.endswith("_label")]
        codes = [name.removesuffix("_label") for name in labelled]
        assert max(map(names.index, labelled)) < min(map(names.index, codes)), table
    assert columns("checks", columns_of("checks"))[3:5] == ["sentence", "sentence_en"]


def test_an_unknown_number_is_empty_and_its_state_told(latest: Path) -> None:
    rows = [row for path in (latest / "csv/year").glob("values-*.zip") for row in unzipped(path)]
    states = Counter(row["state"] for row in rows)
    assert states["unreadable"] >= 1
    assert states["blank"] >= 1
    for row in rows:
        assert bool(row["number"]) == (row["state"] == "reported") or row["state"] == "text"
        assert row["state_label"] == words("zh")[f"states.{row['state']}"]


def test_the_wide_table_has_a_row_a_report_and_labels_for_heads(
    demo_dataset: Path, latest: Path
) -> None:
    data = open_dataset(demo_dataset)
    rows = unzipped(latest / "csv/wide/wide-2024.zip")
    here = data.reports.filter(pl.col("year") == 2024).collect()
    assert len(rows) == here.height
    assert list(rows[0])[:3] == ["机关", "地区", "机关类别"]
    head = "收到和处理政府信息公开申请情况，一、本年新收政府信息公开申请数量，总计"
    assert sorted(int(row[head]) for row in rows) == sorted(map(int, here["received"]))
    english = unzipped(latest / "csv/wide/wide-2024.en.zip")
    assert next(iter(english[0])) == "Agency"


def test_the_codebook_says_every_column_and_code_in_both_languages(latest: Path) -> None:
    text = (latest / "codebook.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    known = {(row["table"], row["column"]) for row in rows if not row["code"]}
    for table in ("values", "checks", "points", "coverage", "cards", "corrections", "replies"):
        assert {(table, name) for name in columns(table, columns_of(table))} <= known
    assert all(row["meaning_zh"] and row["meaning_en"] for row in rows if row["column"] != "row")
    said = {(row["table"], row["column"], row["code"]): row for row in rows}
    assert said["values", "state", "blank"]["meaning_en"] == words("en")["states.blank"]
    assert said["checks", "check", "t3_balance"]["meaning_zh"]
    assert said["values", "row", "form_2021/t3_requests/requests_received"]["meaning_en"]


def test_nothing_says_when_it_was_packed(latest: Path) -> None:
    for path in (latest / "csv").rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_text_is_no_formula_and_markup_stays_text(small: Path, tmp_path: Path) -> None:
    published(small, tmp_path, None)
    cells = [
        cell
        for path in (tmp_path / "data/latest/csv").rglob("*.zip")
        for row in unzipped(path)
        for name, cell in row.items()
        if name not in ("params", "part", "end_part", "document_id", "number", "share")
    ]
    assert not any(re.match(r"[=@＝＋＠\t\r]|[+-](?!\d)", cell) for cell in cells)
    assert any(HOSTILE in cell for cell in cells)
    data = open_dataset(small)
    shared = context(data)
    found = [
        *agency_files(data, data.agencies.rows["agency_id"]),
        *(
            one
            for card in data.reports.collect().iter_rows(named=True)
            for one in report_files(card, document_rows(data, card["document_id"]), shared)
        ),
    ]
    tables = {name: content.decode("utf-8-sig") for name, content in found if name[-4:] == ".csv"}
    assert len(tables) > data.reports.collect().height
    for name, content in tables.items():
        assert not re.search(r"(^|,)[=@]", content, re.MULTILINE), name


@pytest.mark.parametrize("value", ["=1+1", "＝x", '"', "a,b", "c\nd", "", None, 7.0, 7.25, -3.0])
def test_a_cell_written_by_hand_is_as_the_exports(value: object) -> None:
    kind = pl.Float64 if isinstance(value, float) else pl.String
    whole = csv_bytes(pl.DataFrame({"x": [value], "y": ["z"]}, schema={"x": kind, "y": pl.String}))
    line = whole.decode("utf-8-sig").removeprefix("x,y\n")
    mine = f"{csv_cell(value)},z\n"  # type: ignore[arg-type]
    assert list(csv.reader([mine])) == list(csv.reader([line])) or value == "c\nd"
    assert mine == line or value == ""


def test_a_stretch_after_the_other_is_one_file() -> None:
    frame = pl.DataFrame({"n": [1.0, 2.5, None], "t": ["=a", "b", None]})
    pieces = [csv_stretch(frame.slice(n, 1), head=not n) for n in range(3)]
    assert b"".join(pieces).decode("utf-8-sig") == "n,t\n1,'=a\n2.5,b\n,\n"


def test_a_zip_that_is_full_goes_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "ROWS", 5)
    zips = Rolling(tmp_path, "csv/values-2024", ["n"])
    for first in range(0, 12, 2):
        rows = pl.DataFrame({"n": range(first, first + 2)})
        zips.write(piece(csv_stretch(rows, head=False)), rows.height)
    filled = list(zips.closed())
    assert [(one.path, one.rows) for one in filled] == [
        ("csv/values-2024.zip", 4),
        ("csv/values-2024-2.zip", 4),
        ("csv/values-2024-3.zip", 4),
    ]
    rows = [int(row["n"]) for one in filled for row in unzipped(tmp_path / one.path)]
    assert rows == list(range(12))
    # By its bytes, too: nothing is opened before the last is full.
    monkeypatch.setattr(rolling, "FULL", 1)
    zips = Rolling(tmp_path, "csv/full", ["n"])
    for _ in range(2):
        zips.write(piece(b"1\n"), 1)
    assert [one.rows for one in zips.closed()] == [1, 1]


def test_pieces_put_together_are_a_zip_as_any_other(tmp_path: Path) -> None:
    some = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(4000))
    contents = [some[:size] + b"\n" * size for size in (0, 1, 7, 100, 70_000, 3, 0)]
    made = Archive(tmp_path / "some.zip")
    places = [made.add(piece(content)) for content in contents]
    made.write()
    with zipfile.ZipFile(tmp_path / "some.zip") as found:
        assert found.testzip() is None
        (told,) = found.infolist()
        assert told.filename == "some.csv"
        assert told.file_size == sum(map(len, contents))
        assert found.read(told) == b"".join(contents)
    written = (tmp_path / "some.zip").read_bytes()
    for at, content in zip(places, contents, strict=True):
        assert written[at:].startswith(piece(content).packed)


def test_what_did_not_change_is_neither_worded_nor_packed_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "same", "other", "anew"):
        (tmp_path / name).mkdir()
    published(small, tmp_path / "first", None)
    made: list[str] = []
    words = opendata.in_words

    def worded(table: str, rows: pl.DataFrame, known: Named) -> pl.DataFrame:
        made.append(table)
        return words(table, rows, known)

    monkeypatch.setattr(opendata, "in_words", worded)
    published(small, tmp_path / "same", tmp_path / "first")
    assert made == []
    assert files(tmp_path / "same") == files(tmp_path / "first")
    # A text of 2021: no other year of that table, and of other tables nothing.
    other = tmp_path / "dataset"
    shutil.copytree(small.resolve(), other)
    changed(other, "points", pl.col("year") == 2021, text="不够及时")
    published(other, tmp_path / "other", tmp_path / "first")
    assert set(made) == {"points"}
    assert len(made) < pl.read_parquet(f"{small}/points/**/*.parquet")["year"].n_unique()
    published(other, tmp_path / "anew", None)
    latest = Path("data/latest")
    assert files(tmp_path / "other" / latest) == files(tmp_path / "anew" / latest)
    # Only this file is another: those that are the same are linked in the new version, too.
    version = keeping.kept(tmp_path / "other")[0].name
    there = tmp_path / "other/data/versions" / version
    assert {
        path.relative_to(there).as_posix()
        for path in there.rglob("*")
        if path.is_file()
        and not path.samefile(tmp_path / "first" / latest / path.relative_to(there))
    } == {
        *("csv/year/points-2021.zip", "csv/province/points-370000.zip"),
        *("parquet/points/points-2021.parquet", "datapackage.json"),
    }


def test_what_has_no_row_of_another_file_of_a_report_is_not_made_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "other", "anew"):
        (tmp_path / name).mkdir()
    published(small, tmp_path / "first", None)
    other = tmp_path / "dataset"
    shutil.copytree(small.resolve(), other)
    mine = pl.col("document_id") == document(B, 2021)
    for table in (*cutting.OF_DOCUMENTS, *cutting.OF_AGENCIES, "documents", "parts", "offsets"):
        changed(other, table, mine, document_id="f" * 64)
    made: list[str] = []
    keep = again.Again.keep

    def kept(self: again.Again, name: str, unit: again.Unit) -> again.Unit:
        if unit is not self._units.get(name):
            made.append(name)
        return keep(self, name, unit)

    monkeypatch.setattr(again.Again, "keep", kept)
    published(other, tmp_path / "other", tmp_path / "first")
    assert {"values 2021", "reports 2021", "coverage 2021", "documents"} <= {*made}
    tables = ("groups", "promises", "similar", "agencies", "corrections", "replies", "meanings")
    assert [name for name in made if name.startswith(tables) or "2022" in name] == []
    monkeypatch.undo()
    published(other, tmp_path / "anew", None)
    latest = Path("data/latest")
    assert files(tmp_path / "other" / latest) == files(tmp_path / "anew" / latest)


def test_of_a_table_only_what_stands_around_another_row_is_packed(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opendata, "PIECE", 3)
    for name in ("first", "other", "anew"):
        (tmp_path / name).mkdir()
    published(small, tmp_path / "first", None)
    made: list[tuple[str, int]] = []
    words = opendata.in_words

    def worded(table: str, rows: pl.DataFrame, known: Named) -> pl.DataFrame:
        made.append((table, rows.height))
        return words(table, rows, known)

    other = tmp_path / "dataset"
    shutil.copytree(small.resolve(), other)
    cell = {"row": "granted_full", "column": "natural_person"}
    mine = (pl.col(name) == code for name, code in cell.items())
    where = pl.all_horizontal(pl.col("document_id") == document(B, 2021), *mine)
    changed(other, "values", where, number=4.0)
    monkeypatch.setattr(opendata, "in_words", worded)
    published(other, tmp_path / "other", tmp_path / "first")
    assert made == [("values", 3)]
    published(other, tmp_path / "anew", None)
    latest = Path("data/latest")
    assert files(tmp_path / "other" / latest) == files(tmp_path / "anew" / latest)
    changed_rows = unzipped(tmp_path / "other" / latest / "csv/year/values-2021.zip")
    assert "4" in {row["number"] for row in changed_rows if row["row"] == cell["row"]}


def test_of_a_years_files_only_that_with_another_row_is_read(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A report a file.
    monkeypatch.setitem(cutting._LONG, "values", 1)
    for name in ("first", "other", "anew", "cut"):
        (tmp_path / name).mkdir()
    published(small, tmp_path / "first", None)
    made: list[tuple[str, tuple[str, ...]]] = []
    rows = cutting._rows

    def read(
        data: Data, table: str, key: str, documents: Sequence[str], nobody: pl.DataFrame
    ) -> pl.DataFrame:
        if table == "values":
            made.append((key, tuple(documents)))
        return rows(data, table, key, documents, nobody)

    other = tmp_path / "dataset"
    shutil.copytree(small.resolve(), other)
    changed(other, "values", pl.col("document_id") == document(B, 2021), number=4.0)
    monkeypatch.setattr(cutting, "_rows", read)
    published(other, tmp_path / "other", tmp_path / "first")
    assert made == [("2021", (document(B, 2021),))]
    there = pl.read_parquet(f"{small}/values/**/*.parquet").filter(pl.col("year") == 2021)
    assert there["document_id"].n_unique() > 1
    published(other, tmp_path / "anew", None)
    latest = Path("data/latest")
    whole = files(tmp_path / "anew" / latest)
    assert files(tmp_path / "other" / latest) == whole
    # What can't be taken over is read, and nothing of the earlier site is written over.
    zipped = tmp_path / "first" / latest / "csv/year/values-2021.zip"
    zipped.unlink()
    zipped.write_bytes(b"PK")
    before = files(tmp_path / "first" / latest)
    made.clear()
    published(other, tmp_path / "cut", tmp_path / "first")
    assert {key for key, _ in made} == {"2021"}
    assert len(made) > 1
    assert files(tmp_path / "cut" / latest) == whole
    assert files(tmp_path / "first" / latest) == before


def test_a_file_that_was_lost_or_cut_is_packed_again(small: Path, tmp_path: Path) -> None:
    for name in ("first", "again"):
        (tmp_path / name).mkdir()
    published(small, tmp_path / "first", None)
    whole = files(tmp_path / "first" / "data/latest")
    lost = tmp_path / "first/data/latest"
    (lost / "csv/year/points-2021.zip").unlink()
    (lost / "csv/year/points-2021.zip").write_bytes(b"PK")
    (lost / "parquet/values/values-2021.parquet").unlink()
    published(small, tmp_path / "again", tmp_path / "first")
    assert files(tmp_path / "again" / "data/latest") == whole
    assert (lost / "csv/year/points-2021.zip").read_bytes() == b"PK"


def changed(dataset: Path, table: str, where: pl.Expr, **to: Any) -> None:
    for path in dataset.glob(f"{table}/**/*.parquet"):
        rows = pl.read_parquet(path, hive_partitioning=False)
        other = [pl.when(where).then(pl.lit(v)).otherwise(n).alias(n) for n, v in to.items()]
        rows.with_columns(other).cast(rows.schema).write_parquet(path)


def test_a_version_stays_when_another_comes(small: Path, tmp_path: Path) -> None:
    first, second, again = (tmp_path / name for name in ("first", "second", "again"))
    for folder in (first, second, again):
        folder.mkdir()
    published(small, first, None)
    other = tmp_path / "dataset"
    shutil.copytree(small.resolve(), other)
    changed = min(other.glob("replies/**/*.parquet"))
    rows = pl.read_parquet(changed).clear()
    said = {"report_id": "nobody-2020", "text": "已说明。"}
    rows = pl.DataFrame([said], schema=rows.schema)
    rows.write_parquet(changed)
    published(other, second, first)
    published(other, again, second)
    before, after = (keeping.kept(folder) for folder in (first, second))
    assert [one.name for one in after[1:]] == [one.name for one in before]
    assert after[0].name != before[0].name
    assert files(second) == files(again)
    old = Path("data/versions") / before[0].name
    assert files(first / old) == files(second / old)
    latest = files(second / "data/latest")
    assert latest == files(second / "data/versions" / after[0].name)
    # What didn't change is the same file, not a copy.
    one = min((second / old / "csv").rglob("*.zip")).relative_to(second)
    assert (first / one).samefile(second / one)


def test_only_the_last_few_versions_are_kept(small: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    listed = []
    for number in range(keeping.KEPT + 2):
        name = f"2020-01-0{number + 1}-abc"
        (site / keeping.VERSIONS / name).mkdir(parents=True)
        listed.append(keeping.Version(name, "2020-01-01", 1))
    listed.append(keeping.Version("../../etc", "", 0))
    (site / keeping.INDEX).write_bytes(msgspec.json.encode(listed))
    (tmp_path / "new").mkdir()
    published(small, tmp_path / "new", site)
    there = [one.name for one in keeping.kept(tmp_path / "new")]
    assert len(there) == keeping.KEPT
    assert there[1:] == [one.name for one in listed[: keeping.KEPT - 1]]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_page_of_data_leads_to_every_file_and_says_its_size(
    demo_site: Path, latest: Path
) -> None:
    for address in (addresses.DATA, f"en/{addresses.DATA}"):
        found = LexborHTMLParser((demo_site / address).read_text("utf-8"))
        here = (demo_site / address).parent
        links = {
            (here / str(one.attributes["href"])).resolve(): one.text(strip=True)
            for one in found.css("a[download]")
        }
        zips = {path.resolve() for path in (latest / "csv").rglob("*.zip")}
        wide = {path for path in zips if path.parent.name == "wide"}
        assert zips - wide <= set(links)
        assert {path.name for path in wide & set(links)} == {
            path.name for path in wide if (".en." in path.name) == address.startswith("en/")
        }
        assert all(re.search(r"\d (KB|MB)$", links[path]) for path in zips & set(links))
        assert len(found.css("*")) <= 1500


def test_years_of_data_stand_newest_first_whichever_tables_have_them(demo_site: Path) -> None:
    made = made_in(demo_site)
    item = next(one for one in made.items if one.cut == "year")
    more = [msgspec.structs.replace(item, key=key) for key in ("none", "2030", "2007")]
    heads = listing(msgspec.structs.replace(made, items=(*made.items, *more)), "en").years.heads
    years = [*heads[:-1]]
    assert years == sorted(years, reverse=True)
    assert (years[0], years[-1]) == ("2030", "2007")
    assert not heads[-1].isdigit()


def test_the_page_of_data_tells_search_engines(
    demo_site: Path, published: Options, package: dict[str, Any]
) -> None:
    found = LexborHTMLParser((demo_site / addresses.DATA).read_text("utf-8"))
    told = json.loads(found.css_first('script[type="application/ld+json"]').text())
    assert told["@type"] == "Dataset"
    assert (told["license"], told["publisher"]["name"]) == ("CC-BY-4.0", published.publisher)
    assert told["temporalCoverage"] == "2019/2024"
    assert told["version"] == package["version"]
    assert all(one["contentUrl"].startswith(published.base_url) for one in told["distribution"])


def test_the_feed_has_days_of_the_data_and_ids_that_stay(
    demo_site: Path, demo_dataset: Path
) -> None:
    feeds = [
        etree.fromstring((demo_site / folder / addresses.FEED).read_bytes())
        for folder in ("", "en")
    ]
    ids = [[one.findtext(f"{ATOM}id") for one in feed.iter(f"{ATOM}entry")] for feed in feeds]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 100
    newest = open_dataset(demo_dataset).cards["published_on"].max()
    updated = [one.findtext(f"{ATOM}updated") or "" for one in feeds[0].iter(f"{ATOM}entry")]
    assert updated == sorted(updated, reverse=True)
    assert updated[0].startswith(str(newest))
    said = [[one.findtext(f"{ATOM}summary") or "" for one in feed[-9:]] for feed in feeds]
    assert not any("; " in one or ". " in one for one in said[0])
    assert all("；" in one for one in said[0])
    assert all("; " in one for one in said[1])
    for feed, folder in zip(feeds, ("", "en/"), strict=True):
        for link in feed.iter(f"{ATOM}link"):
            path = (link.get("href") or "").removeprefix("https://reports.example.org/x/")
            assert path.startswith(folder)
            assert (demo_site / path).exists(), path


def test_a_report_that_became_another_file_is_told_by_the_day_of_its_dataset(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").mkdir()
    fresh = tmp_path / "fresh"
    (fresh / "data").mkdir(parents=True)
    assert keeping.changed(tmp_path, None, {"a-2020": "1", "b-2020": "2"}, "2030-01-01") == {}
    later = keeping.changed(fresh, tmp_path, {"a-2020": "9", "b-2020": "2"}, "2030-02-01")
    assert later == {"a-2020": "2030-02-01"}
    (tmp_path / "third/data").mkdir(parents=True)
    same = keeping.changed(tmp_path / "third", fresh, {"a-2020": "9"}, "2030-03-01")
    assert same == later


def test_an_agencys_years_without_a_report_have_no_counts(demo_site: Path) -> None:
    missing = []
    for path in (demo_site / "agencies").glob("*.json"):
        for year in json.loads(path.read_text("utf-8"))["years"]:
            if year["document_id"] is None:
                missing.append(year)
                assert year["fail_error"] is None
                assert year["passed"] is None
                assert year["status"]
    assert missing


def test_what_a_reports_json_names_by_codes_its_forms_file_names_in_words(
    demo_site: Path, demo_dataset: Path
) -> None:
    values = open_dataset(demo_dataset).current("values").collect()
    known = {}
    for form in values["form"].unique().drop_nulls():
        told = json.loads((demo_site / addresses.form(form, "json")).read_text("utf-8"))
        assert "numbers" in told["reads"]
        assert "numbers" in told["reads_en"]
        cells = {
            (table["table"], row["row"], column["column"]): cell
            for table in told["tables"]
            for row in table["rows"]
            for column, cell in zip(table["columns"], row["cells"], strict=True)
        }
        there = values.filter(pl.col("form") == form).select("table", "row", "column").unique()
        assert {*there.iter_rows()} <= cells.keys()
        named = [*told["sections"], *told["tables"]]
        named += [line for table in told["tables"] for line in table["columns"]]
        assert all(one["label"] and one["label_en"] for one in named)
        text = (demo_site / addresses.form(form, "csv")).read_text("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text)))
        assert [line["格 Cell"] for line in lines] == list(cells.values())
        known[addresses.form(form, "json")] = told
    for path in (demo_site / "reports").glob("*.json"):
        told = json.loads(path.read_text("utf-8"))
        mine = known[told["report"]["labels"]]
        codes = {one["section"] for one in mine["sections"]}
        assert {one["section"] for one in told["sections"]} <= codes


def test_the_data_page_leads_to_what_tells_of_each_form(demo_site: Path) -> None:
    for folder in ("", "en"):
        page = LexborHTMLParser((demo_site / folder / addresses.DATA).read_text("utf-8"))
        links = {str(one.attributes.get("href")) for one in page.css("main a")}
        there = {path.name for path in (demo_site / "forms").iterdir()}
        assert {link.rpartition("/")[2] for link in links if "/forms/" in link} == there


def test_every_table_that_is_cut_has_words_for_its_name() -> None:
    for table in TABLES:
        assert words("zh")[f"tables.{table}"]
        assert words("en")[f"tables.{table}"]


def test_no_day_after_the_datasets_is_told(demo_dataset: Path) -> None:
    data = open_dataset(demo_dataset)
    days = sorted(str(day) for day in data.cards["published_on"].drop_nulls())
    made = days[len(days) // 2]
    assert _version(data, []).date == days[-1] > made
    data.about["built_at"] = f"{made}T00:00:00+00:00"
    assert _version(data, []).date == made
    told = entries(data, context(data), {}, "zh")
    assert told
    assert max(one.updated for one in told) == made
    assert all(one.published <= one.updated for one in told)


def test_a_feed_has_no_signs_that_turn_its_text() -> None:
    assert _CONTROLS.sub("", "\u202e甲\u0085\u2066乙\x7f\n") == "甲乙\n"


def test_the_newest_correction_of_a_cell_holds_and_all_are_told(small: Path) -> None:
    data = open_dataset(small)
    shared = context(data)
    card = data.reports.collect().row(0, named=True)
    cell = data.tables["values"].filter(pl.col("document_id") == card["document_id"]).collect()
    key = {name: cell[name][0] for name in ("table", "row", "column")}
    said = {"document_id": card["document_id"], "agency_id": None, "year": None, **key}
    said |= {"printed": None, "reason": None, "source": None}
    days = (dt.date(2024, 5, 2), None, dt.date(2024, 5, 1))
    rows = [said | {"corrected": float(n), "date": day} for n, day in enumerate(days)]
    shared.__dict__["corrections"] = rows
    files = dict(report_files(card, document_rows(data, card["document_id"]), shared))
    told = json.loads(files[f"{addresses.report(card['report_id']).removesuffix('.html')}.json"])
    assert [one["corrected"] for one in told["corrections"]] == [1, 2, 0]
    shown = [
        row["corrected"] for part in told["tables"] for row in part["rows"] if "corrected" in row
    ]
    assert [one for row in shown for one in row if one is not None] == [0]


@pytest.mark.parametrize(("lang", "base"), [("zh", "latest/"), ("en", "../../data/latest/")])
def test_without_a_place_files_are_told_from_the_page(
    demo_site: Path, lang: str, base: str
) -> None:
    told = json.loads(structured(made_in(demo_site), Options(), lang))
    url = told["distribution"][0]["contentUrl"]
    assert url.startswith(base)
    page = demo_site / ("" if lang == "zh" else lang) / "data"
    assert (page / url).exists()


def test_a_second_part_of_a_wide_table_has_the_firsts_schema() -> None:
    item = Item("csv/wide/wide-2023.en-2.zip", "wide", "wide", "2023.en", 2, "csv.zip", 1, 1, "")
    assert schema_path(item) == "schema/wide-2023.en.json"


@pytest.mark.parametrize("rows", [0, 3, 4, 6])
def test_results_about_no_report_are_there_once(
    rows: int, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "ROWS", 3)
    data = open_dataset(small)
    mine = pl.DataFrame(
        {"document_id": None, "agency_id": "a", "year": 2023, "n": list(range(rows))},
        schema={"document_id": pl.String, "agency_id": pl.String, "year": pl.Int32, "n": pl.Int64},
    )
    data.tables["checks"] = mine.lazy()
    found = list(cutting.parts(data, "checks", "2023", named(data)))
    assert [n for part in found for n in part.rows["n"]] == list(range(rows))
    assert all(part.rows.height <= 3 for part in found)


def test_a_map_of_maps_is_xml_and_a_name_has_no_line_end() -> None:
    options = Options(base_url="https://example.org/a&b/")
    for _, content in sitemaps(["a.html", "b.html"], options, most=1):
        etree.fromstring(content)
    assert addresses.slug("abc") == "abc"
    assert addresses.slug("abc\n").startswith("x-")


@pytest.mark.parametrize(
    ("built_at", "day"),
    [
        ("2024-01-31T20:30:00+00:00", "2024-02-01"),
        ("2024-02-01T01:00:00", "2024-02-01"),
        ("9999-12-31T23:00:00+00:00", ""),
        ("<b>", ""),
    ],
)
def test_the_day_a_dataset_was_made_is_one_of_china(small: Path, built_at: str, day: str) -> None:
    data = open_dataset(small)
    data.about["built_at"] = built_at
    assert made_on(data) == day
