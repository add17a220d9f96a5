"""What a report's card and an agency's page show of its peers."""

from __future__ import annotations

from govreport_core.model import Record


class PeerRow(Record, frozen=True, gc=False):
    """A figure beside those of its peers.

    Attributes:
        value: The agency's own, or why there is none.
        n: Peers whose figure is known and whose base is large enough, the agency itself among
            them where its own is.
        low, median, high: The quartiles in words; empty where there are too few.
        rank: From the highest down, in words, or why it isn't ranked.
        place: The same as a number; None where it isn't ranked.
    """

    code: str
    label: str
    value: str
    parts: str
    n: int
    low: str
    median: str
    high: str
    rank: str
    place: int | None


class Peers(Record, frozen=True, gc=False):
    """A report beside those of the same kind and level, region and year.

    Attributes:
        sentence: Who is meant, and how many.
        narrowed: Parameters of an address that list exactly these; empty where it is alone.
        rows: None where there are too few to say anything.
    """

    report_id: str
    sentence: str
    n: int
    narrowed: tuple[tuple[str, str], ...]
    rows: tuple[PeerRow, ...]
    notes: tuple[str, ...]
