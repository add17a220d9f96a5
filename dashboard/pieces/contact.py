"""A contact in, where it leads out: to write to it, and to report an error with what is wrong.

Only addresses of the web and of mail become links, whatever was given.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_WEB = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)
_NAME = r"[^\s@<>?&#:/,;\x00-\x1f]+"
# What an address can't have as it is: of other than ASCII, browsers see to letters themselves.
_ODD = re.compile(r"[\x00-\x7f]+|\W")
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
        return f"{link}?subject={_quoted(subject)}&body={_quoted(body)}"
    before = link.partition("#")[0]
    joined = "&" if "?" in before else "?"
    return f"{before}{joined}title={_quoted(subject)}&body={_quoted(body)}"


def _quoted(text: str) -> str:
    """A text as a part of an address; Chinese stays as it is, quoted it is three times as long."""
    return _ODD.sub(lambda odd: quote(odd[0], safe=""), text)
