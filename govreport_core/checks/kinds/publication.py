"""The kinds that are about publication: dates, copies, coverage."""

from __future__ import annotations

from govreport_core.checks.kinds.base import COMPARED, Kind
from govreport_core.model import Severity


class Deadline(Kind, frozen=True, tag="deadline"):
    """Agencies of these kinds publish by that day of the year after the report's.

    Without kinds it is for all; with `until`, for reports up to that year. A
    page's own date weighs `by_page` only: the page may have been moved.
    """

    month: int
    day: int
    by_page: Severity
    kinds: tuple[str, ...] = ()
    until: int | None = None

    fail_words = frozenset({"date", "due", "days"})


class Versions(Kind, frozen=True, tag="versions"):
    """Several readings of one report, of the same address or of others, have the same figures."""

    same_address: bool

    fail_words = COMPARED | {"date"}


class ImageOnly(Kind, frozen=True, tag="image_only"):
    """A document has text, not just images of it."""

    fail_words = frozenset({"file"})


class InColumn(Kind, frozen=True, tag="in_column"):
    """The report stands in the column of annual reports.

    Its column, where page or collector name it, has one of the words `right`;
    one of the words `maybe` doesn't tell. Else one of the `addresses` in the
    path of its address says so, and nothing says that it isn't.
    """

    right: tuple[str, ...]
    maybe: tuple[str, ...]
    addresses: tuple[str, ...]

    fail_words = frozenset({"column"})


class Download(Kind, frozen=True, tag="download"):
    """The report is a file with one of these endings, or its page links to one."""

    endings: tuple[str, ...]


class Coverage(Kind, frozen=True, tag="coverage"):
    """Each agency of the roster has a report for each year of the dataset."""

    fail_words = frozenset({"name", "year"})
    pass_words = frozenset({"name", "year"})
