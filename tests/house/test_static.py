"""Every static file that a template names exists: in production a missing one is an error, not a broken picture."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from config.bootstrap import ROOT

NAMED = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
USES = sorted(
    (name, str(path.relative_to(ROOT)))
    for path in (ROOT / "templates").rglob("*.html")
    for name in NAMED.findall(path.read_text())
)


@pytest.mark.parametrize(("name", "template"), USES)
def test_a_named_static_file_exists(name: str, template: str) -> None:
    assert finders.find(name), f"{template} names {name}"


def test_templates_name_static_files() -> None:
    assert Path(finders.find("css/tokens.css")).exists()
    assert USES
