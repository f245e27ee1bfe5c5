"""Settings of `manage.py demo`: as in production, but on plain HTTP, with the mailbox page, for one machine."""

from config.settings.base import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
SERVE_MEDIA = True
SERVICE_ADDRESS = "Harrow & Vale <help@harrowvale.example>"
