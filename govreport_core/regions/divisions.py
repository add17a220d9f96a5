"""`divisions.csv` and `aliases.toml` in, the table of divisions out: by code, and by every name.

A division is a code under one name for a span of years; a code that was renamed
stands in several rows. Years outside the lists are taken as the nearest list's.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from govreport_core.errors import RegionError
from govreport_core.folding import fold
from govreport_core.regions.names import DivisionLevel, level_of, short_name, stem

FIRST_YEAR, LAST_YEAR = 1980, 2024
_COLUMNS = ["code", "name", "valid_from", "valid_to", "successor", "fate"]

# How a text names a division: its official name, the short one of an autonomous
# division, an alias of the table, or only the official name's stem (洪泽).
Naming = Literal["official", "short", "alias", "stem"]


class Division(msgspec.Struct, frozen=True, gc=False):
    """A code under one name.

    Attributes:
        valid_to: Last year; None while in force.
        successor: The code it became or went into, where that is known.
        fate: `renamed` (the successor is the same place), `merged` (it went into
            another), empty.
    """

    code: str
    name: str
    valid_from: int
    valid_to: int | None = None
    successor: str | None = None
    fate: Literal["", "renamed", "merged"] = ""

    @property
    def level(self) -> DivisionLevel:
        """Which level the code is of."""
        return level_of(self.code)

    def holds(self, year: int | None, slack: int = 0) -> bool:
        """Whether it was in force that year, or within `slack` years of it; None: any year."""
        if year is None:
            return True
        year = min(max(year, FIRST_YEAR), LAST_YEAR)
        return self.valid_from - slack <= year <= (self.valid_to or LAST_YEAR) + slack


class Alias(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another name of a division that no rule derives.

    Attributes:
        level: `unknown` where the bearer's level isn't the division's (the host
            of a zone, the city that a division of the corps runs).
    """

    name: str
    code: str
    valid_from: int = FIRST_YEAR
    valid_to: int | None = None
    level: Literal["same", "unknown"] = "same"


class Aliases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`aliases.toml`.

    Attributes:
        inside: Codes that lie in a prefecture whose digits they don't share.
    """

    alias: tuple[Alias, ...]
    inside: dict[str, tuple[str, ...]] = {}


class Named(msgspec.Struct, frozen=True, gc=False):
    """A division by one of its names."""

    division: Division
    how: Naming
    same_level: bool = True


class Table(msgspec.Struct, frozen=True):
    """All divisions.

    Attributes:
        by_code: A code's rows, oldest first.
        by_name: What bears a name, folded as texts are (乾 is 干); stems too.
        longest: The longest name's length.
        characters: Every character that stands in a name.
    """

    by_code: dict[str, tuple[Division, ...]]
    by_name: dict[str, tuple[Named, ...]]
    longest: int
    characters: frozenset[str]
    inside: dict[str, tuple[str, ...]]

    def at(self, code: str, year: int | None) -> Division | None:
        """The row of that code in that year, else the nearest in time; None for an unknown code."""
        rows = self.by_code.get(code)
        if rows is None:
            return None
        year = LAST_YEAR if year is None else year
        return min(rows, key=lambda d: _distance(d, year))

    def lies_in(self, code: str, parent: str) -> bool:
        """Whether a code is of a division below another's."""
        if parent.endswith("0000"):
            return code[:2] == parent[:2] and code != parent
        if parent.endswith("00"):
            above = code[:4] == parent[:4] or code[:4] in self.inside.get(parent, ())
            return above and code != parent
        return False

    def root(self, division: Division) -> str:
        """What the same place is called through its renames: the code it has had last.

        Where that code is another place's since (500110 was 万盛区's before it
        was 綦江区's), the place's name stands behind it.
        """
        seen = [division]
        while division.fate == "renamed" and division.successor is not None:
            after = division.valid_to or LAST_YEAR
            rows = self.by_code[division.successor]
            division = min(rows, key=lambda d: (abs(d.valid_from - after - 1), d.valid_from))
            if division in seen:
                break
            seen.append(division)
        last = self.by_code[division.code][-1]
        same = last.valid_from == division.valid_from
        return division.code if same else f"{division.code}{division.name}"


@cache
def table() -> Table:
    """The table that ships with govreport, read once."""
    here = files(__package__)
    return make_table(
        parse_divisions(here.joinpath("divisions.csv").read_text(encoding="utf-8")),
        parse_aliases(here.joinpath("aliases.toml").read_text(encoding="utf-8")),
    )


def names_of(code: str, year: int | None = None) -> tuple[str | None, str | None, str | None]:
    """Names of the province, prefecture and county that a code stands for in a year.

    None for a level that the code doesn't reach or that isn't there (a district of
    a municipality has no prefecture), and for an unknown code.
    """
    found = table()
    if code not in found.by_code:
        return None, None, None
    above = found.at(code[:2] + "0000", year)
    middle = None if code.endswith("0000") else found.at(code[:4] + "00", year)
    own = found.at(code, year) if level_of(code) == "county" else None
    return (
        above.name if above else None,
        middle.name if middle else None,
        own.name if own else None,
    )


