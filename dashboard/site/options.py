"""What who publishes a site says of it, and the languages it has; their folders."""

from __future__ import annotations

import msgspec

from dashboard import labels


class Options(msgspec.Struct, frozen=True):
    """How a site is made.

    Attributes:
        langs: Its languages; the first stands at the root, each other in a folder of its name.
        base_url: Where the site will stand, ending in `/`; empty where that isn't known: then
            pages say no address of their own, and there is no map of the site.
        title: Its name in place of the usual one.
        publisher: Who publishes it.
        contact: A mail or web address for what readers find wrong.
        licence: Under what the data may be used: a name or an address.
    """

    langs: tuple[str, ...] = tuple(labels.LANGUAGES)
    base_url: str = ""
    title: str = ""
    publisher: str = ""
    contact: str = ""
    licence: str = ""

    def folder(self, lang: str) -> str:
        """What the addresses of a language's pages begin with."""
        return "" if lang == self.langs[0] else f"{lang}/"

    def name(self, lang: str) -> str:
        """The site's name."""
        return self.title or labels.t("site.name", lang)


USUAL = Options()
"""All languages, and nothing said of who publishes it."""
