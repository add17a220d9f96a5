"""A sound report in, the same with prose that its tables or its duties contradict out."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from govreport_core.errors import GovReportError
from govreport_core.forms import within
from govreport_core.samples.chance import below, pick
from govreport_core.samples.draw import retold
from govreport_core.samples.faults import T3, T4, TOTAL, Setting, blamed
from govreport_core.samples.pools import places, prose
from govreport_core.samples.sample import Key, Sample
from govreport_core.samples.trials.injected.figures import DOCUMENTS
from govreport_core.samples.trials.injected.scene import number

_LENGTH = 1_100
_BASES = ("disposed_total", "requests_received", "requests_carried_over")
_MOST_POINTS = 0.4
"""Percentage points that a wrong share lies away from every right one, at least."""


OF_AN_AREA = ("government", "government_office")
"""Kinds of agencies whose figures may be those of a whole area."""
_OWN = (
    *("本机关", "本级", "本单位", "本办", "我办", "我室", "全市", "全县", "全区", "全镇"),
    *("政府共收", "政府新收", "政府收到", "政府没有收到"),
    *("各部门", "各单位", "各镇", "各街道", "各区", "下级", "下属", "所属", "辖区", "系统"),
)
"""Words that may say whose figures they are, whatever they were meant to say."""


class Sentences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sentences.toml`."""

    percent: tuple[str, ...]
    all_upheld: tuple[str, ...]
    issued: tuple[str, ...]
    period: tuple[str, ...]
    one_aspect: tuple[str, ...]
    parts: tuple[str, ...]
    fee: tuple[str, ...]
    foreign: tuple[str, ...]
    long: tuple[str, ...]
    nothing: tuple[str, ...]
    problem_alone: tuple[str, ...]
    measure_alone: tuple[str, ...]
    no_fee_told: tuple[str, ...]
    stale: tuple[str, ...]
    plan: tuple[str, ...]
    forwarded: tuple[str, ...]
    leftover: tuple[str, ...]
    growth: tuple[str, ...]
    generic: tuple[str, ...]
    generic_problems: tuple[str, ...]


@cache
def sentences() -> Sentences:
    """The sentences of faults; those of sound reports are in `pools`."""
    text = files(__package__).joinpath("sentences.toml").read_text(encoding="utf-8")
    try:
        return msgspec.toml.decode(text, type=Sentences)
    except msgspec.DecodeError as error:
        msg = f"sentences.toml: {error}"
        raise GovReportError(msg) from error


def prose_disposed(sample: Sample, setting: Setting) -> Sample | None:
    """The prose says another number of requests disposed of than the table."""
    total, received, forward = (
        number(sample, T3, row, TOTAL)
        for row in ("disposed_total", "requests_received", "requests_carried_forward")
    )
    wrong = total + 1 + below(setting.rng, 6)
    if wrong in (total, received, received - forward):
        wrong += 7
    told = _told(
        sample, "prose_disposed", "n_disposed", {(T3, "disposed_total", TOTAL): wrong}, setting
    )
    # A sentence that doesn't name what was disposed of is read as saying nothing.
    named = [s for text in (told.overview if told else ()) for s in text.split("。") if "申请" in s]
    return told if any(f"办结{int(wrong)}件" in sentence for sentence in named) else None


def prose_outcome(sample: Sample, setting: Setting) -> Sample | None:
    """The prose says another number granted, denied or unable than the table."""
    row = pick(
        setting.rng,
        ("granted_full", "granted_partial", "denied_third_party_rights", "unable_not_held"),
    )
    wrong = number(sample, T3, row, TOTAL) + 1 + below(setting.rng, 4)
    return _told(sample, "prose_outcome", "n_outcome_mix", {(T3, row, TOTAL): wrong}, setting)


def prose_review(sample: Sample, setting: Setting) -> Sample | None:
    """The prose says another number of reviews than the table."""
    wrong = number(sample, T4, "cases", "review_total") + 1 + below(setting.rng, 3)
    return _told(
        sample, "prose_review", "n_review", {(T4, "cases", "review_total"): wrong}, setting
    )


def prose_litigation(sample: Sample, setting: Setting) -> Sample | None:
    """The prose says another number of suits than the table."""
    groups = ("litigation_direct", "litigation_after_review")
    suits = sum(number(sample, T4, "cases", f"{group}_total") for group in groups)
    own = number(sample, T4, "cases", "litigation_direct_total")
    wrong = own + suits + 1 + below(setting.rng, 3)
    key: Key = (T4, "cases", "litigation_direct_total")
    return _told(sample, "prose_litigation", "n_review", {key: wrong}, setting)


