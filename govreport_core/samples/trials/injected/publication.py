"""A sound report in, the same published late, twice, as a picture or not at all out."""

from __future__ import annotations

import msgspec

from govreport_core.model import Evidence
from govreport_core.samples.chance import below, pick
from govreport_core.samples.draw import dated
from govreport_core.samples.faults import DEPARTMENTS, Setting, blamed
from govreport_core.samples.sample import Key, Sample
from govreport_core.samples.trials.injected.scene import History, Scene, changed, faults, number

_BELOW = ("township", "subdistrict")
_DECISIONS: tuple[Key, ...] = (
    ("t2_art20_5", "administrative_licensing", "decisions"),
    ("t2_art20_6", "administrative_penalty", "decisions"),
)


def late_government(sample: Sample, setting: Setting) -> Sample | None:
    """A government publishes after 31 March."""
    if sample.agency.kind != "government":
        return None
    date = f"{sample.year + 1}-{4 + below(setting.rng, 3):02}-{1 + below(setting.rng, 28):02}"
    return blamed(dated(sample, date), "late_government", ("p_deadline_government", ["report"]))


def late_township(sample: Sample, setting: Setting) -> Sample | None:
    """A township publishes after January."""
    if sample.agency.kind not in _BELOW:
        return None
    date = f"{sample.year + 1}-{2 + below(setting.rng, 3):02}-{1 + below(setting.rng, 28):02}"
    return blamed(dated(sample, date), "late_township", ("p_deadline_township", ["report"]))


def undated(history: History, _: Setting) -> Scene | None:
    """Nobody says when it was published: neither in time nor late."""
    sample = history[-1]
    rule = {
        **dict.fromkeys(DEPARTMENTS, "p_deadline_department"),
        **dict.fromkeys(_BELOW, "p_deadline_township"),
        "government": "p_deadline_government",
    }.get(sample.agency.kind)
    if rule is None or not sample.title:
        return None
    sample = msgspec.structs.replace(sample, published_on="", signature=())
    return Scene(sample, skips=faults("undated", rule, ["report"]))


def changed_after(history: History, setting: Setting) -> Scene | None:
    """Captured again at the same address with another figure."""
    return _copied("changed_after", "p_changed_after", history[-1], setting)


def versions_conflict(history: History, setting: Setting) -> Scene | None:
    """Found at another address with another figure."""
    scene = _copied("versions_conflict", "p_versions_conflict", history[-1], setting)
    return scene and msgspec.structs.replace(scene, same_address=False)


def _copied(kind: str, check: str, sample: Sample, setting: Setting) -> Scene:
    key = pick(setting.rng, _DECISIONS)
    other = changed(sample, {key: number(sample, *key) + 1 + below(setting.rng, 9)}, setting)
    found = msgspec.structs.replace(sample, faults=faults(kind, check, [".".join(key)]))
    return Scene(found, copy=other)


def wrong_column(history: History, setting: Setting) -> Scene | None:
    """The page says that it stands among the news."""
    column = pick(setting.rng, ("首页>工作动态", "新闻中心", "通知公告"))
    told = Evidence("column", column, chosen=True, rule="metadata")
    found = faults("wrong_column", "p_place", ["report"])
    return Scene(msgspec.structs.replace(history[-1], faults=found), evidence=(told,))


def no_file(history: History, _: Setting) -> Scene | None:
    """The page has links, and none to a file."""
    told = Evidence("attachment", "", chosen=True, rule="metadata")
    found = faults("no_file", "p_download", ["report"])
    return Scene(msgspec.structs.replace(history[-1], faults=found), evidence=(told,))


def pictures(history: History, _: Setting) -> Scene | None:
    """The document holds images only."""
    found = faults("pictures", "p_image_only", ["report"])
    return Scene(msgspec.structs.replace(history[-1], faults=found), pictures=True)


def missing(history: History, _: Setting) -> Scene | None:
    """The roster lists the agency, and there is no report."""
    found = faults("missing", "h_coverage", ["report"])
    return Scene(msgspec.structs.replace(history[-1], faults=found), missing=True)
