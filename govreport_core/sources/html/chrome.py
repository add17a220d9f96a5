"""An element's names in, whether it is a site's furniture rather than its article out.

Only a first guess: what holds the report is kept whatever its names say.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+(?![a-z])")
_WORDS = frozenset(
    [
        "nav",
        "navbar",
        "navigation",
        "menu",
        "breadcrumb",
        "breadcrumbs",
        "crumb",
        "crumbs",
        "bread",
        "mbx",
        "dqwz",
        "weizhi",
        "position",
        "location",
        "share",
        "shares",
        "sharebox",
        "bdshare",
        "fenxiang",
        "jiathis",
        "qrcode",
        "qr",
        "ewm",
        "erweima",
        "footer",
        "foot",
        "bottom",
        "copyright",
        "copy",
        "banquan",
        "related",
        "relate",
        "relation",
        "xgwz",
        "xglj",
        "xgyd",
        "xgxx",
        "recommend",
        "tuijian",
        "hot",
        "sidebar",
        "aside",
        "leftnav",
        "rightnav",
        "pagination",
        "pager",
        "paging",
        "page",
        "prev",
        "next",
        "friendlink",
        "links",
        "toolbar",
        "tools",
        "tool",
        "fontsize",
        "search",
        "login",
        "accessibility",
        "barrier",
        "wza",
        "comment",
        "comments",
        "rating",
        "pingjia",
        "advert",
        "ads",
        "popup",
        "dialog",
        "modal",
        "tips",
        "weixin",
        "wechat",
        "weibo",
        "totop",
        "gotop",
        "backtop",
    ]
)
_STARTS = ("bdshare", "breadcrumb", "qrcode", "footer", "jiathis", "socialshare")
_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary", "dialog"])
_LONGEST = 300


@lru_cache(maxsize=4096)
def is_chrome(classes: str | None, name: str | None, role: str | None) -> bool:
    """Whether an element of these classes, id and role is navigation, sharing and the like."""
    if role in _ROLES:
        return True
    words = _WORD.findall(f"{classes or ''} {name or ''}"[:_LONGEST])
    return any((word := w.lower()) in _WORDS or word.startswith(_STARTS) for w in words)
