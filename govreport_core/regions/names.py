"""A division's official name in, the shorter names that people print for it out."""

from __future__ import annotations

from functools import cache
from typing import Literal

DivisionLevel = Literal["province", "prefecture", "county"]

# Nationalities as they stand in the names of autonomous divisions.
_WORDS = (
    "蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 "
    "哈萨克族 傣族 黎族 傈僳族 佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 "
    "达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 塔吉克族 怒族 普米族 鄂温克族 "
    "保安族 裕固族 独龙族 各族 维吾尔 蒙古 哈萨克 柯尔克孜 塔吉克 锡伯"
)
_NATIONALITIES = tuple(_WORDS.split())
_AUTONOMOUS = {"自治区": "", "自治州": "州", "自治县": "县", "自治旗": "旗"}
_SUFFIXES = (
    "特别行政区",
    "行政区",
    "地区",
    "特区",
    "新区",
    "矿区",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "盟",
    "州",
)


def level_of(code: str) -> DivisionLevel:
    """The level that a code's zeros tell."""
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def short_name(name: str) -> str | None:
    """延边州 for 延边朝鲜族自治州, 积石山县 for 积石山保安族东乡族撒拉族自治县; None for others."""
    return _short(name)[0]


def stem(name: str) -> str:
    """The name without its last word: 洪泽 for 洪泽区, 延边 for 延边朝鲜族自治州, 内蒙古."""
    return _short(name)[1]


@cache
def _short(name: str) -> tuple[str | None, str]:
    for ending, kept in _AUTONOMOUS.items() if "自治" in name else ():
        if name.endswith(ending):
            core = _without_nationalities(name.removesuffix(ending))
            return (core + kept if len(core) > 1 and kept else None), core or name
    for suffix in _SUFFIXES:
        # 清新区 is 清新, 滨海新区 is 滨海: two characters are left where the ending has two.
        least = 2 if len(suffix) == 2 else 1
        if name.endswith(suffix) and len(name) >= len(suffix) + least:
            return None, name.removesuffix(suffix)
    return None, name


def _without_nationalities(core: str) -> str:
    while True:
        for nationality in _NATIONALITIES:
            if core.endswith(nationality):
                core = core.removesuffix(nationality)
                break
        else:
            return core
