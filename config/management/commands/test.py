"""`manage.py test`."""

import sys

from django.core.management.base import BaseCommand

from config.launcher import suite


class Command(BaseCommand):
    help = "Run lint, contracts, all checks and all tests. Further arguments go to pytest."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        # pytest's arguments are not Django's: they pass by Django's parser.
        sys.exit(suite.run(argv[2:]))
