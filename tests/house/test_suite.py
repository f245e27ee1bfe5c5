"""How the test command starts its processes."""

import subprocess
import sys

from config import bootstrap
from config.launcher import suite


def test_what_one_process_compiled_is_there_for_the_next(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    asked = [sys.executable, "-c", "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, **suite._how({})).stdout
    assert said.split() == ["False", str(bootstrap.ROOT / "var" / "bytecode")]
