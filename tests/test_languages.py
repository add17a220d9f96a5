"""A language is a folder and nothing else; what it doesn't say is said in Chinese."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from view_data import write_small

from govreport_core import languages
from govreport_core.errors import LanguageError

ROOT = Path(__file__).parent.parent
PACKAGES = ("govreport_core", "dashboard")

# A few words of everything that a language's one folder may hold.
ESPERANTO = {
    "language.toml": 'name = "Esperanto"\ntag = "eo"\n',
    "wording.toml": '[outcomes]\nfail = "malsukcesis"\n[steps]\nline = "linio {n}"\n'
    '[sentences]\nreport = "Tiu ĉi raporto"\n[sentences.reasons]\nno_prior_year = "neniu antaŭa"\n'
    '[no_value]\nbase_zero = "bazo nula"\n[due]\nroster = "laŭ la listo"\n',
    "app.toml": '[app]\nname = "Jaraj raportoj"\n',
    "site.toml": '[site]\nname = "Retejo de raportoj"\n',
    "catalogue/rules.toml": '[t3_balance]\ntitle = "Ne egalas"\n'
    '[n_five_aspects.names]\nrequests = "petoj"\n',
    "catalogue/forms.toml": '"自然人" = "natura persono"\n',
    "catalogue/indicators.toml": '[requests_received]\ntitle = "Ricevitaj petoj"\n',
    "catalogue/statuses.toml": '[late]\ntitle = "Malfrue"\n',
    "catalogue/themes.toml": '[staff]\ntitle = "Homoj"\n',
    "catalogue/deadlines.toml": 'law_2007 = "ĝis la 31-a de marto"\n',
}

# Runs where the packages have more languages, and says what a person would read.
SAID = """
import json, os, sys
from pathlib import Path
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest
from dashboard import cli, labels
from dashboard.app import SCREENS
from dashboard.labels import t
from dashboard.site import Options, build_site
from govreport_core import checks, coverage, indicators, wording
from govreport_core.forms import forms, label

lang, draft, out = sys.argv[1:]

def read(screen):
    code = f"from dashboard.app import draw\\ndraw({screen!r})\\n"
    app = AppTest.from_string(code, default_timeout=180)
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception, app.exception[0].value
    assert not app.error, app.error[0].value
    return "\\n".join(block.proto.body for block in app.html if "<style" not in block.proto.body)

dataset = Path(os.environ["GOVREPORT_DATASET"])
build_site(dataset, Path(out), Options((lang,)))
told = CliRunner().invoke(cli.main, ["check", draft, "--lang", lang, "--all"])
form = forms()["form_2021"]
row = {"check": "n_five_aspects", "subject": "s1_overview", "outcome": "fail", "expected": None,
       "actual": None, "assumed_zero": False, "reason": None,
       "params": '{"form":"form_2021","missing":["requests","platforms"]}'}
skip = {**row, "outcome": "skip", "reason": "no_prior_year", "subject": "report", "params": "{}"}
json.dump({
    "languages": {code: [one.name, one.tag] for code, one in labels.LANGUAGES.items()},
    "screens": {screen: read(screen) for screen in SCREENS},
    "site": Path(out, "index.html").read_text(encoding="utf-8"),
    "told": told.output, "code": told.exit_code,
    "fail": [wording.grade("fail", lang), t("outcomes.fail", lang)],
    "pass": [wording.grade("pass", lang), t("outcomes.pass", lang)],
    "place": wording.place_label("page:2/line:5", lang),
    "rule": [checks.rule_words(lang)["t3_balance"].title, wording.rule_asks("t3_balance", lang)],
    "sentence": wording.sentence(row, lang),
    "skip": wording.sentence(skip, lang),
    "lines": [label(column, lang) for column in form.table("t3_requests").columns],
    "indicator": [indicators.indicator_words(lang)[code].title
                  for code in ("requests_received", "requests_carried_over")],
    "no_value": [indicators.reason_words(lang)[code] for code in ("base_zero", "unreadable")],
    "status": [coverage.status_words(lang)["late"].title, coverage.status_words(lang)["late"].note],
    "due": [coverage.due_words(code, lang) for code in ("law_2007", "law_government", "roster")],
}, sys.stdout, ensure_ascii=False)
"""

Said = Callable[[Path, str], dict[str, Any]]


@pytest.fixture(scope="module")
def said(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Said:
    """Gives what govreport says in a language, in a tree that has its folder."""
    dataset = write_small(tmp_path_factory.mktemp("languages") / "dataset")
    draft = min(samples.glob("reports/2021/*.txt"))

    def speak(tree: Path, lang: str) -> dict[str, Any]:
        ran = subprocess.run(
            [sys.executable, "-c", SAID, lang, draft, tree / "site"],
            env={**os.environ, "PYTHONPATH": str(tree), "GOVREPORT_DATASET": str(dataset)},
            cwd=tree, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-3000:]
        found: dict[str, Any] = json.loads(ran.stdout)
        return found

    return speak


def tree_with(folder: Path, package: str, lang: str, words: dict[str, str]) -> Path:
    """The two packages, all by link, and one folder more among one's languages."""
    for name in PACKAGES:
        locale = folder / name / "locale"
        locale.mkdir(parents=True)
        for entry in (ROOT / name).iterdir():
            if entry.name not in ("locale", "__pycache__"):
                (folder / name / entry.name).symlink_to(entry)
        for entry in (ROOT / name / "locale").iterdir():
            (locale / entry.name).symlink_to(entry)
    own = folder / package / "locale" / lang
    own.mkdir()
    for name, text in words.items():
        (own / name).parent.mkdir(exist_ok=True)
        (own / name).write_text(text, encoding="utf-8")
    return folder


