"""Production starts complete or not at all, and is strict."""

import os
import subprocess
import sys

from config.bootstrap import ROOT
from config.launcher.suite import PRODUCTION


def load(environment: dict[str, str], ask: str = "") -> subprocess.CompletedProcess:
    """Load the production settings in a process of its own and run `ask` on them."""
    code = f"from django.conf import settings as s; s.DEBUG; {ask}"
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=bare | environment, capture_output=True, text=True
    )


def test_production_names_all_that_is_missing() -> None:
    done = load({"DJANGO_SETTINGS_MODULE": "config.settings.prod"})
    assert "ImproperlyConfigured" in done.stderr
    assert [name for name in PRODUCTION if name not in done.stderr.splitlines()[-1]] == ["DJANGO_SETTINGS_MODULE"]


def test_production_is_strict() -> None:
    done = load(
        PRODUCTION,
        "csp = s.CONTENT_SECURITY_POLICY['DIRECTIVES'];"
        "assert 'unsafe' not in str(csp);"
        "assert s.DATABASES['default']['HOST'] == 'database.example' and s.EMAIL_USE_TLS;"
        "print(s.DEBUG, s.MAILBOX_DIR, s.SESSION_COOKIE_NAME, s.EMAIL_HOST)",
    )
    assert done.stdout == "False None __Host-session mail.example\n", done.stderr


def test_a_database_url_may_say_all_that_libpq_understands() -> None:
    url = "postgresql://one,two/tradewell?user=shop&sslmode=verify-full&target_session_attrs=read-write"
    ask = "d = s.DATABASES['default']; print(d['HOST'], d['USER'], d['OPTIONS']['sslmode'])"
    assert load(PRODUCTION | {"DATABASE_URL": url}, ask).stdout == "one,two shop verify-full\n"
