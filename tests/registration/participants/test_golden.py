"""The list of the sample meeting, more than sixty delegations, as it is printed in English, French and Arabic.

The files in golden/ were read by a person beside the DOCX and the PDF. After a change that is meant, renew them with
RENEW_GOLDEN=1 in the environment, and read them again.
"""

import datetime
import json
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from programme.sample import delegates, loader
from registration.participants import docx, pdf
from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.registration.participants.making import listed, outline
from tests.registration.participants.test_documents import text_of

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).with_name("golden")
LANGUAGES = ["en", "fr", "ar"]
NOW = datetime.datetime(2008, 9, 1, 3, tzinfo=datetime.UTC)
# What no order looks at, in a language: El Salvador stands under E in Arabic as well.
ARTICLES = {"en": "^The ", "ar": "^ال"}


@pytest.fixture
def sample():
    meeting, _written = loader.load()
    delegates.make(meeting, 320, NOW)
    return meeting


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_reads_as_it_was_read(sample, language):
    tree = listed(sample, language, profile="escap")
    assert sum(len(section.entities) for section in tree.sections) >= 60
    found = "\n".join(line for line in outline(tree) if line) + "\n"
    golden = GOLDEN / f"{language}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_text(found, encoding="utf-8")
    assert found.splitlines() == golden.read_text("utf-8").splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_entities_are_in_the_order_of_a_browser(sample, language, tmp_path):
    """Chromium brings an ICU of its own, and orders the same names without us."""
    tree = listed(sample, language, profile="escap")
    printed = [[entity.name for entity in section.entities] for section in tree.sections if section.code != "SEC"]
    assert any(len(names) > 30 for names in printed)
    assert sorted_by_chromium(printed, language, tmp_path) == printed


def sorted_by_chromium(lists, language, folder):
    program = chromium()
    page = folder / "sort.html"
    article = json.dumps(ARTICLES.get(language, "^$"))
    script = f"""
      const order = new Intl.Collator({json.dumps(language)}), bare = name => name.replace(new RegExp({article}), "");
      const sorted = {json.dumps(lists)}.map(names => names.sort((a, b) => order.compare(bare(a), bare(b))));
      document.body.textContent = encodeURIComponent(JSON.stringify(sorted));
    """
    page.write_text(f"<!doctype html><meta charset=utf-8><body><script>{script}</script>", encoding="utf-8")
    command = [program, "--headless", *CHROMIUM_FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, timeout=60, check=True)
    return json.loads(unquote(re.search(r"<body>(.*?)</body>", done.stdout.decode(), re.DOTALL)[1]))


def chromium() -> str:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.skip(f"no Chromium at {path}; set CHROMIUM")
    return path


def test_documents_have_all_of_it(sample):
    tree = listed(sample, "fr", profile="escap")
    text = text_of(pdf.write(tree))
    lines = [line for line in outline(tree) if line.isupper()]
    assert len(lines) > 40
    missing = [line for line in lines if line.replace(" ", "") not in text.replace(" ", "")]
    assert missing == []
    assert len(docx.write(tree)) > 20_000


@pytest.mark.parametrize("wanted", [20, 60])
def test_a_longer_list_asks_the_database_nothing_more(wanted, django_assert_num_queries):
    meeting, _written = loader.load()
    delegates.make(meeting, wanted, NOW)
    listed(meeting)  # what is kept in the process from now on
    with django_assert_num_queries(9):
        listed(meeting)
