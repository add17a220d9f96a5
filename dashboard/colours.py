"""The palette in, the variables of app's and site's style sheets out: one colour for one thing."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The colours for light or for dark ground, as `#rrggbb`; `series` are those of charts."""

    ground: str
    raised: str
    panel: str
    ink: str
    faint: str
    line: str
    strong_line: str
    link: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    mark: str
    mark_ink: str
    hit: str
    hit_ink: str
    series: tuple[str, ...]

    def variables(self) -> dict[str, str]:
        """Each colour under the name that style sheets call it by."""
        named = {
            f"--gr-{name.replace('_', '-')}": getattr(self, name)
            for name in self.__struct_fields__
            if name != "series"
        }
        return named | {f"--gr-s{place}": colour for place, colour in enumerate(self.series)}


class Palette(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both grounds."""

    light: Ground
    dark: Ground


@cache
def palette() -> Palette:
    """The colours that ship with govreport."""
    text = files(__package__).joinpath("colours.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=Palette)


def sheet_by_reader() -> str:
    """For pages that follow the reader's own setting, in words that older browsers know.

    `data-theme` of the root, where the reader chose one on the page, goes before it.
    """
    light, dark = (_declared(ground.variables()) for ground in (palette().light, palette().dark))
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
    )


def sheet_by_scheme() -> str:
    """For pages whose elements say by `color-scheme` which ground they stand on."""
    dark = palette().dark.variables()
    both = {
        name: f"light-dark({colour},{dark[name]})"
        for name, colour in palette().light.variables().items()
    }
    return f":root{{{_declared(both)}}}\n"


def _declared(variables: dict[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in variables.items())