def test_one_folder_gives_a_third_language_everywhere_with_gaps_in_chinese(
    said: Said, tmp_path: Path
) -> None:
    told = said(tree_with(tmp_path, "govreport_core", "eo", ESPERANTO), "eo")
    assert told["languages"] == {
        "zh": ["中文", "zh-CN"],
        "en": ["English", "en"],
        "eo": ["Esperanto", "eo"],
    }
    assert told["fail"] == ["malsukcesis", "malsukcesis"]
    assert told["pass"] == ["通过", "通过"]
    assert told["place"] == "第 2 页，linio 5"
    assert told["rule"][0] == "Ne egalas"
    assert told["rule"][1].startswith("每一列中")
    assert told["sentence"] == "第一部分“总体情况”没有写到：petoj、平台建设。"
    assert told["skip"] == "Neniu antaŭa。"
    assert "natura persono" in told["lines"]
    assert "商业企业" in told["lines"]
    assert told["indicator"] == ["Ricevitaj petoj", "上年结转"]
    assert told["no_value"] == ["bazo nula", "所需单元格的数字不能确定地读出"]
    assert told["status"][0] == "Malfrue"
    assert told["status"][1].startswith("公布日期晚于期限")
    assert told["due"] == [
        "ĝis la 31-a de marto",
        "条例：县级以上政府 3 月 31 日前",
        "laŭ la listo",
    ]
    assert told["code"] in (0, 1)
    assert "neniu antaŭa" in told["told"].lower()
    assert "Jaraj raportoj" in told["screens"][""]
    assert "Ricevitaj petoj" in told["screens"][""]
    assert "<html lang=eo>" in told["site"]
    assert "Retejo de raportoj" in told["site"]
    for page in (told["site"], *told["screens"].values()):
        assert any("一" <= sign <= "鿿" for sign in page)


def test_a_copy_of_the_dashboards_english_folder_is_a_language_too(
    said: Said, tmp_path: Path
) -> None:
    words = {
        file.name: file.read_text(encoding="utf-8")
        for file in (ROOT / "dashboard" / "locale" / "en").glob("*.toml")
    }
    told = said(tree_with(tmp_path, "dashboard", "xx", words), "xx")
    assert told["languages"]["xx"] == ["xx", "xx"]
    assert "Overview" in told["screens"][""]
    assert told["rule"][0] == "申请的收与办不平"
    assert told["lines"][-1] == "总计"
    assert "未能判断" in told["told"]
    assert "<html lang=xx>" in told["site"]


BASE = {
    "plain": "一词",
    "filled": "共 {n} 份",
    "list": ["零", "一"],
    "below": {"word": "词"},
}


def test_a_language_says_its_own_words_and_the_base_the_rest() -> None:
    own = {"filled": "{n} in all", "below": {"word": "word"}}
    assert languages.filled(BASE, own, "xx") == {
        "plain": "一词",
        "filled": "{n} in all",
        "list": ["零", "一"],
        "below": {"word": "word"},
    }


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({"plane": "word"}, "xx.plane: nothing in Chinese"),
        ({"below": {"words": "word"}}, "xx.below.words: nothing in Chinese"),
        ({"filled": "{m} in all"}, "xx.filled: nothing fills m"),
        ({"filled": "{n in all"}, "xx.filled"),
        ({"plain": {"word": "word"}}, "xx.plain: a str in Chinese"),
        ({"list": ["0"]}, "xx.list: 2 words in Chinese"),
    ],
)
def test_what_chinese_does_not_have_is_refused_and_named(own: dict[str, Any], named: str) -> None:
    with pytest.raises(LanguageError, match=named):
        languages.filled(BASE, own, "xx")
