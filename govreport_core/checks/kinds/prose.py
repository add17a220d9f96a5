"""The kinds that hold the prose against the tables."""

from __future__ import annotations

from govreport_core.checks.kinds.base import COMPARED, Kind


class ClaimEqual(Kind, frozen=True, tag="claim_equal"):
    """The figures the prose states are the table's.

    Attributes:
        none_told: Cells of which another rule tells that there are some, or none, against
            the prose: one fault is one finding.
    """

    claims: tuple[str, ...]
    none_told: tuple[str, ...] = ()

    fail_words = COMPARED | {"text", "mismatches"}
    pass_words = COMPARED


class ClaimPresence(Kind, frozen=True, tag="claim_presence"):
    """The prose says there were none where the table has none, and only there."""

    claims: tuple[str, ...]

    fail_words = COMPARED | {"text", "mismatches"}
    pass_words = COMPARED
    cases = frozenset({"none_but_some", "some_but_none"})


class ClaimAgrees(Kind, frozen=True, tag="claim_agrees"):
    """What the prose states of a matter is one of the table's figures that it may mean."""

    claims: tuple[str, ...]

    fail_words = frozenset({"text", "actual", "mismatches"})
