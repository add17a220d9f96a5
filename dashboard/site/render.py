"""A template, a language's address and what is to be shown in, the page out.

A page of a list may be taken from an earlier site where it would be drawn from the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
import msgspec

from dashboard import labels
from dashboard.site import addresses, hashes
from dashboard.site.environment import environment
from dashboard.site.options import Options

File = tuple[str, bytes]

_ROOMS = frozenset((*addresses.ROOMS.values(), *addresses.MORE.values()))
# Stands for the same page in another language until it is known which page.
_LINK = "\ue004{}\ue005"


class Other(msgspec.Struct, frozen=True):
    """The same page in another language: `link` from here, `url` where the site's is known."""

    lang: str
    tag: str
    name: str
    link: str
    url: str


Told = tuple[bytes, bytes]
"""Hashes of what a page was drawn from, and of the page."""


class Drawn(msgspec.Struct, frozen=True):
    """An earlier site, and what is told of some of its pages, by their addresses."""

    site: Path = Path()
    told: Mapping[str, Told] = {}


NOTHING = Drawn()


class Draw:
    """Draws the pages of a language.

    In a template `root` leads to the language's first folder, `assets` to the site's: to what
    is of no language, `static/` and the files of data among it. `names` are there in each. `told`
    is of the pages that the next build may take from this one.
    """

    def __init__(self, lang: str, options: Options, before: Drawn = NOTHING, **names: Any) -> None:
        self.lang = lang
        self.options = options
        self.names = names
        self.folder = options.folder(lang)
        self._templates = environment(lang, options, **names)
        self._loaded: dict[str, jinja2.Template] = {}
        self._frames: dict[str, tuple[str, str]] = {}
        self._before = before
        self._given: dict[str, tuple[object, bytes]] = {}
        self._common = msgspec.json.encode((lang, options, names))
        self.told: dict[str, Told] = {}

    def __call__(self, address: str, template: str, **names: Any) -> File:
        """A page, and its address in the site.

        Args:
            address: Below the language's folder.
            template: A file of `templates/`.
            names: What is there in it.
        """
        text = self.template(template).render(self.about(address) | names)
        return self.folder + address, text.encode("utf-8")

    def again(self, address: str, template: str, **names: Any) -> File:
        """The same; taken from the earlier site if it was drawn from the same.

        Args:
            address: Below the language's folder.
            template: A file of `templates/`.
            names: What is there in it: nothing but data.
        """
        given = [
            part for name, one in names.items() for part in (name.encode(), self._of(name, one))
        ]
        source = hashes.of([hashes.program(), self._common, template.encode(), *given])
        path = self.folder + address
        was, page = self._before.told.get(path, (b"", b""))
        content = self._earlier(path, page) if was == source else None
        content = self(address, template, **names)[1] if content is None else content
        self.told[path] = source, hashes.of([content])
        return path, content

    def _of(self, name: str, given: object) -> bytes:
        """The hash of what is given; many pages in turn are given the same."""
        last, told = self._given.get(name, (None, b""))
        if last is not given or last is None:
            told = hashes.of([msgspec.msgpack.encode(given)])
            self._given[name] = given, told
        return told

    def _earlier(self, path: str, told: bytes) -> bytes | None:
        """A page of the earlier site, if it is there and as it was."""
        try:
            content = (self._before.site / path).read_bytes()
        except OSError:
            return None
        return content if hashes.of([content]) == told else None

    def template(self, name: str) -> jinja2.Template:
        """A template, made ready once."""
        if name not in self._loaded:
            self._loaded[name] = self._templates.get_template(name)
        return self._loaded[name]

    def about(self, address: str) -> dict[str, Any]:
        """What every page is told of where it stands."""
        root = addresses.to_root(address)
        assets = addresses.to_root(self.folder + address)
        others = self._others(address, assets)
        top, foot = self._frame(address, root, assets)
        for one in others:
            top = top.replace(_LINK.format(one.lang), one.link)
        return {
            "top": top,
            "foot": foot,
            "root": root,
            "assets": assets,
            "address": address,
            "link": self.link(address),
            "listed": lambda **asked: root + addresses.listed(**asked),
            "canonical": self._url(self.lang, address),
            "others": others,
        }

    def _frame(self, address: str, root: str, assets: str) -> tuple[str, str]:
        """What stands above and below a page: drawn once a folder, and for each room."""
        room = addresses.room(address)
        key = address if address in _ROOMS else f"{root} {assets} {room}"
        if key not in self._frames:
            others = [
                msgspec.structs.replace(one, link=_LINK.format(one.lang))
                for one in self._others(address, assets)
            ]
            names = {"root": root, "assets": assets, "address": address, "others": others}
            drawn = [
                self.template(name).render(names | {"room": room})
                for name in ("top.html", "foot.html")
            ]
            self._frames[key] = drawn[0], drawn[1]
        return self._frames[key]

    def link(self, address: str) -> Callable[[str, str], str]:
        """What gives the way from a page to one of a kind: of a report, a rule, an agency."""
        root = addresses.to_root(address)
        return lambda kind, name: root + getattr(addresses, kind)(name)

    def _others(self, address: str, assets: str) -> list[Other]:
        return [
            Other(
                lang=lang,
                tag=labels.LANGUAGES[lang].tag,
                name=labels.LANGUAGES[lang].name,
                link=f"{assets}{self.options.folder(lang)}{address}",
                url=self._url(lang, address),
            )
            for lang in self.options.langs
        ]

    def _url(self, lang: str, address: str) -> str:
        if not self.options.base_url:
            return ""
        path = self.options.folder(lang) + address
        return self.options.base_url + addresses.without_index(path)
