"""An agency's name and a year in, the words out by which its report means itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from govreport_core.narrative.lexicon import Roles, Speaker

_OWN: Roles = frozenset({"own"})
_AREA: Roles = frozenset({"area"})
_GOVERNMENT = re.compile(
    r"(?P<area>.+?)(?:人民政府|管理委员会|管委会|街道办事处)$|(?P<zone>.+(?:实验区|开发区|新区|高新区|示范区))$"
)
# The last division that a name holds: 清河县 of 云川市清河县.
_DIVISION = re.compile(
    r"(?:.*(?:省|自治区|市|自治州|州|盟|地区|自治县|县|区|旗))??"
    r"(?P<name>[^省市州盟县旗]{1,12}?(?P<kind>省|自治区|市|州|盟|自治县|县|区|旗|镇|乡|街道))$"
)
_KINDS = ("街道", "省", "市", "州", "盟", "县", "区", "旗", "镇", "乡")
_ABOVE = re.compile(r"[^省市州盟县区旗]{2,8}(?P<kind>省|市|州|盟|县|区|旗)|.(?P<short>县)")
_SHORTEST = 3  # characters of a name that can mean no other body


def speaker(year: int | None, agency: str | None) -> Speaker:
    """Who speaks in a report.

    Args:
        year: The report's year.
        agency: The agency as named in the report: 全县 is a county government's
            own scope, and no one else's.
    """
    return Speaker(year, _names(agency) if agency else {})


@lru_cache(maxsize=256)
def _names(agency: str) -> Mapping[str, tuple[tuple[str, Roles], ...]]:
    """What means this agency, by first character; its reports of several years come together."""
    names = dict.fromkeys(_shorter(agency), _OWN) | _governed(agency)
    by_first: dict[str, list[tuple[str, Roles]]] = {}
    for name in sorted(names, key=len, reverse=True):
        by_first.setdefault(name[0], []).append((name, names[name]))
    return {first: tuple(found) for first, found in by_first.items()}


def _shorter(agency: str) -> list[str]:
    """The name, and its rest without the divisions before it: 县教育局 of 宁海县教育局."""
    found, rest = [agency], agency
    while above := _ABOVE.match(rest):
        rest = rest[above.end() :]
        if rest.startswith("人民政府") or len(rest) < _SHORTEST:
            break
        found += [rest, (above["kind"] or above["short"]) + rest]
    return found


def _governed(agency: str) -> dict[str, Roles]:
    """The words for a government and its area."""
    match = _GOVERNMENT.match(agency)
    if match is None:
        return {}
    area = match["area"] or match["zone"]
    kind = next((kind for kind in _KINDS if area.endswith(kind)), None)
    if agency.endswith("街道办事处"):
        kind, area = "街道", f"{area}街道"
    if kind is None:
        return {}
    local = _local(area)
    names = dict.fromkeys((f"全{kind}", area, local), _AREA)
    body = ("管委会", "管理委员会") if "管" in agency else ("本级政府",)
    own = (*body, f"我{kind}", f"本{kind}", f"{kind}政府", f"{kind}人民政府", f"{kind}管委会")
    if kind == "街道":
        own = (*own, "街道", "街道办", "街道办事处", "办事处")
    names |= dict.fromkeys(own, _OWN)
    return names | dict.fromkeys((f"{local}政府", f"{local}人民政府", f"{area}政府", agency), _OWN)


def _local(area: str) -> str:
    """清河县 of 云川市清河县."""
    match = _DIVISION.match(area)
    return match["name"] if match else area
