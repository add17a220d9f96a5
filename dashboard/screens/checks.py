"""The checks screen: which rules, how often they fail, and in which reports."""

from __future__ import annotations

from dashboard.screens import cached, markup
from dashboard.screens.address import Shown
from dashboard.views import records


def screen(shown: Shown) -> None:
    """Draw the rule that the address names, or all of them, with their results."""
    code = shown.parameters.get("rule", "")
    rule = cached.rule(shown, code) if code else None
    if rule is not None:
        render_rule(rule, shown)
    else:
        render(cached.checks(shown), shown)


def render(view: records.ChecksView, shown: Shown) -> None:
    """Draw all rules with their counts, then the results that match the filters."""
    markup.draw("rules", shown, rules=view.rules, chosen="")
    markup.draw("findings", shown, findings=view.findings, found=view.found, chosen="")


def render_rule(view: records.RuleView, shown: Shown) -> None:
    """Draw one rule: what it says, how it went, and in which reports."""
    markup.draw("rule", shown, view=view)
    markup.draw("findings", shown, findings=view.findings, found=view.found, chosen=view.rule.code)