def parse_divisions(text: str) -> tuple[Division, ...]:
    """Read the table's CSV.

    Raises:
        RegionError: A column too few or too many, a code that isn't six digits, a
            span that ends before it begins or overlaps another of its code, a
            successor that isn't there.
    """
    rows = csv.reader(io.StringIO(text, newline=""))
    if next(rows, None) != _COLUMNS:
        msg = f"divisions: the columns are to be {', '.join(_COLUMNS)}"
        raise RegionError(msg)
    found = [_division(row, number) for number, row in enumerate(rows, start=2)]
    codes = {d.code for d in found}
    last: dict[str, Division] = {}
    for division in sorted(found, key=lambda d: (d.code, d.valid_from)):
        before = last.get(division.code)
        if before and (before.valid_to is None or before.valid_to >= division.valid_from):
            msg = f"divisions: {division.code} has two names in {division.valid_from}"
            raise RegionError(msg)
        if division.successor is not None and division.successor not in codes:
            msg = f"divisions: {division.code}: no successor {division.successor}"
            raise RegionError(msg)
        last[division.code] = division
    return tuple(found)


def parse_aliases(text: str) -> Aliases:
    """Read the aliases' TOML.

    Raises:
        RegionError: An unknown key, a missing one, a wrong type.
    """
    try:
        return msgspec.toml.decode(text, type=Aliases)
    except msgspec.DecodeError as error:
        msg = f"aliases: {error}"
        raise RegionError(msg) from error


def make_table(divisions: tuple[Division, ...], aliases: Aliases) -> Table:
    """Index divisions by code and by name.

    Raises:
        RegionError: An alias of a code that isn't there, or of a span in which its
            code isn't in force.
    """
    by_code: defaultdict[str, list[Division]] = defaultdict(list)
    by_name: defaultdict[str, list[Named]] = defaultdict(list)
    names = {name: _names(name) for name in dict.fromkeys(d.name for d in divisions)}
    every = list({name for found in names.values() for name, _ in found})
    folded = dict(zip(every, fold("\n".join(every)).split("\n"), strict=True))
    for division in divisions:
        by_code[division.code].append(division)
        for name, how in names[division.name]:
            by_name[folded[name]].append(Named(division, how))
    for rows in by_code.values():
        rows.sort(key=lambda d: d.valid_from)
    for alias in aliases.alias:
        named = _aliased(alias, by_code)
        by_name[fold(alias.name)].extend(named)
    return Table(
        {code: tuple(rows) for code, rows in by_code.items()},
        {name: tuple(found) for name, found in by_name.items()},
        max(map(len, by_name), default=0),
        frozenset("".join(by_name)),
        aliases.inside,
    )


def _names(name: str) -> list[tuple[str, Naming]]:
    """The official name, and what else people print for it."""
    found: list[tuple[str, Naming]] = [(name, "official")]
    short, core = short_name(name), stem(name)
    if short is not None and short != name:
        found.append((short, "short"))
    if len(core) > 1 and core != name:
        found.append((core, "stem"))
    return found


def _division(row: list[str], number: int) -> Division:
    where = f"divisions: line {number}"
    if len(row) != len(_COLUMNS):
        msg = f"{where}: {len(row)} columns"
        raise RegionError(msg)
    code, name, first, last, successor, fate = row
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        msg = f"{where}: {code!r} isn't six digits"
        raise RegionError(msg)
    if not name or not first.isdigit() or (last and not last.isdigit()):
        msg = f"{where}: a name and years are needed"
        raise RegionError(msg)
    if last and int(last) < int(first):
        msg = f"{where}: ends in {last}, before it begins"
        raise RegionError(msg)
    if fate not in ("", "renamed", "merged") or bool(fate) != bool(successor):
        msg = f"{where}: successor {successor!r} with fate {fate!r}"
        raise RegionError(msg)
    return Division(
        code,
        name,
        int(first),
        int(last) if last else None,
        successor or None,
        fate,  # type: ignore[arg-type] # one of the three, as tested above
    )


def _aliased(alias: Alias, by_code: dict[str, list[Division]]) -> list[Named]:
    """The rows of an alias's code, each cut to the alias's span."""
    named: list[Named] = []
    for row in by_code.get(alias.code, []):
        first = max(row.valid_from, alias.valid_from)
        last = min(row.valid_to or LAST_YEAR, alias.valid_to or LAST_YEAR)
        if first <= last:
            ends = None if last == LAST_YEAR else last
            cut = msgspec.structs.replace(row, valid_from=first, valid_to=ends)
            named.append(Named(cut, "alias", alias.level == "same"))
    if not named:
        msg = f"aliases: {alias.name}: {alias.code} isn't in force in its years"
        raise RegionError(msg)
    return named


def _distance(division: Division, year: int) -> int:
    if division.holds(year):
        return 0
    return min(abs(year - division.valid_from), abs(year - (division.valid_to or LAST_YEAR)))
