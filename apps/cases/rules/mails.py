"""What a mail to the service desk is about, and where it goes.

1. Numbers of ours stand in its subject and words, as we write them or without the dash: orders, shipments, invoices,
   credit notes, cases.
2. It is about an invoice where it names one, about a delivery where it names a shipment or an order; else a person
   finds out.
3. A case that was resolved within 30 days is opened again by a mail that goes on with it; after that it is a new case.
4. One address may send twelve mails an hour and sixty a day, one case may be sent twenty an hour: more is no person,
   or one who needs a call.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

REOPENS_WITHIN = timedelta(days=30)
MOST_OF_SENDER = ((timedelta(hours=1), 12), (timedelta(days=1), 60))
MOST_OF_THREAD = ((timedelta(hours=1), 20),)
MOST_NUMBERS = 20
KINDS = ("SO", "SH", "IN", "CN", "CA")
_NUMBER = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(KINDS)})[-\s]?(\d{{1,12}})(?![A-Za-z0-9])", re.IGNORECASE)


def numbers_in(text: str) -> dict[str, list[str]]:
    """Kind -> the numbers of that kind in `text`, each once, as we write them; at most twenty."""
    found: dict[str, list[str]] = {}
    for kind, digits in list(dict.fromkeys((kind.upper(), digits) for kind, digits in _NUMBER.findall(text)))[
        :MOST_NUMBERS
    ]:
        found.setdefault(kind, []).append(f"{kind}-{digits}")
    return found


def cause_of(kinds: Iterable[str]) -> str:
    """The cause of a case whose mail names things of these kinds: invoice, delivery or other."""
    kinds = set(kinds)
    if kinds & {"IN", "CN"}:
        return "invoice"
    return "delivery" if kinds & {"SH", "SO"} else "other"


def goes_on(resolved_at: datetime | None, now: datetime) -> bool:
    """Whether a mail about a case goes on with it, opening it again if need be."""
    return resolved_at is None or now - resolved_at <= REOPENS_WITHIN


def title_of(subject: str, words: str) -> str:
    """The title of a case that a mail opens: its subject, else how it begins; empty where it says nothing."""
    first = next((line.strip() for line in words.split("\n") if line.strip()), "")
    return (subject.strip() or first)[:160]