def prose_documents(sample: Sample, setting: Setting) -> Sample | None:
    """The prose says another number of normative documents than the table."""
    column = pick(setting.rng, ("issued", "repealed", "in_force"))
    if not within(sample.form, "form_2021..") or not number(sample, *DOCUMENTS, "issued"):
        return None
    wrong = number(sample, *DOCUMENTS, column) + 1 + below(setting.rng, 4)
    return _told(sample, "prose_documents", "n_normative", {(*DOCUMENTS, column): wrong}, setting)


def prose_issued(sample: Sample, setting: Setting) -> Sample | None:
    """The prose says that documents were issued; the table has none."""
    if not within(sample.form, "form_2021..") or number(sample, *DOCUMENTS, "issued"):
        return None
    sentence = pick(setting.rng, sentences().issued).format(number=1 + below(setting.rng, 5))
    return blamed(_added(sample, sentence), "prose_issued", ("t2_21_all_zero_text", ["report"]))


def prose_percent(sample: Sample, setting: Setting) -> Sample | None:
    """A share that follows from none of the bases it may have."""
    granted = number(sample, T3, "granted_full", TOTAL)
    bases = [number(sample, T3, row, TOTAL) for row in _BASES]
    may = [100 * granted / base for base in (*bases, sum(bases[1:])) if base]
    if not granted or not may:
        return None
    said = round(may[0] * (0.4 + 0.4 * setting.rng.random()), 1)
    if any(abs(said - right) < _MOST_POINTS for right in may):
        return None
    sentence = pick(setting.rng, sentences().percent).format(number=int(granted), percent=said)
    return blamed(_added(sample, sentence), "prose_percent", ("n_percent", ["report"]))


def prose_upheld(sample: Sample, setting: Setting) -> Sample | None:
    """All reviews upheld, says the prose; some were corrected or are open, says the table."""
    against = [number(sample, T4, "cases", f"review_{how}") for how in ("corrected", "pending")]
    if not any(against):
        return None
    sentence = pick(setting.rng, sentences().all_upheld)
    return blamed(_added(sample, sentence), "prose_upheld", ("n_all_upheld", ["report"]))


def wrong_period(sample: Sample, setting: Setting) -> Sample | None:
    """The statistical period is that of the year before."""
    intro = pick(setting.rng, sentences().period).format(last_year=sample.year - 1)
    if not sample.title:
        return None
    sample = msgspec.structs.replace(sample, intro=intro)
    return blamed(sample, "wrong_period", ("n_period", ["report"]))


def stale_text(sample: Sample, _: Setting) -> Sample | None:
    """Section one speaks of the year before alone."""
    own, last = f"{sample.year}年", f"{sample.year - 1}年"
    if not sample.overview[0].startswith(own) or not sample.title:
        return None
    overview = tuple(text.replace(own, last) for text in sample.overview)
    if any(str(sample.year) in text for text in overview):
        return None
    sample = msgspec.structs.replace(sample, overview=overview)
    return blamed(sample, "stale_text", ("n_stale_year", ["s1_overview"]))


def stale_paragraph(sample: Sample, setting: Setting) -> Sample | None:
    """A paragraph of section one is that of the year before."""
    if not sample.title:
        return None
    told = pick(setting.rng, sentences().stale).format(
        last_year=sample.year - 1, posts=20 + below(setting.rng, 300)
    )
    sample = msgspec.structs.replace(sample, overview=(*sample.overview, told))
    return blamed(sample, "stale_paragraph", ("n_stale_year", ["s1_overview"]))


def old_plan(sample: Sample, setting: Setting) -> Sample | None:
    """Section five plans for the year that the report is about."""
    if not sample.title:
        return None
    told = pick(setting.rng, sentences().plan).format(year=sample.year)
    sample = msgspec.structs.replace(sample, problems=(*sample.problems, told))
    return blamed(sample, "old_plan", ("n_plan_own_year", ["s5_problems"]))


def leftover(sample: Sample, setting: Setting) -> Sample | None:
    """A sentence of a template was never filled in."""
    sample = _added(sample, pick(setting.rng, sentences().leftover))
    return blamed(sample, "leftover", ("n_leftovers", ["s1_overview"]))


def no_problems(sample: Sample, setting: Setting) -> Sample | None:
    """Section five says nothing, or only half of what it is to say."""
    words = sentences()
    pool = pick(setting.rng, (words.nothing, words.problem_alone, words.measure_alone))
    sample = msgspec.structs.replace(sample, problems=(pick(setting.rng, pool),))
    return blamed(sample, "no_problems", ("n_section5_empty", ["s5_problems"]))


