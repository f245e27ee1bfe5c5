"""The house itself as a Django app: its commands, its checks, and the Celery application for every process."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = "Tradewell"

    def ready(self) -> None:
        # A task's name is resolved against this application from the web, from commands and from workers alike.
        from config import celery  # noqa: F401


class StaticFiles(StaticFilesConfig):
    """Leaves out what htmx brings for others: its extensions and its next major version."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/ext/*", "htmax-*", "htmx-4*"]
