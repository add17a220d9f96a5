"""`trial.json` in, how the checks fared on fictional reports out: what the methodology shows.

`python -m govreport_core.samples.trials.trial --json FILE` writes it. It is read from here, as
a site need not import for it all that draws samples.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from govreport_core.errors import GovReportError


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of injected fault.

    Attributes:
        checks: The rules that are to find it.
        prose: Whether it is one of words, which are held to 98% instead of 100%.
        reports: In how many reports it was put.
        found: In how many it was found and blamed on the right place.
        beyond: What else failed there without being explained by it, by check.
    """

    kind: str
    checks: tuple[str, ...]
    prose: bool
    reports: int
    found: int
    beyond: dict[str, int]


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured in one run.

    Attributes:
        clean: Reports in which nothing is wrong.
        failures: What failed on them nonetheless, by severity.
    """

    seed: int
    clean: int
    failures: dict[str, int]
    kinds: tuple[Measured, ...]

    def written(self) -> bytes:
        """JSON, one kind a line so that changes can be seen."""
        kinds = b",\n".join(msgspec.json.encode(kind) for kind in self.kinds)
        head = msgspec.json.encode(
            {"seed": self.seed, "clean": self.clean, "failures": self.failures}
        )
        return head[:-1] + b',"kinds":[\n' + kinds + b"\n]}\n"


@cache
def measured() -> Trial:
    """The figures that ship with govreport.

    Raises:
        GovReportError: The file is of another shape: a mistake of ours.
    """
    try:
        text = files(__package__).joinpath("samples", "trials", "trial.json").read_bytes()
        return msgspec.json.decode(text, type=Trial)
    except (OSError, msgspec.DecodeError) as error:
        msg = f"trial.json: {error}"
        raise GovReportError(msg) from error