def one_aspect(sample: Sample, setting: Setting) -> Sample | None:
    """Section one speaks of disclosure alone."""
    if not within(sample.form, "form_2021..") or sample.agency.kind == "government":
        return None
    profile = places().profiles[sample.agency.profile]
    told = pick(setting.rng, sentences().one_aspect).format(
        year=sample.year, self=profile.self, topic=profile.topics[0]
    )
    sample = msgspec.structs.replace(sample, overview=(told,))
    return blamed(sample, "one_aspect", ("n_five_aspects", ["s1_overview"]))


def too_long(sample: Sample, setting: Setting) -> Sample | None:
    """Section one is longer than some places allow."""
    if not within(sample.form, "form_2021.."):
        return None
    profile = places().profiles[sample.agency.profile]
    more: list[str] = []
    while sum(map(len, (*sample.overview, *more))) <= _LENGTH:
        told = pick(setting.rng, sentences().long)
        more.append(told.format(self=profile.self, topic=pick(setting.rng, profile.topics)))
    sample = msgspec.structs.replace(sample, overview=(*sample.overview, *more))
    return blamed(sample, "too_long", ("n_length", ["s1_overview"]))


def no_fee_told(sample: Sample, setting: Setting) -> Sample | None:
    """Section six doesn't speak of the fee."""
    if not within(sample.form, "form_2021..") or number(sample, T3, "other_fee_unpaid", TOTAL):
        return None
    sample = msgspec.structs.replace(sample, other=(pick(setting.rng, sentences().no_fee_told),))
    return blamed(sample, "no_fee_told", ("n_fee_section6", ["s6_other"]))


def fee_without_notice(sample: Sample, setting: Setting) -> Sample | None:
    """A request ended with a fee unpaid, and section six knows of no fee."""
    if not within(sample.form, "form_2021..") or not number(sample, T3, "other_fee_unpaid", TOTAL):
        return None
    sample = msgspec.structs.replace(sample, other=(pick(setting.rng, sentences().no_fee_told),))
    return blamed(
        sample,
        "fee_without_notice",
        ("t3_fee_unpaid_needs_notice", ["s6_other"]),
        ("n_fee_section6", ["s6_other"]),
    )


def fee_above_fees(sample: Sample, setting: Setting) -> Sample | None:
    """More information-handling fees received than fees of any kind in table two."""
    fees = number(sample, "t2_art20_8", "administrative_fees", "fee_amount")
    if not within(sample.form, "form_2021..") or number(sample, T3, "other_fee_unpaid", TOTAL):
        return None
    amount = int(10_000 * fees) + 10_000 + 100 * below(setting.rng, 50)
    told = pick(setting.rng, sentences().fee).format(year=sample.year, amount=amount)
    sample = msgspec.structs.replace(sample, other=(told,))
    return blamed(sample, "fee_above_fees", ("t2_21_fee_ge_info_fee", ["report"]))


def parts_listed(sample: Sample, setting: Setting) -> Sample | None:
    """The introduction counts six parts and lists five."""
    intro = pick(setting.rng, sentences().parts)
    if sample.agency.kind in OF_AN_AREA:
        return None
    sample = msgspec.structs.replace(sample, intro=intro)
    return blamed(sample, "parts_listed", ("s_intro_parts_mismatch", ["report"]))


def scope_undeclared(sample: Sample, _: Setting) -> Sample | None:
    """A government doesn't say whether its figures are its own or its area's."""
    if sample.agency.kind not in OF_AN_AREA or sample.intro is None:
        return None
    sample = msgspec.structs.replace(sample, intro=None)
    texts = (*sample.overview, *sample.problems, *sample.other)
    if any(word in text for text in texts for word in _OWN):
        return None
    return blamed(sample, "scope_undeclared", ("t3_scope_undeclared", ["report"]))


def no_assessment(sample: Sample, _: Setting) -> Sample | None:
    """A government doesn't speak of assessment, appraisal and accountability."""
    if sample.agency.kind != "government":
        return None
    overview = sample.overview
    for sentence in prose().government_only.supervision:
        overview = tuple(text.replace(sentence, "") for text in overview)
    if overview == sample.overview:
        return None
    sample = msgspec.structs.replace(sample, overview=overview)
    return blamed(sample, "no_assessment", ("n_gov_assessment", ["report"]))


def _told(
    sample: Sample, kind: str, check: str, wrong: dict[Key, float], setting: Setting
) -> Sample | None:
    """The prose told as if these were the figures; None where it says none of them."""
    said = retold(sample, {**sample.numbers, **wrong}, seed=setting.seed)
    if said.overview == sample.overview:
        return None
    return blamed(said, kind, (check, ["report"]))


def _added(sample: Sample, sentence: str) -> Sample:
    *first, last = sample.overview
    return msgspec.structs.replace(sample, overview=(*first, last + sentence))
