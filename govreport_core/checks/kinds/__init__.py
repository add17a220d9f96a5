"""The kinds of rule: each a record of the parameters a rule of that kind takes from its TOML.

The modules of the same names above carry them out, one implementation each. A
kind says which words its sentences may use and which cases its failures come
in, so that a template no result could fill is refused on loading.
"""

from __future__ import annotations

from govreport_core.checks.kinds.base import Kind
from govreport_core.checks.kinds.compare import (
    AtLeast,
    BothOrNeither,
    Needs,
    NoneSince,
    RowNeedsKind,
    ShareAtMost,
    TotalPrinted,
)
from govreport_core.checks.kinds.entries import Entries, ExtraCells, NoneInState, Unit
from govreport_core.checks.kinds.hierarchy import Rollup
from govreport_core.checks.kinds.prose import ClaimAgrees, ClaimEqual, ClaimPresence
from govreport_core.checks.kinds.publication import (
    Coverage,
    Deadline,
    Download,
    ImageOnly,
    InColumn,
    Versions,
)
from govreport_core.checks.kinds.structure import (
    FormOfYear,
    PartsListed,
    RowsPresent,
    SectionOrder,
    SectionsPresent,
    TablesPresent,
    Title,
)
from govreport_core.checks.kinds.sums import Balance, Shift, Subtotal, Total
from govreport_core.checks.kinds.text import (
    Declares,
    ForeignPlace,
    Length,
    Matter,
    Mentions,
    Period,
    Problems,
    StaleYear,
)
from govreport_core.checks.kinds.years import (
    Backed,
    Chain,
    Follows,
    FormBreak,
    Gap,
    Identical,
    Jump,
)

__all__ = [
    "AnyTest",
    "AtLeast",
    "Backed",
    "Balance",
    "BothOrNeither",
    "Chain",
    "ClaimAgrees",
    "ClaimEqual",
    "ClaimPresence",
    "Coverage",
    "Deadline",
    "Declares",
    "Download",
    "Entries",
    "ExtraCells",
    "Follows",
    "ForeignPlace",
    "FormBreak",
    "FormOfYear",
    "Gap",
    "Identical",
    "ImageOnly",
    "InColumn",
    "Jump",
    "Kind",
    "Length",
    "Matter",
    "Mentions",
    "Needs",
    "NoneInState",
    "NoneSince",
    "PartsListed",
    "Period",
    "Problems",
    "Rollup",
    "RowNeedsKind",
    "RowsPresent",
    "SectionOrder",
    "SectionsPresent",
    "ShareAtMost",
    "Shift",
    "StaleYear",
    "Subtotal",
    "TablesPresent",
    "Title",
    "Total",
    "TotalPrinted",
    "Unit",
    "Versions",
]

AnyTest = (
    Balance
    | Total
    | Title
    | FormOfYear
    | SectionsPresent
    | SectionOrder
    | TablesPresent
    | RowsPresent
    | ExtraCells
    | NoneInState
    | Entries
    | Unit
    | ClaimEqual
    | ClaimPresence
    | AtLeast
    | Needs
    | BothOrNeither
    | ShareAtMost
    | NoneSince
    | TotalPrinted
    | Subtotal
    | RowNeedsKind
    | Chain
    | Follows
    | Backed
    | Gap
    | Jump
    | Identical
    | Deadline
    | Versions
    | ImageOnly
    | Coverage
    | ClaimAgrees
    | Mentions
    | Length
    | Problems
    | StaleYear
    | Period
    | PartsListed
    | Shift
    | FormBreak
    | InColumn
    | Download
    | Rollup
    | Declares
    | ForeignPlace
)
