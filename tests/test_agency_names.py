"""Real agencies' names of all levels: region, kind and level right, or open with candidates."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from govreport_core.errors import RegionError
from govreport_core.regions import classify, locate
from govreport_core.regions.kinds import kinds, parse_kinds

# name, year, code, kind, level
TOLD = [
    # provinces
    ("上海市人民政府办公厅", 2019, "310000", "government_office", "province"),
    ("江苏省人民政府", 2020, "320000", "government", "province"),
    ("海南省人民政府", 2020, "460000", "government", "province"),
    ("吉林省人民政府", 2020, "220000", "government", "province"),
    ("江苏省教育厅", 2020, "320000", "department_province", "province"),
    ("内蒙古自治区财政厅", 2020, "150000", "department_province", "province"),
    ("广西壮族自治区公安厅", 2020, "450000", "police", "province"),
    ("北京市发展和改革委员会", 2020, "110000", "commission", "province"),
    ("北京市城市管理委员会", 2020, "110000", "commission", "province"),
    ("广东省人民政府国有资产监督管理委员会", 2021, "440000", "commission", "province"),
    # prefectures
    ("吉林市人民政府", 2020, "220200", "government", "prefecture"),
    ("广州市教育局", 2021, "440100", "bureau", "prefecture"),
    ("苏州市市场监督管理局", 2022, "320500", "bureau", "prefecture"),
    ("兰州市卫生健康委员会", 2021, "620100", "commission", "prefecture"),
    ("延边州人民政府", 2020, "222400", "government", "prefecture"),
    ("延边朝鲜族自治州财政局", 2020, "222400", "bureau", "prefecture"),
    ("海南藏族自治州人民政府", 2020, "632500", "government", "prefecture"),
    ("海南州人民政府", 2020, "632500", "government", "prefecture"),
    ("恩施州住房和城乡建设局", 2022, "422800", "bureau", "prefecture"),
    ("锡林郭勒盟行政公署", 2020, "152500", "government", "prefecture"),
    ("阿里地区行政公署", 2020, "542500", "government", "prefecture"),
    ("伊犁哈萨克自治州塔城地区行政公署", 2020, "654200", "government", "prefecture"),
    ("荆州市公安局", 2021, "421000", "police", "prefecture"),
    ("淮安市住房公积金管理中心", 2020, "320800", "law_authorised", "prefecture"),
    ("景德镇市人民政府", 2020, "360200", "government", "prefecture"),
    ("中共淮安市教育局党组", 2021, "320800", "bureau", "prefecture"),
    ("儋州市人民政府", 2020, "460400", "government", "prefecture"),
    # counties
    ("淮安市洪泽区人民政府", 2024, "320813", "government", "county"),
    ("乌苏市商务和工业信息化局", 2020, "654202", "bureau", "county"),
    ("舞钢市工业和信息化局", 2020, "410481", "bureau", "county"),
    ("公安县公安局", 2021, "421022", "police", "county"),
    ("丰县城乡建设局", 2021, "320321", "bureau", "county"),
    ("四子王旗人民政府", 2020, "150929", "government", "county"),
    ("神农架林区人民政府", 2020, "429021", "government", "county"),
    ("六枝特区人民政府", 2020, "520203", "government", "county"),
    ("浦东新区人民政府", 2020, "310115", "government", "county"),
    ("天津市滨海新区人民政府", 2020, "120116", "government", "county"),
    ("济源市人民政府", 2020, "419001", "government", "county"),
    ("仙桃市财政局", 2020, "429004", "bureau", "county"),
    ("石河子市人民政府", 2020, "659001", "government", "county"),
    ("沿河县人民政府", 2020, "520627", "government", "county"),
    ("沿河土家族自治县人民政府办公室", 2020, "520627", "government_office", "county"),
    ("重庆市渝北区人民政府", 2020, "500112", "government", "county"),
    ("湖北省武汉市江汉区民政局", 2020, "420103", "bureau", "county"),
    ("新疆维吾尔自治区塔城地区乌苏市人民政府", 2020, "654202", "government", "county"),
    ("海东市平安区教育局", 2021, "630203", "bureau", "county"),
    # namesakes with their parents
    ("北京市朝阳区教育局", 2022, "110105", "bureau", "county"),
    ("长春市朝阳区人民政府", 2022, "220104", "government", "county"),
    ("南京鼓楼区人民政府", 2021, "320106", "government", "county"),
    ("徐州市鼓楼区住房和城乡建设局", 2021, "320302", "bureau", "county"),
    ("乐山市市中区教育局", 2022, "511102", "bureau", "county"),
    ("西安市新城区人民政府", 2022, "610102", "government", "county"),
    # reorganised
    ("莱芜市人民政府", 2018, "371200", "government", "prefecture"),
    ("济南市莱芜区人民政府", 2021, "370116", "government", "county"),
    ("下城区人民政府", 2020, "330103", "government", "county"),
    ("江干区人民政府", 2020, "330104", "government", "county"),
    ("杭州市拱墅区教育局", 2022, "330105", "bureau", "county"),
    ("余杭区人民政府", 2022, "330110", "government", "county"),
    ("临平区人民政府", 2022, "330113", "government", "county"),
    ("钱塘区人民政府", 2021, "330114", "government", "county"),
    ("米林市人民政府", 2023, "540481", "government", "county"),
    ("伊美区人民政府", 2019, "230717", "government", "county"),
    ("海门市财政局", 2019, "320684", "bureau", "county"),
    ("南通市海门区财政局", 2022, "320614", "bureau", "county"),
    ("洪泽县人民政府", 2014, "320829", "government", "county"),
    ("三元区人民政府", 2020, "350403", "government", "county"),
    ("三元区人民政府", 2022, "350404", "government", "county"),
    ("巢湖市人民政府", 2015, "340181", "government", "county"),
    ("襄都区人民政府", 2021, "130502", "government", "county"),
    # townships
    ("上海市浦东新区陆家嘴街道办事处", 2020, "310115", "subdistrict", "township"),
    ("上海市黄浦区南京东路街道办事处", 2020, "310101", "subdistrict", "township"),
    ("东莞市虎门镇人民政府", 2020, "441900", "township", "township"),
    ("丰县顺河镇人民政府", 2020, "320321", "township", "township"),
    # systems of their own, zones, the corps: the level isn't the division's
    ("国家税务总局淮安市洪泽区税务局", 2021, "320813", "vertical", "county"),
    ("国家税务总局江苏省税务局", 2021, "320000", "vertical", "province"),
    ("广东海事局", 2021, "440000", "vertical", "province"),
    ("苏州工业园区管理委员会", 2021, "320500", "zone", None),
    ("合肥高新技术产业开发区管理委员会", 2021, "340100", "zone", None),
    ("重庆两江新区管理委员会", 2020, "500000", "zone", None),
    ("平潭综合实验区", 2024, "350128", "zone", None),
    ("平潭综合实验区管委会", 2025, "350128", "zone", None),
    ("新疆生产建设兵团第八师石河子市", 2020, "659001", None, None),
    # the place is certain, the level isn't
    ("淮安市经济技术开发区财政局", 2020, "320800", "bureau", None),
    ("中共淮安市洪泽区委办公室", 2021, "320813", None, None),
]

# name, year, kind, some of the candidates
OPEN = [
    ("朝阳区人民政府", 2022, "government", {"110105", "220104"}),
    ("鼓楼区人民政府", 2021, "government", {"320106", "320302", "350102", "410204"}),
    ("市中区教育局", 2022, "bureau", {"370103", "370402", "511002", "511102"}),
    ("新城区人民政府", 2022, "government", {"150102", "610102"}),
    ("西湖区人民政府", 2020, "government", {"330106", "360103"}),
    ("江北区人民政府", 2020, "government", {"330205", "500105"}),
    ("海州区人民政府", 2022, "government", {"210902", "320706"}),
    ("城关镇人民政府", 2022, "township", {"540102", "620102"}),
    ("桥东区人民政府", 2019, "government", {"130502", "130702"}),
    ("巢湖市人民政府", 2011, "government", {"340181", "341400"}),
    ("莱芜市人民政府", 2021, "government", {"371200"}),
    ("下城区人民政府", 2023, "government", {"330103"}),
    ("江干区人民政府", 2023, "government", {"330104"}),
    ("海门市人民政府", 2022, "government", {"320684"}),
    ("海门区人民政府", 2018, "government", {"320614"}),
    ("临平区人民政府", 2019, "government", {"330113"}),
    ("米林市人民政府", 2021, "government", {"540481"}),
    ("南京海关", 2021, "vertical", {"320100"}),
    ("国家统计局淮安调查队", 2021, "vertical", {"320800"}),
    ("昆山经济技术开发区管理委员会", 2021, "zone", {"320583"}),
    # a branch is of the place it serves, under the body that it is a branch of
    ("淮安市公安局洪泽分局", 2020, "police", {"320800", "320813"}),
    ("淮安市公安局新港分局", 2020, "police", {"320800"}),
    ("北京市规划和自然资源委员会朝阳分局", 2020, "bureau", {"110000", "110105"}),
    ("深圳市生态环境局南山管理局", 2023, "bureau", {"440300", "440305"}),
    ("吉林高新技术产业开发区管理委员会", 2020, "zone", {"220000", "220200"}),
    ("河北雄安新区管理委员会", 2020, "zone", {"130000"}),
    ("淮安市洪泽教育局", 2020, "bureau", {"320800", "320813"}),
    ("杭州市西湖风景名胜区管理委员会", 2020, "zone", {"330100", "330106"}),
    ("朝阳市场监督管理局", 2021, "bureau", {"211300"}),
    ("南京东路街道办事处", 2020, "subdistrict", {"320100"}),
    ("淮安市某某区人民政府", 2020, "government", {"320800"}),
    ("萍乡人民政府", 2020, None, {"360300"}),
    ("北京大学", 2020, "public_utility", {"110000"}),
    ("新疆生产建设兵团", 2020, "government", {"650000"}),
]

# Names that begin with no place at all.
NOWHERE = [
    ("科学技术和工业信息化局", 2021, "bureau", None),
    ("公安局", 2021, "police", None),
    ("市教育局", 2021, "bureau", None),
    ("教育部", 2020, "ministry", "national"),
    ("国务院办公厅", 2020, "government_office", "national"),
    ("国家税务总局", 2020, "ministry", "national"),
    ("中华人民共和国生态环境部", 2020, "ministry", "national"),
    ("太湖流域管理局", 2020, "vertical", None),
    # what stands behind a ministry's name is elsewhere, and what isn't listed isn't told
    ("财政部浙江监管局", 2020, None, None),
    ("水利部长江水利委员会", 2020, "vertical", None),
    ("国家能源局浙江监管办公室", 2020, "vertical", None),
    ("国家某某和某某局", 2020, None, None),
]


@pytest.mark.parametrize(("name", "year", "code", "kind", "level"), TOLD)
def test_a_name_tells_region_kind_and_level(
    name: str, year: int, code: str, kind: str | None, level: str | None
) -> None:
    place = locate(name, year=year)
    what = classify(name, rest=place.rest, level=place.level)
    assert (place.code, what.kind, what.level) == (code, kind, level)
    assert place.candidates == ()
    assert place.confidence >= 0.8


@pytest.mark.parametrize(("name", "year", "kind", "candidates"), OPEN)
def test_what_isnt_certain_stays_open_with_its_candidates(
    name: str, year: int, kind: str | None, candidates: set[str]
) -> None:
    place = locate(name, year=year)
    assert place.code is None
    assert (place.province, place.prefecture, place.county) == (None, None, None)
    assert candidates <= set(place.candidates)
    assert place.confidence == 0.0
    what = classify(name, rest=place.rest, level=place.level)
    assert what.kind == kind
    assert what.level in (None, "township")


@pytest.mark.parametrize(("name", "year", "kind", "level"), NOWHERE)
def test_a_name_without_a_place_has_none(
    name: str, year: int, kind: str | None, level: str | None
) -> None:
    place = locate(name, year=year)
    assert place.code is None
    what = classify(name, rest=place.rest, level=place.level)
    assert (what.kind, what.level) == (kind, level)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("淮安市人大常务委员会", None),
        ("淮安市中级人民法院", None),
        ("淮安市清河街道某某社区居民委员会", None),
        ("某某市发展和改革委员会（粮食局）", "commission"),
        ("某某市地方金融监督管理局", "bureau"),
        ("国家金融监督管理总局淮安监管分局", "vertical"),
        ("淮安市公安局交通警察支队", "police"),
        ("淮安市自来水公司", "public_utility"),
        ("淮安经济技术开发区管委会", "zone"),
        ("", None),
    ],
)
def test_the_longest_ending_decides_the_kind(name: str, kind: str | None) -> None:
    assert classify(name).kind == kind


@pytest.mark.parametrize("place", ["平安县", "公安县", "荆州市公安县", "某某县"])
@pytest.mark.parametrize(
    ("rest", "kind"),
    [
        ("蒋坝镇党政办公室", "office"),
        ("蒋坝镇办公室", "office"),
        ("蒋坝镇综合执法局", "bureau"),
        ("古城镇综合执法局", "bureau"),
        ("蒋坝镇财政所", None),
        ("蒋坝镇市场监督管理所", "law_authorised"),
        ("蒋坝乡政府办", "government_office"),
        ("李家乡便民服务中心", "law_authorised"),
    ],
)
def test_what_belongs_to_a_township_is_of_its_level(
    place: str, rest: str, kind: str | None
) -> None:
    found = locate(place + rest, year=2023)
    what = classify(place + rest, rest=found.rest, level=found.level)
    assert (what.kind, what.level) == (kind, "township")


@pytest.mark.parametrize(
    "name",
    [
        "公安县公安局蒋坝派出所",
        "公安县人大常委会办公室",
        "公安县政协办公室",
        "公安县人民政府驻北京办事处",
        "公安县人民政府驻京办",
    ],
)
def test_outposts_and_bodies_that_arent_the_governments_have_no_kind(name: str) -> None:
    found = locate(name, year=2023)
    assert classify(name, rest=found.rest, level=found.level).kind is None
    assert classify(name).kind is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("镇江市财政局", "bureau"),
        ("江苏省镇江市住房和城乡建设局", "bureau"),
        ("公安县乡村振兴局", "bureau"),
        ("公安县乡镇企业管理局", "bureau"),
        ("公安县城镇管理局", "bureau"),
        ("公安县城乡建设局", "bureau"),
        ("公安县住房城乡建设局", "bureau"),
        ("公安县住房和村镇建设局", "bureau"),
        ("公安县统筹城乡办公室", "office"),
        ("公安县行政协调办公室", "office"),
        ("新乡市财政局", "bureau"),
        ("新乡市市场监督管理局", "bureau"),
        ("萍乡市城市管理局", "bureau"),
        ("景德镇市教育局", "bureau"),
        ("景德镇教育局", "bureau"),
        ("汉中市西乡县财政局", "bureau"),
        ("临汾市乡宁县教育局", "bureau"),
    ],
)
def test_a_township_in_a_word_or_a_greater_name_is_none(name: str, kind: str) -> None:
    found = locate(name, year=2023)
    what = classify(name, rest=found.rest, level=found.level)
    assert what.kind == kind
    assert what.level != "township"
    bare = classify(name)
    assert (bare.kind, bare.level) == (kind, None)


CASES = Path(__file__).parent / "cases" / "agencies.jsonl"


def test_of_the_written_cases_none_is_wrong_and_few_are_untold() -> None:
    told: Counter[str] = Counter()
    wrong = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        place = locate(case["name"], year=case["year"])
        what = classify(case["name"], rest=place.rest, level=place.level)
        for want, got in zip(case["expect"], (place.code, what.kind, what.level), strict=True):
            told["right" if got == want else "untold" if got is None else "wrong"] += 1
            if got not in (want, None):
                wrong.append((case["name"], want, got))
    assert wrong == []
    assert told.total() >= 3 * 150
    assert told["untold"] <= 5, told


def test_no_level_without_a_division() -> None:
    assert classify("财政局").level is None
    assert classify("财政局", rest="财政局", level="county").level == "county"


def test_every_kind_has_words_in_both_languages() -> None:
    root = Path(__file__).parent.parent / "dashboard" / "locale"
    for lang in ("zh", "en"):
        words = "\n".join(
            p.read_text(encoding="utf-8") for p in sorted(root.glob(f"{lang}*/*.toml"))
        )
        for code in {kind.code for kind in kinds().kind}:
            assert re.search(rf"^{code} = ", words, re.MULTILINE), code


KINDS = """
parties = ["中共"]
party_endings = ["党组"]
systems = []
national = ["国务院"]
seated = []
not_a_place = []
shared = []
below = []
none_of_these = []
party_words = []
outposts = []
of_township = []

[[kind]]
code = "bureau"
endings = ["局"]
level = "division"
"""


@pytest.mark.parametrize(
    "wrong",
    [
        KINDS + 'colour = "red"\n',
        KINDS.replace('"division"', '"village"'),
        KINDS.replace('["局"]', '["局", "局"]'),
        KINDS.replace('["局"]', '[""]'),
        KINDS.replace("below = []\n", ""),
        KINDS.replace("outposts = []", 'outposts = ["("]'),
        "not = toml = at all",
    ],
)
def test_wrong_kinds_are_refused(wrong: str) -> None:
    assert len(parse_kinds(KINDS).kind) == 1
    with pytest.raises(RegionError, match="kinds"):
        parse_kinds(wrong)
