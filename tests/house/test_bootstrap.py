"""A command in a second terminal finds the running demo; an environment that names a database keeps its own."""

import os
from pathlib import Path

import pytest

from config import bootstrap

DEMO = "postgresql://tradewell@/tradewell?host=/run/demo"
OURS = "postgresql://elsewhere/tradewell"


@pytest.mark.parametrize(("given", "used"), [({}, DEMO), ({"DATABASE_URL": OURS}, OURS)])
def test_which_database_a_command_uses(
    given: dict[str, str], used: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_env = tmp_path / "run.env"
    run_env.write_text(f"DATABASE_URL={DEMO}\n")
    monkeypatch.setattr(bootstrap, "RUN_ENV", run_env)
    monkeypatch.setattr(os, "environ", given)
    bootstrap.read_run_env()
    assert os.environ["DATABASE_URL"] == used
