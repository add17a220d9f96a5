"""What a person types in, the words to look for and to leave out; or why it can't be asked.

Words apart are all wanted, "words in quotes" (also “ ” and 「 」) stay together, a minus
right before a word leaves out what has it.
"""

from __future__ import annotations

import re

from govreport_core.folding import characters
from govreport_core.model import Record
from govreport_core.search.plain import plain

LONGEST = 200
MOST_WORDS = 10
# Dashes are printed in texts; only these two are typed for a minus.
_MINUS = "-－"
_QUOTES = "".join(c for c, plainer in characters().items() if plainer == '"') + '"'
_WORD = re.compile(
    rf"(?P<minus>[{_MINUS}]?)(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]"
    rf"|(?P<word>[^\s{_QUOTES}]+))"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Query(Record, frozen=True):
    """What is asked for, as texts are compared.

    Attributes:
        words: All of them must stand in a text.
        without: None of them may.
        problem: Why it can't be asked: `empty`, `long`, `many`, `without_only`, `broken`;
            empty where it can. Then there are no words.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    problem: str = ""


def parse(typed: str) -> Query:
    """Read a query.

    Args:
        typed: Anything; more than `LONGEST` characters or `MOST_WORDS` words are not asked.
    """
    if len(typed) > LONGEST:
        return Query(problem="long")
    if _SURROGATE.search(typed):
        return Query(problem="broken")
    words: dict[str, None] = {}
    without: dict[str, None] = {}
    for found in _WORD.finditer(typed):
        typed_word = found["word"] if found["quoted"] is None else found["quoted"]
        # A NUL is what browsers take it for: postings have it for no character at all.
        word = plain(typed_word).replace("\n", "").replace("\0", "\ufffd")
        if word:
            (without if found["minus"] else words)[word] = None
    if len(words) + len(without) > MOST_WORDS:
        return Query(problem="many")
    if not words:
        return Query(problem="without_only" if without else "empty")
    return Query(tuple(words), tuple(without))
