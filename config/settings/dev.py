"""Settings of a developer's own runserver and shell."""

from config.logs import logging_for
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, EMAIL_URL, LOG_LEVEL, MAILBOX_DIR, SECRET_KEY, STORAGES

DEBUG = True
SECRET_KEY = SECRET_KEY or "of this machine alone: development signs nothing that anyone else reads"
ALLOWED_HOSTS = ["*"]
SERVE_MEDIA = True
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = logging_for("console", LOG_LEVEL)
if not EMAIL_URL:
    MAILBOX_DIR = MAILBOX_DIR or str(BASE_DIR / "var" / "mailbox")
    EMAIL_BACKEND = "apps.core.mailbox.MailboxBackend"
