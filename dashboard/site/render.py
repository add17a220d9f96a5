"""A template, a language's address and what is to be shown in, the page out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jinja2
import msgspec

from dashboard import labels
from dashboard.site import addresses
from dashboard.site.environment import environment
from dashboard.site.options import Options

File = tuple[str, bytes]

_ROOMS = frozenset((*addresses.ROOMS.values(), *addresses.MORE.values()))
# Stands for the same page in another language until it is known which page.
_LINK = "\x00{}\x00"


class Other(msgspec.Struct, frozen=True):
    """The same page in another language: `link` from here, `url` where the site's is known."""

    lang: str
    tag: str
    name: str
    link: str
    url: str


class Draw:
    """Draws the pages of a language.

    In a template `root` leads to the language's first folder, `assets` to the site's: to what
    is of no language, `static/` and the files of data among it. `names` are there in each.
    """

    def __init__(self, lang: str, options: Options, **names: Any) -> None:
        self.lang = lang
        self.options = options
        self.names = names
        self.folder = options.folder(lang)
        self._templates = environment(lang, options, **names)
        self._loaded: dict[str, jinja2.Template] = {}
        self._frames: dict[str, tuple[str, str]] = {}

    def __call__(self, address: str, template: str, **names: Any) -> File:
        """A page, and its address in the site.

        Args:
            address: Below the language's folder.
            template: A file of `templates/`.
            names: What is there in it.
        """
        text = self.template(template).render(self.about(address) | names)
        return self.folder + address, text.encode("utf-8")

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
        key = address if address in _ROOMS else f"{root} {assets}"
        if key not in self._frames:
            others = [
                msgspec.structs.replace(one, link=_LINK.format(one.lang))
                for one in self._others(address, assets)
            ]
            names = {"root": root, "assets": assets, "address": address, "others": others}
            drawn = [self.template(name).render(names) for name in ("top.html", "foot.html")]
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
