#!/usr/bin/env python3
"""Django's command-line entry; `demo` and `test` first make sure of everything they need."""

import sys

from config import bootstrap


def main() -> None:
    bootstrap.prepare(sys.argv)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
