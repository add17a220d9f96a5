"""Texts and a query in, where it stands in them out: exact, whatever the width or the script."""

from govreport_core.search.places import located, sources
from govreport_core.search.plain import Plain, plain, plain_column
from govreport_core.search.query import Query, parse
from govreport_core.search.scan import holds, matching, spans
from govreport_core.search.snippets import Piece, marked, snippet

__all__ = [
    "Piece",
    "Plain",
    "Query",
    "holds",
    "located",
    "marked",
    "matching",
    "parse",
    "plain",
    "plain_column",
    "snippet",
    "sources",
    "spans",
]
