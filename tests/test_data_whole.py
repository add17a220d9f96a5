"""What is held for drawing all pages says the same as what is looked for at each."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from view_data import write_small

from dashboard.data import Data, Index, documents_stored, open_dataset, opened_whole
from dashboard.data import index as indices
from dashboard.data.documents import OF_A_DOCUMENT, results_of, rows_of, rows_of_documents

ROWS = pl.DataFrame({"key": ["b", "a", None, "b", "c", "b"], "n": range(6)})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return open_dataset(write_small(tmp_path_factory.mktemp("whole") / "dataset"))


@pytest.mark.parametrize("often", [True, False])
def test_rows_are_found_by_a_key(often: bool) -> None:
    found = Index(ROWS, "key", often=often)
    for key in ("a", "b", "c"):
        assert_frame_equal(found.of(key), ROWS.filter(pl.col("key") == key))
    assert_frame_equal(found.of("x"), ROWS.clear())
    assert Index(ROWS.clear(), "key", often=often).of("a").is_empty()


def test_keys_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indices, "hash", lambda _: 7, raising=False)
    found = Index(ROWS, "key", often=True)
    for key in ("a", "b", "c"):
        assert_frame_equal(found.of(key), ROWS.filter(pl.col("key") == key))
    assert_frame_equal(found.of("x"), ROWS.clear())


def test_rows_stand_where_they_are_told_to(data: Data) -> None:
    whole = opened_whole(data)
    documents = documents_stored(data)
    assert documents
    assert documents_stored(whole) == documents
    assert whole.tables["offsets"].collect_schema()["document_id"] == pl.Enum
    strange = [*documents, "nobody"]
    for table in OF_A_DOCUMENT:
        assert_frame_equal(
            rows_of_documents(whole, strange, table), rows_of_documents(data, strange, table)
        )
        for document in strange:
            assert_frame_equal(rows_of(whole, document, table), rows_of(data, document, table))
    some = pl.Series([*documents[:3], "nobody"])
    told, there = (results_of(one, some).collect() for one in (whole, data))
    assert not told.is_empty()
    assert_frame_equal(told, there, check_row_order=False)


def test_files_that_gave_no_report_and_paths_are_the_same(data: Data) -> None:
    whole = opened_whole(data)
    assert_frame_equal(whole.lost, data.lost)
    assert whole.failed == data.failed
    for document in documents_stored(data):
        assert_frame_equal(whole.paths.of(document), data.paths.of(document))
