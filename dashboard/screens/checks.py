"""The checks screen: which rules, how often they fail, and in which reports."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import labels
from dashboard.labels import t
from dashboard.screens import cached, circular, frame, markup, worklist
from dashboard.screens.address import Shown
from dashboard.views import records
from govreport_core.model import Severity

# Agencies or regions seen before the others are unfolded.
FIRST = 10
# What else of the checks there is to see, by what the address calls it.
TABS: dict[str, Callable[[Shown], None]] = {
    "worklist": worklist.screen,
    "circular": circular.screen,
}
_WEIGHT = {severity: place for place, severity in enumerate(Severity)}


def screen(shown: Shown) -> None:
    """Draw the rule that the address names, or all of them, with their results."""
    tab = shown.parameters.get("tab", "")
    if tab and tab not in TABS:
        frame.lacking(shown, "checks", "tab", "elsewhere")
    if tab in TABS:
        st.header(t(f"checks.tab_{tab}", shown.lang), anchor=False)
        _tabs(tab, shown)
        TABS[tab](shown)
        return
    code = shown.parameters.get("rule", "")
    rule = cached.rule(shown, code) if code else None
    if rule is not None:
        render_rule(rule, shown)
    else:
        render(cached.checks(shown), shown)


def render(view: records.ChecksView, shown: Shown) -> None:
    """Draw what fails, by rule, agency and region, then the results; all rules stand last."""
    lang = shown.lang
    st.header(t("app.checks", lang), anchor=False)
    _tabs("", shown)
    failing = sorted(
        (rule for rule in view.rules if rule.reports_failed or rule.counts.failed),
        key=lambda rule: (_WEIGHT[Severity(rule.severity)], -rule.reports_failed),
    )
    grave = [rule for rule in failing if rule.severity != Severity.INFO]
    markup.draw("counts", shown, counts=view.counts)
    markup.draw("rules", shown, rules=grave, title=t("app.by_rule", lang), folded="")
    if light := failing[len(grave) :]:
        folded = t("app.remarks_too", lang, n=labels.number(len(light)))
        markup.draw("rules", shown, rules=light, title="", folded=folded)
    groups = cached.groups(shown)
    agencies = [row for row in groups.agencies if row.failing]
    for title, head, rows, total in (
        ("app.by_agency", "app.agency", agencies, groups.failing),
        ("app.by_region", "app.filter_region", groups.regions, groups.places),
    ):
        if rows:
            names = {"title": t(title, lang), "head": t(head, lang), "total": total}
            markup.draw("groups", shown, rows=rows, first=FIRST, **names)
    markup.draw("findings", shown, findings=view.findings, found=view.found, chosen="")
    with st.expander(t("app.catalogue", lang, n=len(view.rules))):
        markup.draw("rules", shown, rules=view.rules, title="", folded="")


def _tabs(here: str, shown: Shown) -> None:
    rule = shown.parameters.get("rule", "")
    markup.draw("checks_tabs", shown, tabs=["", *TABS], here=here, rule=rule)


def render_rule(view: records.RuleView, shown: Shown) -> None:
    """Draw one rule: what it says, how it went, and in which reports."""
    markup.draw("rule", shown, view=view)
    markup.draw("findings", shown, findings=view.findings, found=view.found, chosen=view.rule.code)
