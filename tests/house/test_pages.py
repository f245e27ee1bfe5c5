"""What holds for every template and style: security policy, both directions, fragments that say what they take."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "email" not in path.parts]
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
FRAGMENTS = sorted((ROOT / "templates" / "components").glob("_*.html"))
FORBIDDEN = {
    "inline style": re.compile(r"<style|\sstyle=", re.I),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+=[\"']|javascript:", re.I),
    "script in htmx": re.compile(r"\bhx-(on|vals=[\"']js:)"),
}
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|(?:min-|max-)?(?:width|height)|left|right|top|bottom"
    r"|(?:float|text-align)\s*:\s*(?:left|right))\s*:",
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_template_can_be_read(path):
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_pages_keep_the_content_security_policy(path):
    text = path.read_text()
    assert not [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_enter_in_a_line_of_text_decides_nothing(path):
    """A browser presses the first button of a form for who presses Enter: with a yes and a no, none may be first."""
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), flags=re.S):
        first = re.search(r"<button\b[^>]*>", form)
        decides = len(re.findall(r'name="decision"', form)) > 1 and 'name="decision"' in first[0]
        lines = re.findall(r'<input\b(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*>', form)
        assert not (decides and lines), form


@pytest.mark.parametrize("path", FRAGMENTS, ids=named)
def test_fragments_say_what_they_take(path):
    assert path.name == "_logo.html" or "{% comment %}" in path.read_text()
    assert len(path.read_text().splitlines()) <= 40


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_styles_know_no_left_and_right(path):
    rules = re.sub(r"/\*.*?\*/|@(?:media|container|supports)[^{]*\{|env\([^)]*\)", "", path.read_text(), flags=re.S)
    assert not PHYSICAL.findall(rules)


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_styles_stand_in_a_layer_and_name_no_other_host(path):
    text = path.read_text()
    assert path.name == "admin.css" or "@layer" in text
    assert "http" not in text and "@import" not in text
