"""Corrections and replies wherever the number or finding is; errors reported where a contact is."""

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
import polars as pl
import pytest
from app_screens import drawn, opener
from selectolax.lexbor import LexborHTMLParser, LexborNode

from dashboard import labels, views
from dashboard.data import Data, open_dataset
from dashboard.labels import t, words
from dashboard.pieces.contact import contact_link, error_link
from dashboard.screens import markup
from dashboard.screens.address import Shown
from dashboard.site import Options, addresses
from dashboard.views.context import context
from dashboard.views.glossary import glossary
from dashboard.views.remarks import anchors
from govreport_core.build.remarks import read_remarks

pytestmark = pytest.mark.slow

CORRECTED = "990100-public-security-2024"
CELL = "c-t4_review_litigation.cases.review_total"
MENDED = ("t3_requests", "unable_not_held", "applicant_total")
ANSWERED = "990122-health-2021"


@pytest.fixture(scope="module")
def data(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


def page(site: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((site / address).read_text("utf-8"))


def by_id(found: LexborHTMLParser, name: str) -> LexborNode:
    return next(one for one in found.css("[id]") if one.attributes["id"] == name)


def corrected(found: LexborHTMLParser) -> LexborNode:
    """The cell of a report's page whose number is corrected."""
    return found.css_first(f"td:has(> #{addresses.cell(CELL)})")


def test_the_samples_have_corrections_and_replies_that_can_be_used(samples: Path) -> None:
    tables, problems = read_remarks([samples / "reports"])
    assert problems == ()
    assert tables["corrections"].height >= 2
    assert tables["replies"].height >= 3
    assert (tables["corrections"]["printed"] != tables["corrections"]["corrected"]).all()


def test_a_corrected_number_stands_beside_the_printed_one_on_the_card(demo_site: Path) -> None:
    found = page(demo_site, addresses.report(CORRECTED))
    cell = corrected(found)
    assert cell.css_first("a").text(strip=True).startswith("4")
    assert cell.css_first("small.corrected").text(separator=" ").split()[-1] == "3"
    said = found.css_first("section[aria-labelledby=remarks] .gr-remark").text()
    for told in ("印出的数 4", "更正为 3", "合计多计一件", "2025-01-31"):
        assert told in said
    source = found.css_first("section[aria-labelledby=remarks] a[rel]")
    assert (source.attributes["href"] or "").startswith("https://www.example.com/")
    english = page(demo_site, f"en/{addresses.report(CORRECTED)}")
    assert "corrected to 3" in corrected(english).text()


def test_the_printed_number_is_never_replaced(demo_site: Path, data: Data) -> None:
    keys = {"table": "t4_review_litigation", "row": "cases", "column": "review_total"}
    document = data.by_report.of(CORRECTED)["document_id"].item()
    mine = [pl.col(name) == code for name, code in keys.items()]
    values = data.tables["values"].filter(pl.col("document_id") == document, *mine).collect()
    assert values["number"].to_list() == [4.0]
    told = json.loads((demo_site / f"reports/{CORRECTED}.json").read_text("utf-8"))
    row = next(one for one in told["tables"] if one["table"] == keys["table"])["rows"][0]
    at = next(n for n, number in enumerate(row["corrected"]) if number is not None)
    assert (row["numbers"][at], row["corrected"][at]) == (4, 3)


def test_a_reply_stands_with_its_finding_everywhere(demo_site: Path) -> None:
    text = "网站恢复后当日补发"
    check = "p_deadline_department"
    found = page(demo_site, addresses.report(ANSWERED))
    anchor = f"r-{check}.report"
    assert text in by_id(found, anchor).text()
    for address in (
        addresses.agency("990122-health"),
        addresses.rule(check),
        addresses.CORRECTIONS,
        f"en/{addresses.CORRECTIONS}",
    ):
        assert text in page(demo_site, address).css_first("main").text(), address


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_finding_that_rests_on_a_corrected_number_says_so(demo_site: Path, lang: str) -> None:
    label = labels.cell_label("form_2021", *MENDED, lang)
    said = t("remarks.beside", lang, label=label, printed="6", corrected="4")
    agency = "990100-market-regulation"
    # The total of a row, and one of a column that it is a part of.
    for address, often in (
        (addresses.report(f"{agency}-2023"), 2),
        (addresses.agency(agency), 2),
        (addresses.rule("t3_row_total"), 1),
        (addresses.rule("t3_disposed_total"), 1),
    ):
        found = page(demo_site, f"en/{address}" if lang == "en" else address)
        beside = [one for one in found.css("ul.results .gr-remark") if said in one.text()]
        assert len(beside) == often, address
        link = beside[0].css_first("a[rel]").attributes["href"]
        assert (link or "").startswith("https://www.example.com/")


def test_a_comparison_cell_by_cell_says_what_is_corrected(demo_site: Path) -> None:
    label = labels.cell_label("form_2021", *MENDED, "zh")
    said = t("remarks.beside", "zh", label=label, printed="6", corrected="4")
    for year in (2023, 2024):
        found = page(demo_site, addresses.compare(f"990100-market-regulation-{year}"))
        told = [" ".join(one.text().split()) for one in found.css("#form ~ .gr-remark")]
        assert len(told) == 1
        assert "汀澜市市场监督管理局 2023 年" in told[0]
        assert said in told[0]
    other = page(demo_site, addresses.compare("990100-market-regulation-2022"))
    assert not other.css(".gr-remark")


def test_the_app_says_so_too(data: Data) -> None:
    card = views.report_card(data, "990100-market-regulation-2023", "zh")
    shown = Shown(data, "", "zh", views.Filters(), {})
    assert markup.render("card_failures", shown, card=card).count("印出 6，更正为 4") == 2
    passed = [row for group in card.checks if group.outcome != "fail" for row in group.rows]
    assert not any(row.corrections for row in passed)


def test_the_page_of_corrections_lists_all_and_leads_to_each(demo_site: Path, data: Data) -> None:
    found = page(demo_site, addresses.CORRECTIONS)
    shown = views.remarks(context(data), "zh")
    rows = found.css("tbody tr")
    assert len(rows) == len(shown.corrections) + len(shown.replies) == 5
    links = [str(one.attributes["href"]) for row in rows for one in row.css("th a")]
    assert f"reports/{CORRECTED}.html#{addresses.cell(CELL)}" in links
    for link in links:
        address, _, anchor = link.partition("#")
        assert by_id(page(demo_site, address), anchor), link


def test_the_app_shows_them_on_the_card(data: Data) -> None:
    for report_id, corrected, replied in (
        (CORRECTED, ("更正为", "合计多计一件"), "感谢指出"),
        (ANSWERED, (), "网站恢复后当日补发"),
    ):
        card = views.report_card(data, report_id, "zh")
        shown = Shown(data, "", "zh", views.Filters(), {})
        apart = views.replies_apart(card)
        head = markup.render("card_head", shown, card=card, replies=apart, url="")
        assert all(text in head for text in corrected), report_id
        # What answers a failure stands with it, and there alone.
        failures = markup.render("card_failures", shown, card=card)
        assert (head.count(replied), failures.count(replied)) == (0, 1), report_id
        card = msgspec.structs.replace(card, checks=())
        assert [one.text for one in views.replies_apart(card)] == [one.text for one in card.replies]
    card = views.report_card(data, CORRECTED, "zh")
    groups = markup.by_section(card)
    tables = markup.render("card_tables", shown, card=card, groups=groups, linked=True)
    assert "更正为 3" in " ".join(LexborHTMLParser(tables).text().split())
    assert "感谢指出" in markup.render("card_failures", shown, card=card)


def test_one_of_a_report_that_is_not_here_and_one_that_differs_are_told(
    demo_dataset: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "dataset"
    shutil.copytree(demo_dataset.resolve(), folder)
    file = min(folder.glob("corrections/year=2024/*.parquet"))
    for other in set(folder.glob("corrections/**/*.parquet")) - {file}:
        other.unlink()
    row = pl.read_parquet(file).to_dicts()[0]
    some = [
        row | {"printed": 9.0, "source": "javascript:alert(1)", "reason": "<b>&"},
        row | {"agency_id": "nobody", "date": dt.date(2020, 1, 1)},
    ]
    pl.DataFrame(some, schema=pl.read_parquet(file).schema).write_parquet(file)
    first, second = views.remarks(context(open_dataset(folder)), "zh").corrections
    assert (first.differs, first.read, first.url) == (True, "4", None)
    assert (second.report, second.of, second.drawn) == (None, "nobody 2024 年", False)
    assert "总计" in second.label


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("mail@example.org", "mailto:mail@example.org"),
        ("mailto:mail@example.org", "mailto:mail@example.org"),
        ("https://example.org/issues/new", "https://example.org/issues/new"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x@y", ""),
        ("mail@example.org?bcc=all@example.org", ""),
        ("ftp://example.org", ""),
        ("", ""),
    ],
)
def test_only_addresses_of_web_and_mail_become_links(contact: str, link: str) -> None:
    assert contact_link(contact) == link
    assert bool(error_link(contact, "x", "y")) == bool(link)


def test_what_is_wrong_is_filled_in_and_nothing_breaks_out() -> None:
    subject, body = "更正：甲\r\nBcc: x&y=z", "年报：甲 & 乙？#1\n"
    mail = urlsplit(error_link("mail@example.org", subject, body))
    assert (mail.scheme, mail.path) == ("mailto", "mail@example.org")
    assert parse_qs(mail.query) == {"subject": ["更正：甲 Bcc: x&y=z"], "body": [body]}
    issue = urlsplit(error_link("https://example.org/new?labels=data#top", subject, body))
    asked = parse_qs(issue.query)
    assert asked == {"labels": ["data"], "title": ["更正：甲 Bcc: x&y=z"], "body": [body]}
    assert issue.fragment == ""
    # Three bytes for a character, not nine: browsers see to letters themselves.
    assert "更正" in mail.query
    assert mail.query.isprintable()
    assert not set(mail.query) & set(' "<>`')


def test_an_error_is_reported_from_each_card(demo_site: Path) -> None:
    found = page(demo_site, addresses.report(CORRECTED))
    (wrong,) = found.css("[data-wrong]")
    link = str(wrong.attributes["href"])
    assert link.startswith("mailto:mail@example.org?subject=")
    assert CORRECTED in unquote(link)
    assert found.css_first(".take").html.count(link.replace("&", "&amp;")) == 1


def test_without_a_contact_nothing_can_be_reported(data: Data) -> None:
    assert Options().contact == ""
    assert data.reports.collect().height
    assert error_link(Options().contact, "x", "y") == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_app_fills_in_report_and_cell_where_a_contact_is_known(
    demo_dataset: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    open_at = opener(demo_dataset, monkeypatch, "report")
    asked = {"report": CORRECTED, "cell": CELL, "lang": lang}
    monkeypatch.setenv("GOVREPORT_CONTACT", "https://example.org/new?labels=a")
    told = [
        parse_qs(urlsplit(str(one.attributes["href"])).query)
        for one in LexborHTMLParser(drawn(open_at(**asked))).css("a[rel~=nofollow]")
    ]
    of_report, of_cell = told
    assert of_report["labels"] == of_cell["labels"] == ["a"]
    assert CORRECTED in of_report["title"][0] + of_report["body"][0]
    label = views.cell(views.report_card(open_dataset(demo_dataset), CORRECTED, lang), CELL).label
    assert label in of_cell["body"][0]
    assert f"cell={CELL}" in of_cell["body"][0]
    assert "cell=" not in of_report["body"][0]
    for nobody in ("", "javascript:alert(1)"):
        monkeypatch.setenv("GOVREPORT_CONTACT", nobody)
        assert "nofollow" not in drawn(open_at(**asked))


def test_each_number_result_and_point_has_a_link_that_stays(demo_site: Path, data: Data) -> None:
    card = views.report_card(data, CORRECTED, "zh")
    found = page(demo_site, addresses.report(CORRECTED))
    ids = {one.attributes["id"] for one in found.css("[id]")}
    cited = {str(one.attributes["href"]) for one in found.css("a.cite")}
    failed = [row for group in card.checks if group.outcome == "fail" for row in group.rows]
    wanted = {f"#{row.anchor}" for row in failed}
    wanted |= {f"#point-{point.point_id}" for point in card.points}
    assert cited == wanted
    assert {link.removeprefix("#") for link in cited} <= ids
    assert not [link for link in cited if re.fullmatch(r"#[a-z]+-\d+", link)]


def test_results_alike_are_told_apart_by_what_they_say() -> None:
    one = {"check": "n_received", "subject": "report", "params": "{}", "part": "line:1", "start": 0}
    two = one | {"params": '{"n": 2}'}
    first, second, third = anchors([one, two, two])
    assert first != second
    assert third == f"{second}~2"
    assert anchors([two]) == ["r-n_received.report"]
    assert anchors([two, one])[1] == first


def test_the_glossary_has_the_same_terms_in_both_languages(demo_site: Path) -> None:
    assert [group.code for group in glossary("zh")] == [group.code for group in glossary("en")]
    terms = [term for group in glossary("en") for term in group.terms]
    assert len(terms) > 30
    assert len({code for code, _, _ in terms}) == len(terms)
    for address in (addresses.GLOSSARY, f"en/{addresses.GLOSSARY}"):
        assert len(page(demo_site, address).css("dl.states > div")) == len(terms)


def test_the_page_about_the_site_says_how_to_cite_it(demo_site: Path, published: Options) -> None:
    text = page(demo_site, addresses.PUBLISHER).css_first("main").text()
    index = json.loads((demo_site / "data/versions/index.json").read_text("utf-8"))
    for told in (published.publisher, published.licence, index[0]["name"], published.base_url):
        assert told in text
    assert words("zh")["publisher.no_contact"] not in text
