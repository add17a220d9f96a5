"""A dataset and a choice of rows in, a CSV, xlsx or Parquet file out; null stays empty, never 0."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec
import polars as pl

from govreport_core.dataset import store
from govreport_core.dataset.workbook import xlsx_bytes
from govreport_core.errors import DatasetError
from govreport_core.schemas import TABLES

# The byte order mark tells a spreadsheet that the file is UTF-8.
BOM = b"\xef\xbb\xbf"
# Rows written at a time.
_STRETCH = 50_000
FORMULA = r"^[=+\-@＝＋－＠\t\r]"
# Columns that a spreadsheet may take as they are: codes and places of our own.
_OWN = frozenset({"document_id", "part", "end_part", "params"})
# The choices of `Choice`, and the columns of `reports` they are made from.
_CHOSEN = {
    "years": "year",
    "regions": "region_code",
    "kinds": "agency_kind",
    "levels": "agency_level",
}


class Choice(msgspec.Struct, frozen=True):
    """Which reports to export; an empty tuple means all. Regions match by the code's start."""

    years: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as CSV that a spreadsheet opens right and doesn't run.

    UTF-8 with BOM; a text that would be taken for a formula gets an apostrophe
    before it; lists are joined by `;`; null is empty.

    Args:
        frame: Any columns; their names become the first line. A column of floats that are
            all whole is written without decimals.

    Returns:
        The file, rows and columns in the frame's order; no unit is changed.
    """
    whole = [
        name
        for name, kind in frame.schema.items()
        if kind == pl.Float64 and (frame[name].drop_nulls() % 1 == 0).all()
    ]
    memory = io.BytesIO()
    memory.write(BOM)
    # A stretch after the other: beside the file itself, only one of them is held.
    for start in range(0, max(frame.height, 1), _STRETCH):
        some = frame.slice(start, _STRETCH).with_columns(pl.col(whole).cast(pl.Int64))
        _safe(some).write_csv(memory, include_header=not start)
    return memory.getvalue()


def csv_stretch(frame: pl.DataFrame, *, head: bool) -> bytes:
    """Some rows of a CSV file that is written piece by piece, as `csv_bytes` writes them.

    Args:
        frame: Rows. Each float that is whole is written without decimals, whatever stands
            in the rows before and after.
        head: Whether the file begins here: with the byte order mark and the columns' names.

    Returns:
        The rows; pieces put one after the other are the file.
    """
    floats = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    plain = frame.with_columns(_as_read(pl.col(floats))) if floats else frame
    memory = io.BytesIO()
    memory.write(BOM if head else b"")
    _safe(plain, but=frozenset(floats)).write_csv(memory, include_header=head)
    return memory.getvalue()


def _as_read(number: pl.Expr) -> pl.Expr:
    """A number as text, no decimals that it doesn't have; 2⁵³ is where floats lose integers."""
    # Several columns at once: a column at a time takes longer than the rows do.
    whole = (number % 1 == 0) & (number.abs() < 2**53)
    return (
        pl.when(whole)
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(number.cast(pl.String))
    )


def _safe(frame: pl.DataFrame, but: frozenset[str] = frozenset()) -> pl.DataFrame:
    """Lists joined, and an apostrophe before what would be taken for a formula."""
    return frame.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join(";")
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.List)
    ).with_columns(
        pl.when(pl.col(name).str.contains(FORMULA))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in frame.schema.items()
        if (kind == pl.String or isinstance(kind, pl.List)) and name not in _OWN | but
    )


def table_rows(folder: Path, table: str, choice: Choice) -> pl.DataFrame:
    """The rows of a table that belong to current reports of the choice.

    `documents` and `agencies`, which aren't about reports, and what others say of them
    (`corrections`, `replies`) are given whole. Of
    `checks` and `coverage` those about a report that doesn't exist stay, where
    their agency and year are of the choice.

    Args:
        folder: The dataset.
        table: A name of `TABLES`.
        choice: Which reports.

    Returns:
        That table's columns and units (money in 万元, `days_late` in days): `coverage` by
        year and as `agencies` has them, the others in no promised order.

    Raises:
        DatasetError: No dataset there, no such table, or nothing of what was chosen.
    """
    folder = store.opened(folder)
    if table not in TABLES:
        msg = f"no table {table!r}; there are: {', '.join(TABLES)}"
        raise DatasetError(msg)
    rows = store.scan(folder, table)
    if table in ("documents", "agencies", "corrections", "replies"):
        return rows.collect()
    reports = _chosen(folder, choice)
    if table == "reports":
        return reports.collect()
    if table == "coverage":
        return _as_listed(_of_agencies(rows, folder, choice), folder).collect()
    if table == "cards":
        return _of(rows, choice, "agency_kind", "agency_level").collect()
    if table == "counts":
        return _of(rows, choice, "kind", "level").collect()
    found = rows.join(reports.select("document_id"), on="document_id", how="semi")
    if table == "checks":
        nobody = _of_agencies(rows.filter(pl.col("document_id").is_null()), folder, choice)
        found = pl.concat([found, nobody])
    return found.collect()


