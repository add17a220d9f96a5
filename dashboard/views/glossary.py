"""A language in, the terms of the field and what they mean out, in the order of the words' file."""

from __future__ import annotations

from dashboard.labels import t, words
from dashboard.views.records import TermGroup

_PREFIX = "glossary.terms."


def glossary(lang: str) -> tuple[TermGroup, ...]:
    """Every term by its group, each with its code, its name and what it means.

    The order is that of the Chinese file; what a language lacks is said in Chinese.
    """
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for key in words("zh"):
        if key.startswith(_PREFIX) and key.endswith(".name"):
            group, code, _ = key.removeprefix(_PREFIX).split(".")
            said = (code, t(key, lang), t(key.removesuffix("name") + "text", lang))
            groups.setdefault(group, []).append(said)
    return tuple(
        TermGroup(group, t(f"glossary.groups.{group}", lang), tuple(found))
        for group, found in groups.items()
    )
