"""The word about a letter before it is sent, on a form that draws no preview of the name."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).resolve().parents[2] / "static/js/register.js"


def test_a_letter_that_is_too_large_is_told_where_no_preview_stands(chromium):
    page = chromium.new_page()
    page.set_content("""<form id="about-you" data-max="3" data-too-large="Too large">
        <div class="field"><input type="file" name="letter"></div></form>""")
    page.add_script_tag(path=SCRIPT)
    page.set_input_files("[name=letter]", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"four"})
    assert page.locator("#letter-told").inner_text() == "Too large"
    page.close()
