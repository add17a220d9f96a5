"""A contact in, where it leads out: to write to it, and to report an error with what is wrong.

Only addresses of the web and of mail become links, whatever was given.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

_WEB = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)
_NAME = r"[^\s@<>?&#:/,;\x00-\x1f]+"
_MAIL = re.compile(f"(?:mailto:)?({_NAME}@{_NAME})", re.IGNORECASE)


def contact_link(contact: str) -> str:
    """Where a contact leads: an address of the web, or one to write to; else empty."""
    if _WEB.fullmatch(contact):
        return contact
    mail = _MAIL.fullmatch(contact)
    return f"mailto:{mail[1]}" if mail else ""


def error_link(contact: str, subject: str, body: str) -> str:
    """Where an error is reported, with what is wrong filled in; empty where no contact is known.

    A form of issues takes `title` and `body`, as those of code hosts do. What is added to the
    end of the address is added to the body.

    Args:
        contact: A mail or web address.
        subject: One line.
        body: What it is about.
    """
    link = contact_link(contact)
    if not link:
        return ""
    subject = " ".join(subject.split())
    if link.startswith("mailto:"):
        return f"{link}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
    before = link.partition("#")[0]
    joined = "&" if "?" in before else "?"
    asked = urlencode({"title": subject, "body": body}, quote_via=quote, safe="")
    return f"{before}{joined}{asked}"
