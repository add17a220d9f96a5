"""A report in, a PDF out: ruled tables that run over pages, as a word processor prints them.

The header's rows may stand again on each page, rows and merged labels break where
a page ends, pages carry numbers and a line above, may be turned or lie across.
"""

from __future__ import annotations

from random import Random

from govreport_core.samples.chance import below, chance, happens, pick
from govreport_core.samples.paper import CENTRE, LEFT, PORTRAIT, RIGHT, Noise
from govreport_core.samples.ruled import Printer
from govreport_core.samples.sample import Sample
from govreport_core.samples.sheet import blocks
from govreport_core.samples.style import style_of

# Without ruling lines blank cells can't be seen; the readers' own tests print those.
_RULES = ("lines", "lines", "rects", "boxes", "path", "open")
_NUMBERS = ("- {} -", "— {} —", "{}", "第{}页", None)
_WIDE = (PORTRAIT[1], PORTRAIT[0])


def render_pdf(sample: Sample, *, seed: int = 1, packed: bool = True) -> bytes:
    """The report as a PDF; `packed` says whether its pages' content is compressed."""
    rng = chance(seed, sample.agency.agency_id, sample.year, "pdf")
    content = blocks(sample, style_of(sample, rng))
    noise = _drawn(sample, rng, packed)
    # Wide figures would be broken in the narrow cells of an upright page.
    wide = happens(rng, 0.2) or "full_width" in sample.noise
    printer = Printer(noise, _WIDE if wide else PORTRAIT, 75.0 if not wide else 50.0)
    printer.canvas.setTitle("".join(sample.title))
    return printer.document(content)


def _drawn(sample: Sample, rng: Random, packed: bool) -> Noise:
    return Noise(
        rules=pick(rng, _RULES),
        split_rows=happens(rng, 0.4),
        repeat=happens(rng, 0.5),
        number=pick(rng, _NUMBERS),
        header=f"{sample.agency.name}文件" if happens(rng, 0.15) else None,
        turn=pick(rng, (0, 0, 0, 0, 0, 0, 90, 180, 270)),
        watermark="内部资料" if happens(rng, 0.1) else None,
        bold=happens(rng, 0.1),
        shift=pick(rng, (0.0, 0.0, 14.0)),
        lead=pick(rng, (1.2, 1.4, 1.8)),
        size=9.0,
        start=float(below(rng, 400)),
        values=pick(rng, (CENTRE, CENTRE, LEFT, RIGHT)),
        packed=packed,
    )
