"""A profile and last year's stock in, one year's figures of the form out, sums and chains kept.

Every figure a form asks for is drawn so that what the form says of itself holds:
table three's rows and columns add up and balance, what is carried forward is
carried over next year, documents in force follow from those issued and repealed,
and table four's groups add up. Source of the rules: the notes on the two official forms
(`forms/form_2019.toml`, `forms/form_2021.toml`). A line that only a later form has is 0 until its
figures are drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec

from govreport_core.forms import FormTable, forms
from govreport_core.samples.chance import below, count, happens, pick, share_out
from govreport_core.samples.pools import Profile
from govreport_core.samples.sample import Key

FORMS = tuple(form.id for form in forms().values() if not form.listed)
"""The forms that samples fill, oldest first: those with tables."""

SIZE = {"prefecture": 1.0, "county": 0.5, "township": 0.8}
"""How much an agency of that level does, measured against its profile."""

APPLICANTS = (86.0, 8.0, 1.0, 1.0, 3.0, 1.0)
"""Shares of the six kinds of applicants, in the form's order."""

OUTCOMES = {
    "granted_full": (1.0,),
    "granted_partial": (1.0,),
    "denied": (1.0, 1.0, 1.0, 5.0, 5.0, 5.0, 6.0, 3.0),
    "unable_to_provide": (8.0, 2.0, 2.0),
    "not_processed": (6.0, 3.0, 1.0, 1.0, 1.0),
    "other_disposition": (5.0, 0.6, 3.0),
}
"""Shares of a group's leaves; the form of 2019 has one row for the last group."""

REMEDIES = {"review": 0.7, "litigation_direct": 0.15, "litigation_after_review": 0.15}
REVIEW_FIRST_SINCE = 2024
"""From 2024 a refusal goes to review before it can go to court (行政复议法第二十三条)."""

_FEW = 15
"""Requests up to which a change of any size is a small one."""

ITEMS = {
    "licensing": ("t2_art20_5", "administrative_licensing"),
    "services": ("t2_art20_5", "other_external_management"),
    "penalties": ("t2_art20_6", "administrative_penalty"),
    "compulsion": ("t2_art20_6", "administrative_compulsion"),
    "fees": ("t2_art20_8", "administrative_fees"),
}
_TOTAL = "applicant_total"


class Stock(msgspec.Struct, frozen=True):
    """What a year leaves to the next.

    Attributes:
        scale: How busy the agency is, a slow walk around its size.
        carried: Requests carried forward, a column each.
        received: Requests received last year.
        reviews: Reviews last year.
        pending: Undecided cases, a group of table four each.
        in_force: Documents in force, `regulations` and `normative_documents`.
        disclosed: Documents disclosed in all, likewise.
        items: Items on the lists of the form of 2019.
    """

    scale: float
    carried: tuple[int, ...] = (0,) * 6
    received: int = 0
    reviews: int = 0
    pending: dict[str, int] = {}
    in_force: dict[str, int] = {}
    disclosed: dict[str, int] = {}
    items: dict[str, int] = {}


