"""A sentence's words in, its clauses with the forms that they match out.

Forms stand in `clauses.toml`, over roles. A word's set of roles is one
character, so that a clause is a short string and a form a regular expression;
one that matches the string whole says what the clause is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from govreport_core.errors import GovReportError
from govreport_core.narrative.lexicon import (
    MARK,
    NUMBERS,
    UNKNOWN,
    Roles,
    Token,
    known_roles,
)

_LONGEST = 40  # words of a clause that is still read


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form of clause.

    Attributes:
        form: Its pattern over roles; `@name` is a class or a macro, `name=role` keeps a word.
        states: The kind of statement it makes, `@what` the role of the word kept as `what`;
            None where it only lets its sentence stay understood.
        needs: What the clause or one before it must be about: `requests`, `cases`,
            `documents`, `fee`, `outcomes` (a list of them), `apart` (numbers told
            respectively), `told` (an outcome that was told).
        lists: What the clauses after it are about.
        compares: It compares, so its years are no one's.
        part: It tells a part of what was told before.
        opens: It tells that some are still open.
        loose: It is a bag of words: what follows without a subject of its own may be of these only.
    """

    form: str
    states: str | None = None
    needs: str | None = None
    lists: str | None = None
    compares: bool = False
    part: bool = False
    opens: bool = False
    loose: bool = False


class Grammar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`clauses.toml`."""

    classes: dict[str, tuple[str, ...]]
    macros: dict[str, str]
    forms: tuple[Form, ...]


class Clause(msgspec.Struct, frozen=True):
    """Words between two marks.

    Attributes:
        depth: How many brackets it stands in.
        roles: Those of all its words.
        forms: Every form that matches it, with the words kept by name.
    """

    words: tuple[Token, ...]
    depth: int
    roles: Roles
    forms: tuple[tuple[Form, dict[str, int]], ...]

    def has(self, *roles: str) -> bool:
        """Whether some word has one of these roles."""
        return not self.roles.isdisjoint(roles)


def clauses(words: Sequence[Token]) -> Iterator[Clause]:
    """Cut at marks, and at `、`, `和` after a number, for each number is a clause's own."""
    depth = 0
    at: list[Token] = []
    for i, word in enumerate(words):
        if word.roles is not MARK:
            if word.text not in _JOINS or not at or NUMBERS.isdisjoint(at[-1].roles):
                at.append(word)
                continue
        elif word.text == ":" and not NUMBERS.isdisjoint(_roles_at(words, i + 1)):
            continue  # 合计:12件
        if at:
            yield _clause(at, depth)
            at = []
        depth = max(0, depth + {"(": 1, ")": -1}.get(word.text, 0))
    if at:
        yield _clause(at, depth)


_JOINS = frozenset({"、", "和", "及", "以及", "与"})


def _roles_at(words: Sequence[Token], at: int) -> Roles:
    return words[at].roles if at < len(words) else UNKNOWN


def _clause(words: list[Token], depth: int) -> Clause:
    if len(words) > _LONGEST:
        return Clause(tuple(words), depth, frozenset().union(*(w.roles for w in words)), ())
    alphabet, unknown = _alphabet(), _alphabet()[UNKNOWN]
    roles, forms = _matching("".join([alphabet.get(word.roles, unknown) for word in words]))
    return Clause(tuple(words), depth, roles, forms)


@lru_cache(maxsize=8192)
def _matching(signs: str) -> tuple[Roles, tuple[tuple[Form, dict[str, int]], ...]]:
    """The roles of all words; every form that matches whole, with the index of each word kept."""
    found = []
    for form, pattern in _patterns():
        if match := pattern.fullmatch(signs):
            kept = {name: match.start(name) for name, text in match.groupdict().items() if text}
            found.append((form, kept))
    return frozenset().union(*(_meanings()[sign] for sign in signs)), tuple(found)


@cache
def grammar() -> Grammar:
    """The forms with their classes and macros."""
    return parse_grammar(files(__package__).joinpath("clauses.toml").read_text(encoding="utf-8"))


def parse_grammar(text: str) -> Grammar:
    """Read forms of clauses.

    Raises:
        GovReportError: An unknown key, a wrong type, a form that can't be read or
            names a role, class or macro that isn't there.
    """
    try:
        found = msgspec.toml.decode(text, type=Grammar)
        for form in found.forms:
            re.compile(_written(form.form, found))
    except (msgspec.DecodeError, re.error) as error:
        msg = f"clauses.toml: {error}"
        raise GovReportError(msg) from error
    return found


@cache
def _alphabet() -> dict[Roles, str]:
    """A character for each set of roles: nearly all below 256, of which sets are made faster."""
    rarest_last = sorted(known_roles(), key=len, reverse=True)
    return {roles: chr(i) for i, roles in enumerate(rarest_last)}


@cache
def _meanings() -> dict[str, Roles]:
    return {sign: roles for roles, sign in _alphabet().items()}


_PIECES = re.compile(r"\s+|(?P<name>\w+)=|@(?P<called>\w+)|(?P<role>\w+)|(?P<sign>[()|?*+])")


@cache
def _patterns() -> tuple[tuple[Form, re.Pattern[str]], ...]:
    found = grammar()
    return tuple((form, re.compile(_written(form.form, found))) for form in found.forms)


def _written(form: str, of: Grammar) -> str:
    """A form as a regular expression over signs."""
    at, made, kept = 0, "", ""
    while at < len(form):
        piece = _PIECES.match(form, at)
        if piece is None:
            msg = f"clauses.toml: {form!r} can't be read at {form[at:]!r}"
            raise GovReportError(msg)
        at = piece.end()
        if piece["name"]:
            kept = piece["name"]
            continue
        atom = _atom(piece, of)
        made += f"(?P<{kept}>{atom})" if kept and atom else atom
        kept = "" if atom else kept
    return made


def _atom(piece: re.Match[str], of: Grammar) -> str:
    called = piece["called"]
    if piece["sign"]:
        return {"(": "(?:"}.get(piece["sign"], piece["sign"])
    if piece["role"]:
        return _one_of((piece["role"],))
    if called in of.macros:
        return f"(?:{_written(of.macros[called], of)})"
    return _one_of(of.classes.get(called, (f"@{called}",))) if called else ""


@cache
def _one_of(roles: tuple[str, ...]) -> str:
    """Any word that may be one of these; `anything` is every word but numbers."""
    wanted = set(roles)
    signs = [
        sign
        for has, sign in _alphabet().items()
        if not wanted.isdisjoint(has) or ("anything" in wanted and NUMBERS.isdisjoint(has))
    ]
    lacking = wanted - {"anything"} - {role for has in _alphabet() for role in has}
    if lacking or not signs:
        msg = f"clauses.toml: no word has the role {', '.join(sorted(lacking))}"
        raise GovReportError(msg)
    return f"[{re.escape(''.join(signs))}]"
