"""Who may do what, and where an account stands in its tree.

1. A role is a set of permissions, named `noun.verb`. There is one table, and it is below.
2. Services demand a permission, templates ask for it; both through `may`.
3. An account tree is a path of ids, `/12/45/`, ending in the account itself. Agreements and permissions reach down it.
4. An address is taken as typed in any script, folded, and refused field by field with a reason.
5. Somebody is written to for a purpose where the law of their country and they themselves let us.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

_READS = frozenset(
    {
        *("catalogue.read", "order.read", "delivery.read", "case.open", "case.read"),
        *("survey.answer", "review.write", "return.read", "own_data.manage"),
    }
)
_BUYS = _READS | {
    "return.request",
    "cart.edit",
    "order.place",
    "quote.request",
    "quote.accept",
    "price.read",
    "part_number.edit",
    "ship_to.edit",
}
_MONEY = frozenset({"invoice.read", "price.read"})
_OVERSEES = _MONEY | {"budget.read"}

PERMISSIONS: dict[str, frozenset[str]] = {
    "nobody": frozenset(),
    "receiver": _READS | {"delivery.confirm", "return.request"},
    "buyer": _BUYS | {"invoice.read"},
    "approver": _BUYS | _OVERSEES | {"order.approve"},
    "finance": _READS | _OVERSEES,
    "administrator": _BUYS | _OVERSEES | {"order.approve", "contact.manage"},
    "rep": _BUYS
    | _MONEY
    | {
        "account.curate",
        "account.act_for",
        "account.hand_over",
        "case.work",
        "quote.offer",
        "price.propose",
        "workspace.use",
        "order.release",
        "return.decide",
    },
    "service": _READS
    | _MONEY
    | {"account.act_for", "case.work", "improvement.keep", "mail.place", "workspace.use", "return.decide"},
    "manager": _BUYS
    | _MONEY
    | {
        "account.curate",
        "account.act_for",
        "account.hand_over",
        "price.propose",
        "price.approve",
        "target.set",
        "case.work",
        "improvement.keep",
        "mail.place",
        "quote.offer",
        "workspace.use",
        "insight.read",
        "need.settle",
        "order.release",
        "return.decide",
        "review.moderate",
    },
    "operations": _BUYS
    | _MONEY
    | {
        "account.hand_over",
        "price.approve",
        "target.set",
        "delivery.confirm",
        "order.confirm",
        "order.release",
        "shipment.dispatch",
        "payment.record",
        "return.decide",
        "return.receive",
        "workspace.use",
        "insight.read",
        "need.settle",
        "case.work",
        "improvement.keep",
        "mail.place",
        "review.moderate",
        "privacy.manage",
    },
    "machine": _READS | _MONEY | {"order.place", "cart.edit", "ship_to.edit", "return.request"},
    "erp": _READS | _MONEY | {"delivery.confirm", "payment.record", "stock.feed", "price.feed"},
    "carrier": frozenset({"delivery.read", "delivery.confirm"}),
    "system": frozenset(
        {
            *("delivery.confirm", "order.confirm", "order.release", "shipment.dispatch", "case.work", "order.place"),
            *("return.decide", "return.receive", "payment.record", "privacy.manage"),
        }
    ),
}

ACTING_FOR = timedelta(minutes=30)  # how long staff stand in a contact's place before they are asked again
NOT_ON_BEHALF = frozenset({"order.approve", "survey.answer", "review.write", "contact.manage", "own_data.manage"})
SEES_SUBSIDIARIES = frozenset({"approver", "finance", "administrator"})


def may(role: str, permission: str, *, acting_for: int | None = None) -> bool:
    """Whether `role` covers `permission`; what is personal to a contact is never covered on their behalf."""
    if acting_for is not None and permission in NOT_ON_BEHALF:
        return False
    return permission in PERMISSIONS.get(role, frozenset())


def path_of(parent_path: str | None, account_id: int) -> str:
    """The path of an account below `parent_path`."""
    return f"{parent_path or '/'}{account_id}/"


def ids_on_path(path: str) -> tuple[int, ...]:
    """Account ids on a path from the root down to the account itself."""
    return tuple(int(part) for part in path.split("/") if part)


ADDRESS_LENGTHS = {
    "name": 120,
    "street": 160,
    "city": 80,
    "postal_code": 20,
    "country": 2,
    "contact_name": 120,
    "phone": 40,
    "gate": 80,
    "unloading": 120,
    "markings": 120,
    "delivery_note": 160,
}
_NEEDED = ("name", "street", "city", "country")
_POSTAL_CODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,10}[A-Z0-9]", re.IGNORECASE)


def address_problems(fields: Mapping) -> dict[str, str]:
    """What is wrong with an address: field -> missing, too_long, not_a_country, not_a_postal_code, not_after_start,
    not_weekdays, not_days or not_a_receiving_day; empty where nothing is. Texts must be folded already."""
    wrong = {name: "missing" for name in _NEEDED if not fields[name]}
    wrong |= {name: "too_long" for name, longest in ADDRESS_LENGTHS.items() if len(fields[name]) > longest}
    if fields["country"] and not re.fullmatch("[A-Z]{2}", fields["country"]):
        wrong["country"] = "not_a_country"
    if fields["postal_code"] and not _POSTAL_CODE.fullmatch(fields["postal_code"]):
        wrong["postal_code"] = "not_a_postal_code"
    if fields["receiving_to"] <= fields["receiving_from"]:
        wrong["receiving_to"] = "not_after_start"
    if not re.fullmatch("1?2?3?4?5?6?7?", fields["receiving_days"]) or not fields["receiving_days"]:
        wrong["receiving_days"] = "not_weekdays"
    preferred = fields["preferred_weekday"]
    if preferred is not None and "receiving_days" not in wrong and str(preferred) not in fields["receiving_days"]:
        wrong["preferred_weekday"] = "not_a_receiving_day"
    try:
        closed_periods(fields["closed_days"])
    except ValueError:
        wrong["closed_days"] = "not_days"
    return wrong


Period = tuple[date, date]  # the first day and the last
_PERIOD = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?:\s*[/–-]\s*(\d{4}-\d\d-\d\d))?\s*(?:,|$)", re.ASCII)
_LONGEST_CLOSED = 366  # days in one period
_MOST_PERIODS = 15


def closed_periods(text: str) -> tuple[Period, ...]:
    """The periods of "2026-12-24 – 2027-01-02, 2027-05-01", in order; ValueError where it is something else."""
    found, at = set(), 0
    text = text.strip().strip(",")
    while at < len(text):
        match = _PERIOD.match(text, at)
        if match is None:
            raise ValueError(text[at:])
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2]) if match[2] else first
        if not 0 <= (last - first).days <= _LONGEST_CLOSED:
            raise ValueError(match[0])
        found.add((first, last))
        at = match.end()
    if len(found) > _MOST_PERIODS:
        raise ValueError(text)
    return tuple(sorted(found))


def periods_text(periods: Iterable[Period]) -> str:
    """Periods as they are kept and typed; `closed_periods` reads them again."""
    return ", ".join(f"{first}" if first == last else f"{first} – {last}" for first, last in periods)


def days_of(periods: Iterable[Period]) -> frozenset[date]:
    """Every day of the periods."""
    return frozenset(first + timedelta(days=n) for first, last in periods for n in range((last - first).days + 1))


def next_code(codes: Iterable[str]) -> str:
    """The next free number for a ship-to among `codes`, as text: one above the highest number in use."""
    return str(max((int(code) for code in codes if re.fullmatch("[0-9]{1,9}", code)), default=0) + 1)


SOFT_OPT_IN, OPT_IN = "soft_opt_in", "opt_in"
# Where operations has written no line for a country, nor one for all countries.
USUAL_BASIS = {"survey": SOFT_OPT_IN, "marketing": OPT_IN, "reference": OPT_IN}


def against_mailing(
    basis: str, said: bool | None, *, objected: bool, reachable: bool = True, bounced: bool = False
) -> str:
    """Why a contact is not written to for a purpose: no_address, bounced, objected or no_consent; else empty.

    `said` is what they said last, None where they never said anything: then the basis decides. An objection holds
    whatever was said.
    """
    silent = basis == SOFT_OPT_IN
    verdicts = (
        (not reachable, "no_address"),
        (objected, "objected"),
        (bounced, "bounced"),
        (not (silent if said is None else said), "no_consent"),
    )
    return next((reason for applies, reason in verdicts if applies), "")


def address_form(address: str) -> str:
    """An e-mail address in the one form under which it is known again: no case, no compatibility characters."""
    return unicodedata.normalize("NFKC", address).strip().casefold()