def first_stock(profile: Profile, level: str, rng: Random) -> Stock:
    """What the agency starts with before its first year."""
    scale = SIZE[level] * (0.7 + 0.6 * rng.random())
    documents = {
        "regulations": 12 + below(rng, 9) if profile.regulations else 0,
        "normative_documents": round(profile.normative_stock * scale),
    }
    return Stock(
        scale=scale,
        carried=tuple(share_out(rng, count(rng, profile.requests * scale * 0.06), APPLICANTS)),
        in_force=documents,
        # All ever disclosed, the repealed ones too: far from those in force.
        disclosed={
            code: n and 2 * n + 12 + below(rng, 1 + n // 4) for code, n in documents.items()
        },
        items={name: 2 + below(rng, 30) if getattr(profile, name) > 0 else 0 for name in ITEMS},
    )


def draw_year(
    form: str, year: int, profile: Profile, stock: Stock, rng: Random
) -> tuple[dict[Key, float | None], Stock]:
    """The figures of one year on that form, and what they leave to the next."""
    stock = msgspec.structs.replace(stock, scale=stock.scale * (0.88 + 0.27 * rng.random()))
    documents, stock = _documents(profile, stock, rng)
    items, stock = _items(profile, stock, rng)
    requests, stock = _requests(profile, stock, rng, form)
    disposed = int(requests[("t3_requests", "disposed_total", _TOTAL)])
    cases, stock = _cases(year, count(rng, disposed * profile.remedies), stock, rng)
    drawn = documents | items | requests | cases
    return {key: drawn.get(key, 0.0) for key in form_cells(form)}, stock


def form_cells(form: str) -> tuple[Key, ...]:
    """Every cell that form has, in the order in which it is printed."""
    return tuple(
        (table.code, row.code, column.code)
        for table in forms()[form].tables
        for row in table.value_rows
        for column in table.value_columns
    )


def random_numbers(form: str, rng: Random, *, zeros: float = 0.6) -> dict[Key, float | None]:
    """A number in every cell without any regard to sums: for testing readers.

    Args:
        form: The form's id.
        rng: Where the draws come from.
        zeros: How many of the cells are 0.
    """
    numbers: dict[Key, float | None] = {}
    for table in forms()[form].tables:
        for row in table.value_rows:
            for column in table.value_columns:
                number = 0.0
                if not happens(rng, zeros) and column.value == "money":
                    number = round(rng.random() * 10 ** below(rng, 6), below(rng, 7))
                elif not happens(rng, zeros):
                    number = float(below(rng, 10 ** (1 + below(rng, 5))))
                    number -= 5.0 if column.signed else 0.0
                numbers[(table.code, row.code, column.code)] = number
    return numbers


def amount(rng: Random, mean: float, decimals: Sequence[int]) -> float:
    """An amount in 万元 around `mean`, with one of those numbers of decimals."""
    return round(mean * (0.6 + 0.8 * rng.random()), pick(rng, decimals))


def _documents(profile: Profile, stock: Stock, rng: Random) -> tuple[dict[Key, float], Stock]:
    cells: dict[Key, float] = {}
    in_force, disclosed = {}, {}
    means = {
        "regulations": 1.3 if profile.regulations else 0.0,
        "normative_documents": profile.normative * stock.scale,
    }
    for row, mean in means.items():
        issued = count(rng, mean)
        repealed = min(count(rng, mean * 0.7), stock.in_force[row])
        in_force[row] = stock.in_force[row] + issued - repealed
        opened = issued - (1 if issued > 3 and happens(rng, 0.2) else 0)
        disclosed[row] = stock.disclosed[row] + opened
        figures = {
            "issued": issued,
            "repealed": repealed,
            "in_force": in_force[row],
            "made_this_year": issued,
            "newly_disclosed_this_year": opened,
            "disclosed_total": disclosed[row],
        }
        cells |= {("t2_art20_1", row, column): float(n) for column, n in figures.items()}
    return cells, msgspec.structs.replace(stock, in_force=in_force, disclosed=disclosed)


def _items(profile: Profile, stock: Stock, rng: Random) -> tuple[dict[Key, float], Stock]:
    cells: dict[Key, float] = {}
    items = {}
    for name, (table, row) in ITEMS.items():
        mean = getattr(profile, name) * stock.scale
        before = stock.items[name]
        change = below(rng, 6) - 2 if before > 4 and happens(rng, 0.4) else 0
        items[name] = before + change
        cells[(table, row, "items_prior_year")] = float(before)
        cells[(table, row, "items_change")] = float(change)
        cells[(table, row, "decisions")] = float(count(rng, mean) if before else 0)
    fees = (
        amount(rng, profile.fees * stock.scale, (0, 1, 2, 2, 2, 3, 4, 4)) if profile.fees else 0.0
    )
    cells[("t2_art20_8", "administrative_fees", "fee_amount")] = fees
    projects = count(rng, profile.procurement * stock.scale)
    paid = max(0.01, amount(rng, 46.0 * projects, (0, 2, 2, 3, 4, 6))) if projects else 0.0
    cells[("t2_art20_9", "government_procurement", "procurement_projects")] = float(projects)
    cells[("t2_art20_9", "government_procurement", "procurement_amount")] = paid
    return cells, msgspec.structs.replace(stock, items=items)


def _requests(
    profile: Profile, stock: Stock, rng: Random, form: str
) -> tuple[dict[Key, float], Stock]:
    table = forms()[form].table("t3_requests")
    new = _near(count(rng, profile.requests * stock.scale), stock.received)
    received = share_out(rng, new, APPLICANTS)
    due = [a + b for a, b in zip(received, stock.carried, strict=True)]
    # Twenty working days: what is carried forward came in at the end of the year.
    room = sum(due) // 5
    forward = []
    for n in received:
        late = min(sum(happens(rng, 0.06) for _ in range(n)), room)
        room -= late
        forward.append(late)
    columns = [_outcomes(profile, table, a - b, rng) for a, b in zip(due, forward, strict=True)]
    rows = {
        "requests_received": received,
        "requests_carried_over": list(stock.carried),
        **{row: [column[row] for column in columns] for row in columns[0]},
        "disposed_total": [sum(column.values()) for column in columns],
        "requests_carried_forward": forward,
    }
    kinds = [column.code for column in table.value_columns if column.kind == "leaf"]
    cells = {
        ("t3_requests", row, column): float(n)
        for row, figures in rows.items()
        for column, n in (*zip(kinds, figures, strict=False), (_TOTAL, sum(figures)))
    }
    stock = msgspec.structs.replace(stock, carried=tuple(forward), received=sum(received))
    return cells, stock


def _near(n: int, last: int) -> int:
    """The count, kept from a jump that would have to be explained."""
    return n if not last else max(min(n, max(3 * last, _FEW)), last // 3 if last > _FEW else 0)


def _outcomes(profile: Profile, table: FormTable, n: int, rng: Random) -> dict[str, int]:
    groups = share_out(rng, n, profile.weights)
    rows: dict[str, int] = {}
    for (group, weights), dealt in zip(OUTCOMES.items(), groups, strict=True):
        leaves = table.leaves(group)
        shares = share_out(rng, dealt, weights[: len(leaves)])
        rows |= {leaf.code: share for leaf, share in zip(leaves, shares, strict=False)}
    return rows


def _cases(year: int, cases: int, stock: Stock, rng: Random) -> tuple[dict[Key, float], Stock]:
    dealt = dict(zip(REMEDIES, share_out(rng, cases, list(REMEDIES.values())), strict=True))
    totals = {group: max(n, stock.pending.get(group, 0)) for group, n in dealt.items()}
    if year >= REVIEW_FIRST_SINCE:
        totals["litigation_direct"] = 0
    # A case can follow a review of this year or the last.
    after = totals["litigation_after_review"]
    totals["review"] = max(totals["review"], after - stock.reviews)
    cells: dict[Key, float] = {}
    pending = {}
    for group, total in totals.items():
        decided_only = stock.received == 0 or (
            group == "litigation_direct" and year + 1 >= REVIEW_FIRST_SINCE
        )
        shares = share_out(rng, total, (60.0, 14.0, 16.0, 0.0 if decided_only else 10.0))
        pending[group] = shares[3]
        names = ("upheld", "corrected", "other", "pending", "total")
        for name, n in zip(names, [*shares, total], strict=True):
            cells[("t4_review_litigation", "cases", f"{group}_{name}")] = float(n)
    return cells, msgspec.structs.replace(stock, pending=pending, reviews=totals["review"])
