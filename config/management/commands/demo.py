"""`manage.py demo`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.demo.logins import LOGINS
from config.launcher.data_folder import DataFolder, InUseError
from config.launcher.supervisor import DEFAULT_DATA, Demo, DemoError, port_is_free


class Command(BaseCommand):
    help = (
        "Run the whole portal with demo data: PostgreSQL, Valkey, web server, worker and beat. Ctrl-C stops it and "
        "keeps the data. With DATABASE_URL and REDIS_URL set, those servers are used instead of the embedded ones."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the portal answers (default 8000)")
        parser.add_argument("--host", default="127.0.0.1", help="the address it listens on (default 127.0.0.1)")
        parser.add_argument("--no-seed", action="store_true", help="leave the database empty, for data of your own")
        parser.add_argument("--fresh", action="store_true", help="forget what the last demo left and begin anew")
        parser.add_argument(
            "--data", type=Path, default=DEFAULT_DATA, help="where all of it is kept (default var/demo)"
        )

    def handle(self, *, port: int, host: str, fresh: bool, no_seed: bool, data: Path, **options: Any) -> None:
        if not port_is_free(host, port):
            raise CommandError(f"Port {port} is taken; choose another with --port.")
        try:
            demo = Demo(DataFolder(data), host, port, announce=self.announce)
            demo.run(fresh=fresh, seed=not no_seed)
        except (DemoError, InUseError) as trouble:
            raise CommandError(str(trouble)) from trouble

    def announce(self, address: str) -> None:
        """Say where the portal is and who may enter."""
        width = max(len(login.email) for login in LOGINS)
        self.stdout.write(f"\n  Tradewell is open at {self.style.SUCCESS(address)}\n\n")
        for login in LOGINS:
            self.stdout.write(f"    {login.role:<12} {login.email:<{width}}  {login.password}")
        self.stdout.write("\n  Ctrl-C stops it; the data stays for the next start.\n")
        self.stdout.flush()
