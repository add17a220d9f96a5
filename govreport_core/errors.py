"""The exceptions of govreport: a file, a form or a dataset that can't be used.

    GovReportError
    ├── SourceError    this file can't be read: becomes a `failed` row in `documents`
    ├── FormError      a form's TOML is wrong: a mistake of ours, stops the run
    ├── RuleError      a rule's or indicator's TOML is wrong: likewise
    ├── LanguageError  a language's folder says what Chinese doesn't have: likewise
    ├── RegionError    the table of divisions or of agency kinds is wrong: likewise
    └── DatasetError   a dataset is missing, foreign, or of another schema version

What is odd about a file that *can* be used is a `Diagnostic`; what is odd about
a report is a `CheckResult`. Neither is ever raised.
"""


class GovReportError(Exception):
    """Base of all: its text is one line a person can act on."""


class SourceError(GovReportError):
    """A source file can't be used.

    Attributes:
        code: Why, as a word of `documents.error`: `empty`, `too_large`,
            `not_text`, `not_a_report`, `unsupported`, `unreadable`, `missing`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class FormError(GovReportError):
    """A form's TOML has an unknown key or a dangling reference."""


class RuleError(GovReportError):
    """A rule's or indicator's TOML has an unknown key or a dangling reference."""


class LanguageError(GovReportError):
    """A language's folder has a key, or a place to fill, that Chinese doesn't have."""


class RegionError(GovReportError):
    """The table of divisions, its aliases or the agency kinds are wrong."""


class DatasetError(GovReportError):
    """A dataset can't be opened or written."""
