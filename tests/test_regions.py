"""The table of divisions, what a name in it means in which year, and what a report gets of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import process_time

import polars as pl
import pytest

from govreport_core.build import pipeline
from govreport_core.errors import RegionError
from govreport_core.regions import Location, build_divisions, locate, names_of
from govreport_core.regions.divisions import (
    LAST_YEAR,
    make_table,
    parse_aliases,
    parse_divisions,
    table,
)
from govreport_core.regions.names import short_name, stem
from govreport_core.regions.successors import successors

HEAD = "code,name,valid_from,valid_to,successor,fate\n"


def test_the_table_holds_the_divisions_of_each_year() -> None:
    every = [d for rows in table().by_code.values() for d in rows]
    counts = {
        year: sum(d.holds(year) and d.level == "county" for d in every)
        for year in (1985, 2000, 2010, 2018, 2020, 2024)
    }
    # What the state's yearbooks tell of counties, cities and districts.
    assert (counts[2018], counts[2020], counts[2024]) == (2851, 2844, 2846)
    assert all(2600 < n < 2950 for n in counts.values()), counts
    provinces = [d.name for d in every if d.level == "province" and d.holds(2024)]
    assert len(provinces) == 34


def test_a_code_has_one_name_a_year_and_a_county_its_province() -> None:
    places = table()
    for code, rows in places.by_code.items():
        for before, after in pairwise(rows):
            assert before.valid_to is not None
            assert before.valid_to < after.valid_from, code
        if not code.endswith("0000"):
            assert f"{code[:2]}0000" in places.by_code, code


def test_levels_names_are_those_of_the_year() -> None:
    assert names_of("654202", 2020) == ("新疆维吾尔自治区", "塔城地区", "乌苏市")
    assert names_of("130502", 2015) == ("河北省", "邢台市", "桥东区")
    assert names_of("130502", 2022) == ("河北省", "邢台市", "襄都区")
    assert names_of("110105", 2022) == ("北京市", None, "朝阳区")
    assert names_of("320800", 2030) == ("江苏省", "淮安市", None)
    assert names_of("990121", 2020) == (None, None, None)


@pytest.mark.parametrize(
    ("code", "successor", "fate"),
    [
        ("371200", "370100", "merged"),
        ("330103", "330105", "merged"),
        ("320684", "320614", "renamed"),
        ("320829", "320813", "renamed"),
        ("350403", "350404", "renamed"),
    ],
)
def test_what_is_gone_names_its_successor(code: str, successor: str, fate: str) -> None:
    last = table().by_code[code][-1]
    assert last.valid_to is not None
    assert (last.successor, last.fate) == (successor, fate)


@pytest.mark.parametrize(
    ("code", "name", "first", "last"),
    [
        ("371200", "莱芜市", 1992, 2018),  # into 济南市 in January 2019
        ("320684", "海门市", 1995, 2019),  # 海门区 since June 2020; there is no list of 2019
        ("320614", "海门区", 2020, None),
        ("330103", "下城区", 1980, 2020),  # into 拱墅区 in April 2021
        ("330104", "江干区", 1980, 2020),
        ("330113", "临平区", 2021, None),
        ("540422", "米林县", 2015, 2022),  # 米林市 since 2023; there is no list of 2022
        ("540481", "米林市", 2023, None),
    ],
)
def test_years_without_a_list_of_their_own_are_those_of_the_decision(
    code: str, name: str, first: int, last: int | None
) -> None:
    row = next(d for d in table().by_code[code] if d.name == name)
    assert (row.valid_from, row.valid_to) == (first, last)


def test_a_place_is_the_same_through_renames_and_not_through_mergers() -> None:
    places = table()
    roots = {
        name: places.root(next(d for d in places.by_code[code] if d.name == name))
        for code, name in (
            ("320829", "洪泽县"),
            ("320813", "洪泽区"),
            ("330103", "下城区"),
            ("330105", "拱墅区"),
            ("500110", "万盛区"),
            ("500110", "綦江区"),
        )
    }
    assert roots["洪泽县"] == roots["洪泽区"] == "320813"
    assert roots["下城区"] != roots["拱墅区"]
    assert roots["万盛区"] != roots["綦江区"]


def test_no_two_places_of_one_year_have_the_same_root() -> None:
    places = table()
    for year in range(2008, LAST_YEAR + 1):
        by_root: dict[str, list[str]] = {}
        for rows in places.by_code.values():
            for division in rows:
                if division.holds(year):
                    by_root.setdefault(places.root(division), []).append(division.code)
        twice = [codes for codes in by_root.values() if len(codes) > 1]
        # No lists of these years are there: old and new hold side by side.
        assert twice == [] or year in (2019, 2022), (year, twice)


def test_a_code_that_went_to_another_place_keeps_the_name_it_had() -> None:
    assert locate("万盛区财政局", year=2011).county == "万盛区"


@pytest.mark.parametrize(
    ("name", "short", "core"),
    [
        ("延边朝鲜族自治州", "延边州", "延边"),
        ("积石山保安族东乡族撒拉族自治县", "积石山县", "积石山"),
        ("龙胜各族自治县", "龙胜县", "龙胜"),
        ("巴音郭楞蒙古自治州", "巴音郭楞州", "巴音郭楞"),
        ("东乡族自治县", None, "东乡族自治县"),
        ("新疆维吾尔自治区", None, "新疆"),
        ("清新区", None, "清新"),
        ("滨海新区", None, "滨海"),
        ("万柏林区", None, "万柏林"),
        ("舞钢市", None, "舞钢"),
    ],
)
def test_short_names(name: str, short: str | None, core: str) -> None:
    assert short_name(name) == short
    assert stem(name) == core


BODIES = ("人民政府", "公安局", "市场监督管理局", "城乡建设局", "经济开发区管委会")


@pytest.mark.parametrize("year", [2009, 2015, 2019, 2022])
def test_no_divisions_name_leads_to_another(year: int) -> None:
    lost = 0
    for rows in table().by_code.values():
        for division in rows:
            if not division.holds(year):
                continue
            province, prefecture, _ = names_of(division.code, year)
            above = (province or "") + (prefecture or "") if division.level == "county" else ""
            for body in BODIES:
                alone = locate(division.name + body, year=year)
                assert alone.code == division.code or division.code in alone.candidates, alone
                chain = locate(above + division.name + body, year=year)
                assert chain.code in (division.code, None), chain
                lost += chain.code is None
    assert lost < 10


@pytest.mark.parametrize("body", ["教育局", "人民政府", "人民医院", "街道办事处", "中学", ""])
def test_a_name_without_its_last_word_is_never_a_region(body: str) -> None:
    for name, bearers in table().by_name.items():
        if all(n.how == "stem" for n in bearers):
            assert locate(name + body, year=2022).code is None, name


def test_characters_that_folding_changes_still_match() -> None:
    place = locate("松原市乾安县教育局", year=2021)
    assert (place.code, place.county) == ("220723", "乾安县")


def test_a_name_alone_is_its_one_bearers_of_that_year() -> None:
    assert locate("桥东区教育局", year=2012).candidates == ("130103", "130502", "130702")
    assert locate("桥东区教育局", year=2023).code == "130702"


def test_without_a_year_a_name_must_be_one_places_through_all_years() -> None:
    assert locate("海门市财政局", year=None).code == "320684"
    assert locate("那曲地区行政公署", year=None).code == "542400"
    assert locate("桥东区教育局", year=None).code is None


EVIDENCE = [
    ("signature", "徐州市鼓楼区人民政府", "320302"),
    ("introduction", "现公布南京市鼓楼区人民政府2021年度报告。", "320106"),
    ("address", "地址：江苏省徐州市中山北路1号", "320302"),
    ("address", "地址：福建省福州市某路1号", "350102"),
    # Neither a parent in passing nor a road named after a city says where it is.
    ("introduction", "学习徐州市经验，做好公开工作。", None),
    ("address", "地址：南京路1号", None),
    ("address", "地址：江苏省某路1号", None),
    ("signature", "鼓楼区人民政府", None),
]


@pytest.mark.parametrize(("kind", "text", "code"), EVIDENCE)
def test_another_text_chooses_only_by_naming_the_parent(
    kind: str, text: str, code: str | None
) -> None:
    place = locate("鼓楼区人民政府", year=2021, evidence=[(kind, text)])
    assert place.code == code
    assert place.rule == ("narrowed" if code else "ambiguous")
    assert bool(place.candidates) == (code is None)


def test_texts_that_name_two_parents_choose_none() -> None:
    both = [("signature", "徐州市鼓楼区"), ("metadata", "南京市鼓楼区")]
    assert locate("鼓楼区人民政府", year=2021, evidence=both).code is None


def test_no_text_moves_what_the_name_tells() -> None:
    told = locate("舞钢市财政局", year=2020, evidence=[("address", "南京市鼓楼区")])
    assert told.code == "410481"


def test_traditional_characters_are_read_as_folded_or_not_at_all() -> None:
    assert locate("上海市靜安區人民政府", year=2020).code in ("310106", None)
    assert locate("上海市䶮䶮區人民政府", year=2020) == Location(None, rule="characters")


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "市" * 10_000,
        "南京市" * 4_000,
        "🏛" * 5_000,
        "🏛️市人民政府",
        "\x00\ud7ff市",
        "(" * 10_000,
        "中共" * 5_000,
        "朝阳",
        "市",
    ],
)
def test_hostile_names_get_no_region_at_once(name: str) -> None:
    started = process_time()
    assert locate(name, year=2020).code is None
    assert locate(name, year=2020, evidence=[("address", name)]).code is None
    assert process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code,name\n", "columns"),
        (HEAD + "12345,某县,1980,,,\n", "six digits"),
        (HEAD + "１２３４５６,某县,1980,,,\n", "six digits"),
        (HEAD + "320001,,1980,,,\n", "name"),
        (HEAD + "320001,某县,1990,1980,,\n", "before it begins"),
        (HEAD + "320001,某县,1980,x,,\n", "years"),
        (HEAD + "320001,某县,1980,1990,320002,renamed\n", "no successor"),
        (HEAD + "320001,某县,1980,1990,320001,sold\n", "fate"),
        (HEAD + "320001,某县,1980,1990,,\n320001,某市,1985,,,\n", "two names"),
        (HEAD + "320001,某县,1980\n", "columns"),
    ],
)
def test_a_wrong_table_is_refused(text: str, told: str) -> None:
    with pytest.raises(RegionError, match=told):
        parse_divisions(text)


@pytest.mark.parametrize(
    "text",
    [
        '[[alias]]\nname = "某区"\n',
        '[[alias]]\nname = "某区"\ncode = "320001"\ncolour = "red"\n',
        '[[alias]]\nname = "某区"\ncode = "999999"\n',
        '[[alias]]\nname = "某区"\ncode = "320001"\nvalid_to = 1970\n',
    ],
)
def test_a_wrong_alias_is_refused(text: str) -> None:
    divisions = parse_divisions(HEAD + "320001,某县,1980,,,\n")
    with pytest.raises(RegionError, match="alias"):
        make_table(divisions, parse_aliases(text))


def test_spans_are_the_widest_the_lists_allow() -> None:
    lists = {
        2018: {"320001": "甲县", "320002": "乙县", "320004": "丁县"},
        2020: {"320001": "甲市", "320003": "乙区", "320004": "丁县"},
        2021: {"320001": "甲市", "320003": "乙区"},
        2024: {"320001": "甲市", "320003": "乙区", "320004": "丁县"},
    }
    made = [s for s in build_divisions.spans(lists) if s[0].startswith("3200")]
    assert made == [
        ("320001", "甲县", 2018, 2019),
        ("320001", "甲市", 2020, 2024),
        ("320002", "乙县", 2018, 2019),
        ("320003", "乙区", 2019, 2024),
        ("320004", "丁县", 2018, 2024),
    ]
    fates = build_divisions.successors(made)
    assert fates[made[2]] == ("320003", "renamed")
    assert fates[made[0]] == ("320001", "renamed")


def report(folder: Path, file: str, agency: str, year: int, more: str = "") -> Path:
    path = folder / file
    text = f"{agency}{year}年政府信息公开工作年度报告\n一、总体情况\n{more or '已公开。'}\n"
    path.write_text(text, encoding="utf-8")
    return path


def built(folder: Path) -> dict[str, pl.DataFrame]:
    pipeline.build([folder], folder.parent / "dataset")
    names = ("reports", "evidence", "diagnostics", "agencies")
    return {n: pl.read_parquet(f"{folder.parent}/dataset/{n}/**/*.parquet") for n in names}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    return folder


def test_a_report_gets_region_kind_and_level_from_its_agencys_name(sources: Path) -> None:
    report(sources, "a.txt", "舞钢市财政局", 2021)
    frames = built(sources)
    row = frames["reports"].row(0, named=True)
    assert (row["region_code"], row["province"]) == ("410481", "河南省")
    assert (row["prefecture"], row["county"]) == ("平顶山市", "舞钢市")
    assert (row["agency_kind"], row["agency_level"]) == ("bureau", "county")
    found = frames["evidence"].filter(pl.col("field") == "region").row(0, named=True)
    assert (found["candidate"], found["chosen"]) == ("410481", True)
    assert (found["rule"], found["part"]) == ("region_official", "line:1")


def test_an_ambiguous_name_keeps_its_candidates_as_evidence(sources: Path) -> None:
    report(sources, "a.txt", "朝阳区财政局", 2021)
    frames = built(sources)
    row = frames["reports"].row(0, named=True)
    assert row["region_code"] is None
    assert row["agency_id"].startswith("doc-")
    signs = frames["diagnostics"].filter(pl.col("code") == "region_ambiguous")
    assert signs.height == 1
    assert "110105, 220104" in signs["params"][0]
    found = frames["evidence"].filter(pl.col("field") == "region")
    assert found["candidate"].to_list() == ["110105", "220104"]
    assert found["chosen"].to_list() == [False, False]


def test_the_address_in_the_text_narrows_an_ambiguous_name(sources: Path) -> None:
    report(sources, "a.txt", "朝阳区财政局", 2021, "联系地址：吉林省长春市某路1号。")
    assert built(sources)["reports"]["region_code"].to_list() == ["220104"]


def test_the_years_of_an_agency_join_through_a_rename_of_its_region(sources: Path) -> None:
    report(sources, "a.txt", "洪泽县财政局", 2014)
    report(sources, "b.txt", "洪泽区财政局", 2019)
    report(sources, "c.txt", "淮安市洪泽区财政局", 2021)
    report(sources, "d.txt", "淮安市洪泽区教育局", 2021)
    reports = built(sources)["reports"].sort("agency_name", "year")
    ids = dict(zip(reports["agency_name"], reports["agency_id"], strict=True))
    assert ids["洪泽县财政局"] == ids["洪泽区财政局"] == ids["淮安市洪泽区财政局"]
    assert ids["淮安市洪泽区教育局"] != ids["淮安市洪泽区财政局"]
    assert set(reports["region_code"]) == {"320829", "320813"}


def test_a_merged_districts_agency_isnt_its_successors(sources: Path) -> None:
    report(sources, "a.txt", "杭州市下城区财政局", 2019)
    report(sources, "b.txt", "杭州市拱墅区财政局", 2019)
    assert built(sources)["reports"]["agency_id"].n_unique() == 2


def test_the_manifests_region_wins_and_a_disagreement_is_told(sources: Path) -> None:
    report(sources, "a.txt", "朝阳区财政局", 2021)
    report(sources, "b.txt", "舞钢市财政局", 2021)
    manifest = "file,region_code\na.txt,110105\nb.txt,410400\n"
    (sources / "manifest.csv").write_text(manifest, encoding="utf-8")
    frames = built(sources)
    reports = frames["reports"].sort("region_code")
    assert reports["region_code"].to_list() == ["110105", "410400"]
    assert reports["county"].to_list() == ["朝阳区", None]
    assert reports["agency_level"].to_list() == ["county", None]
    told = frames["diagnostics"].filter(pl.col("code") == "manifest_disagrees")
    assert told.height == 1
    assert '"found": "410481"' in told["params"][0]


def test_the_rosters_agency_is_found_by_the_region_of_the_name(sources: Path) -> None:
    report(sources, "a.txt", "长春市朝阳区财政局", 2021)
    roster = (
        "agency_id,name,region_code,kind,level\n"
        "north,长春市朝阳区财政局,220104,bureau,county\n"
        "south,长春市朝阳区财政局,110105,bureau,county\n"
    )
    (sources / "agencies.csv").write_text(roster, encoding="utf-8")
    assert built(sources)["reports"]["agency_id"].to_list() == ["north"]


def test_the_rosters_agency_keeps_its_id_through_a_rename_of_its_region(sources: Path) -> None:
    report(sources, "a.txt", "洪泽县财政局", 2014)
    report(sources, "b.txt", "洪泽区财政局", 2019)
    report(sources, "c.txt", "淮安市洪泽区财政局", 2021)
    (sources / "agencies.csv").write_text(
        "agency_id,name,region_code\nhongze,洪泽区财政局,320813\nother,洪泽区教育局,320813\n",
        encoding="utf-8",
    )
    assert set(built(sources)["reports"]["agency_id"]) == {"hongze"}


def test_where_the_roster_lists_both_names_each_report_is_its_own_ones(sources: Path) -> None:
    report(sources, "a.txt", "洪泽县财政局", 2014)
    report(sources, "b.txt", "淮安市洪泽区财政局", 2021)
    (sources / "agencies.csv").write_text(
        "agency_id,name,region_code\nold,洪泽县财政局,320829\nnew,洪泽区财政局,320813\n",
        encoding="utf-8",
    )
    frames = built(sources)
    assert dict(frames["reports"].select("year", "agency_id").rows()) == {2014: "old", 2021: "new"}
    assert dict(frames["agencies"].select("agency_id", "successor").rows()) == {
        "old": "new",
        "new": None,
    }


def test_a_bureau_of_an_ambiguous_place_is_one_once_its_region_is_known(sources: Path) -> None:
    report(sources, "a.txt", "朝阳区财政局", 2020)
    report(sources, "b.txt", "北京市朝阳区财政局", 2021)
    (sources / "manifest.csv").write_text("file,region_code\na.txt,110105\n", encoding="utf-8")
    assert built(sources)["reports"]["agency_id"].n_unique() == 1


def test_the_rosters_own_successor_stays(sources: Path) -> None:
    report(sources, "a.txt", "拱墅区财政局", 2021)
    (sources / "agencies.csv").write_text(
        "agency_id,name,region_code,successor\n"
        "finance,下城区财政局,330103,\neducation,下城区教育局,330103,elsewhere\n"
        "new,拱墅区教育局,330105,\n",
        encoding="utf-8",
    )
    agencies = built(sources)["agencies"]
    heirs = dict(agencies.select("agency_id", "successor").rows())
    of_reports = agencies.filter(pl.col("source") == "reports")["agency_id"].item()
    assert heirs["education"] == "elsewhere"
    assert heirs["finance"] == of_reports
    assert heirs["new"] is None


@pytest.mark.parametrize(
    ("gone", "heir"),
    [
        (("杭州市下城区教育局", "330103"), ("拱墅区教育局", "330105")),
        (("江干区教育局", "330104"), ("杭州市上城区教育局", "330102")),
        (("莱芜市人民政府", "371200"), ("济南市人民政府", "370100")),
        (("海门市财政局", "320684"), ("海门区财政局", "320614")),
        # one code under two names
        (("桥东区财政局", "130502"), ("襄都区财政局", "130502")),
    ],
)
def test_an_agency_of_a_division_that_is_gone_goes_on_as_its_successors(
    gone: tuple[str, str], heir: tuple[str, str]
) -> None:
    other = ("other", "余杭区财政局", "330110")
    assert successors([("gone", *gone), ("heir", *heir), other]) == {"gone": "heir"}


def test_no_successor_is_guessed() -> None:
    gone = ("gone", "下城区教育局", "330103")
    assert successors([gone, ("x", "拱墅区财政局", "330105")]) == {}
    assert (
        successors([gone, ("x", "拱墅区教育局", "330105"), ("y", "杭州市拱墅区教育局", "330105")])
        == {}
    )
    assert successors([("x", None, "330103"), ("y", "下城区教育局", None)]) == {}
    # A branch of the city's police isn't the district's own body.
    assert successors([("x", "杭州市公安局下城分局", "330103"), ("y", "公安局", "330105")]) == {}
