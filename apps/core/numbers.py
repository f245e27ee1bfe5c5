"""Public numbers: SO-1000001. Unique, rising, never reused; a rolled-back transaction leaves a gap."""

from django.db import connection

FIRST = 1_000_001
PREFIXES = {
    "SO": "number_so",  # order
    "SH": "number_sh",  # shipment
    "IN": "number_in",  # invoice
    "CN": "number_cn",  # credit note
    "QU": "number_qu",  # quote
    "BO": "number_bo",  # blanket order
    "CA": "number_ca",  # case
    "RMA": "number_rma",  # return
    "CV": "number_cv",  # conversation
    "AC": "number_ac",  # account
}


def next_number(prefix: str) -> str:
    """The next number of a series. One query."""
    return next_numbers(prefix, 1)[0]


def next_numbers(prefix: str, count: int) -> list[str]:
    """The next `count` numbers of a series, in order. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [PREFIXES[prefix], count])
        return [f"{prefix}-{value}" for (value,) in cursor.fetchall()]


def advance(prefix: str, beyond: int) -> None:
    """Let the series go on after `beyond`, where numbers were given out by a bulk load."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(%s, greatest(%s, (SELECT last_value FROM pg_sequences WHERE sequencename = %s)))",
            [PREFIXES[prefix], beyond, PREFIXES[prefix]],
        )


def restart() -> None:
    """Let every series begin anew: for a database whose numbers are all gone. Undone with its transaction."""
    with connection.cursor() as cursor:
        for sequence in PREFIXES.values():
            cursor.execute(f"ALTER SEQUENCE {sequence} RESTART")
