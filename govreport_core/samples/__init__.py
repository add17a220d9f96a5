"""The inverse of sources/: a seed in, fictional reports with known answers out.

`write_samples` writes a folder of them; `draw_report`, `draw_history` and `render`
are the same without files, `random_numbers` fills a form without regard to sums.
"""

from govreport_core.samples.answers import Answer, Answers, expected_cells, read_answers
from govreport_core.samples.draw import draw_history, draw_report, render
from govreport_core.samples.files import FILES, render_file
from govreport_core.samples.layouts import LAYOUTS
from govreport_core.samples.noise import with_noise
from govreport_core.samples.numbers import FORMS, form_cells, random_numbers
from govreport_core.samples.roster import agencies
from govreport_core.samples.sample import Agency, Fault, Sample
from govreport_core.samples.write import Summary, write_samples

__all__ = [
    "FILES",
    "FORMS",
    "LAYOUTS",
    "Agency",
    "Answer",
    "Answers",
    "Fault",
    "Sample",
    "Summary",
    "agencies",
    "draw_history",
    "draw_report",
    "expected_cells",
    "form_cells",
    "random_numbers",
    "read_answers",
    "render",
    "render_file",
    "with_noise",
    "write_samples",
]
