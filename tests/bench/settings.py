"""Settings of the benches: as in production, on plain HTTP, with one more page to compare with."""

from pathlib import Path

from config.logs import logging_for
from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES, TEMPLATES

SECRET_KEY = "signs what is measured and nothing else, long enough for every check that Django makes"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.bench.urls"
TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = logging_for("none", "ERROR")
