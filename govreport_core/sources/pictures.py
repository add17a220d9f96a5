"""A picture's size and names in, whether it may show text, and the note that it stands there out.

A table that is a picture must not look as if the report had none: a reader notes
where the picture stands, and `align` doubts what isn't found there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from govreport_core.model import Diagnostic, Level, Part

CODE = "picture_in_report"

# Points, pixels: a table of seven columns isn't readable in less.
LEAST_WIDTH = 200
LEAST_HEIGHT = 40
MAX_NOTED = 40
_QUOTED = 40

_ORNAMENT = re.compile(
    r"icon|logo|banner|qr|ewm|erweima|weixin|wechat|weibo|share|beian|gongan|button|btn|arrow"
    r"|dzjg|jiucuo|red\.png|blue\.png|bg[._-]|line\.|dot\.|blank|spacer|filetype|emblem|avatar"
    r"|(?:^|[/_-])(?:docx?|pdf|xlsx?|wps|zip|rar|word|excel|print|close)\.(?:gif|png|jpe?g|svg)"
    r"|二维码|图标|徽标|国徽|扫一扫|微信|微博|印章|公章|打印|分享",
    re.IGNORECASE,
)
_NAME = 120


def may_show_text(names: str, width: float | None = None, height: float | None = None) -> bool:
    """Whether a picture is more than an ornament, as far as its names and size tell.

    Args:
        names: Its address, caption, classes; only the last of a long one count.
        width: As shown, in points or pixels; None where that isn't known.
        height: Likewise.
    """
    if width is not None and width < LEAST_WIDTH:
        return False
    if height is not None and height < LEAST_HEIGHT:
        return False
    return not _ORNAMENT.search(names[-_NAME:])


def noted(after: Iterable[Part]) -> tuple[Diagnostic, ...]:
    """A note for each picture, placed at the part it follows; several after one part are one."""
    found: dict[str, Diagnostic] = {}
    for part in after:
        words = " ".join(part.text.split())[:_QUOTED]
        note = Diagnostic(Level.NOTE, CODE, {"after": words}, part.part, 0, None, len(part.text))
        found.setdefault(part.part, note)
        if len(found) >= MAX_NOTED:
            break
    return tuple(found.values())