def wide(folder: Path, choice: Choice) -> pl.DataFrame:
    """One row a report: who and when, then each cell's number under `table.row.column`.

    A cell without a number is empty; `unread` counts those that are printed but
    couldn't be told.

    Args:
        folder: The dataset.
        choice: Which reports.

    Returns:
        The columns of `reports` but `current`, then `form`, `unread` (how many cells) and
        a column a cell that any of them has, money in 万元, all else counts; by `agency_id` and
        `year`, nulls last.

    Raises:
        DatasetError: No dataset there, or nothing of what was chosen.
    """
    folder = store.opened(folder)
    reports = _chosen(folder, choice).drop("current", "form").collect()
    values = (
        store.scan(folder, "values")
        .join(_chosen(folder, choice).select("document_id"), on="document_id", how="semi")
        .collect()
    )
    unread = values.group_by("document_id").agg(
        pl.first("form"), unread=(pl.col("state") == "unreadable").sum()
    )
    cells = values.with_columns(cell=pl.concat_str("table", "row", "column", separator="."))
    names = cells.select("cell").unique(maintain_order=True)["cell"].to_list()
    numbers = cells.pivot("cell", on_columns=names, index="document_id", values="number")
    return (
        reports.join(unread, on="document_id", how="left")
        .join(numbers, on="document_id", how="left")
        .sort("agency_id", "year", nulls_last=True)
    )


def narrowed_cards(cards: pl.LazyFrame, choice: Choice) -> pl.LazyFrame:
    """The cards of a choice, those of agencies and years without a report too.

    Args:
        cards: The table `cards`.
        choice: Which agencies and years.

    Returns:
        The same columns, rows in their order.

    Raises:
        DatasetError: Nothing of what was chosen.
    """
    _all_there(cards.select(*_CHOSEN.values()).collect(), choice)
    return _of(cards, choice, "agency_kind", "agency_level")


def write_file(frame: pl.DataFrame, path: Path, *, widths: Mapping[str, int] | None = None) -> None:
    """Write a frame as the file's ending says: `.csv`, `.xlsx` or `.parquet`.

    Args:
        frame: Any columns; lists and units as `csv_bytes` and `xlsx_bytes` write them.
        path: Where; a file there is replaced in one step, folders are made.
        widths: Of a workbook's columns, as `xlsx_bytes` takes them.

    Raises:
        DatasetError: Another ending, or the file can't be written.
    """
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        msg = f"{path}: files of this kind aren't written; name it {_listed(WRITERS)}"
        raise DatasetError(msg)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        os.close(handle)
        fresh = Path(name)
        try:
            if widths is not None and suffix == ".xlsx":
                fresh.write_bytes(xlsx_bytes(frame, widths=widths))
            else:
                WRITERS[suffix](frame, fresh)
            fresh.chmod(0o644)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        msg = f"{path}: can't be written ({error.strerror})"
        raise DatasetError(msg) from error


def _chosen(folder: Path, choice: Choice) -> pl.LazyFrame:
    reports = store.scan(folder, "reports").filter("current")
    _all_there(reports.select(*_CHOSEN.values()).collect(), choice)
    return _of(reports, choice, "agency_kind", "agency_level")


def _of(rows: pl.LazyFrame, choice: Choice, kind: str, level: str) -> pl.LazyFrame:
    """Rows with year, region, kind and level that are of the choice."""
    if choice.years:
        rows = rows.filter(pl.col("year").is_in(choice.years))
    if choice.regions:
        rows = rows.filter(_in_regions(choice.regions))
    if choice.kinds:
        rows = rows.filter(pl.col(kind).is_in(choice.kinds))
    if choice.levels:
        rows = rows.filter(pl.col(level).is_in(choice.levels))
    return rows


def _of_agencies(rows: pl.LazyFrame, folder: Path, choice: Choice) -> pl.LazyFrame:
    """Rows with agency and year, narrowed by what the roster says of the agency."""
    agencies = _of(
        store.scan(folder, "agencies"),
        msgspec.structs.replace(choice, years=()),
        "kind",
        "level",
    )
    if choice.years:
        rows = rows.filter(pl.col("year").is_in(choice.years))
    if not (choice.regions or choice.kinds or choice.levels):
        return rows
    return rows.join(agencies.select("agency_id"), on="agency_id", how="semi")


def _as_listed(rows: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """Rows with agency and year: by year, in each as the table `agencies` has them."""
    order = store.scan(folder, "agencies").select("agency_id").with_row_index("rank")
    placed = rows.join(order, on="agency_id", how="left")
    return placed.sort("year", "rank", nulls_last=True).drop("rank")


def _all_there(reports: pl.DataFrame, choice: Choice) -> None:
    """Refuse a choice that no report fits: an empty file would look like an answer."""
    for name, column in _CHOSEN.items():
        known = reports[column].drop_nulls().unique().sort().to_list()
        for wanted in getattr(choice, name):
            fits = wanted in known or (
                name == "regions" and any(code.startswith(_trunk(wanted)) for code in known)
            )
            if not fits:
                msg = f"no report of {name.removesuffix('s')} {wanted!r}; there are: "
                raise DatasetError(msg + (_listed(known) if known else "none"))


def _listed(words: Iterable[object]) -> str:
    return ", ".join(str(word) for word in words)


def _in_regions(regions: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(
        pl.col("region_code").str.starts_with(_trunk(code)) for code in regions
    )


def _trunk(code: str) -> str:
    """The part of a region's code that all below it share: 990100 -> 9901."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _write_csv(frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(csv_bytes(frame))


def _write_xlsx(frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(xlsx_bytes(frame))


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="zstd")


WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
}
