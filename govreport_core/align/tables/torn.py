"""Labels of plain lines in, those marked doubtful whose figures a converter may have torn.

A page's marks within words and figures come out as spaces where a converter puts one
for each. A row with as many figures as columns may then have one torn and another blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from govreport_core.align.gathering import Gathering
from govreport_core.align.tables.items import Label
from govreport_core.align.vocabulary import key, vocabulary

# People put spaces into shorter words, and beside marks.
_LONG = 4
_WITHIN = re.compile(r"[^\W\d] [^\W\d]")


def doubt_torn(labels: Sequence[Label], gathered: Gathering) -> None:
    """Doubt all rows of plain lines where a label is torn, and a row has blanks."""
    if any(map(_is_torn, labels)) and any(_is_short(x, gathered) for x in labels):
        for label in labels:
            label.doubtful |= label.layout is None and bool(label.values)


def _is_torn(label: Label) -> bool:
    """Whether a space stands within a label's words, its figures beside it on the line."""
    if label.layout is not None or not label.values or len(key(label.text)) < _LONG:
        return False
    whole = label.match.how in ("exact", "alias")
    return whole and _WITHIN.search(label.text) is not None


def _is_short(label: Label, gathered: Gathering) -> bool:
    """Whether fewer figures than columns stand beside a row's label."""
    words = vocabulary(gathered.form_id).tables[label.match.table]
    row = label.match.code not in words.groups and label.added is None
    return row and label.layout is None and len(label.values or ()) < words.width
