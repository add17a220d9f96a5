"""Old Word files and RTF, made by LibreOffice and read through it: the same values as the .docx."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from four_formats import report, word

from govreport_core.build.intake import read_report
from govreport_core.model import Report
from govreport_core.samples.package import content_types, relations, zipped
from govreport_core.sources.convert import program


def package(data: bytes) -> bytes:
    """A Word file with all that LibreOffice asks of one."""
    main = "word/document.xml"
    kind = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read(main).decode()
    return zipped(
        {
            "[Content_Types].xml": content_types({main: kind}),
            "_rels/.rels": relations({main: "officeDocument"}),
            main: text,
        }
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one report as .docx, .doc and .rtf."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "report.docx").write_bytes(package(word(report())))
    soffice = program()
    assert soffice is not None, "no LibreOffice on this machine"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for ending in ("doc", "rtf"):
        command = [soffice, "--headless", profile, "--convert-to", ending, "report.docx"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
    return folder


def facts(found: Report) -> list[object]:
    values = [(v.table, v.row, v.column, v.number, v.state, v.raw) for v in found.values]
    sections = [(s.section, "".join(s.text.split())) for s in found.sections]
    return [values, sections, found.agency_name, found.year, found.title, found.form]


@pytest.mark.office
@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_a_converted_file_gives_the_same_report(files: Path, ending: str) -> None:
    document, found = read_report(files / f"report.{ending}")
    _, original = read_report(files / "report.docx")
    assert facts(found) == facts(original)
    assert document.diagnostics == ()


@pytest.mark.office
def test_a_file_misnamed_doc_is_known_by_its_content(files: Path, tmp_path: Path) -> None:
    for ending in ("rtf", "docx"):
        misnamed = tmp_path / f"{ending}.doc"
        misnamed.write_bytes((files / f"report.{ending}").read_bytes())
        assert facts(read_report(misnamed)[1]) == facts(read_report(files / "report.docx")[1])
