"""What failed in the house is a case for the account it concerns, before they complain; the rest is told to operations.

1. Looked at are: reactions that failed every time they were tried, money that waits and fits no invoice, messages of
   carriers in quarantine, price lists that could not be made, and carriers that have fallen silent.
2. Each is one case, or one line of one mail to operations, once. Nobody is mailed an apology: the desk finds out first
   whether there is anything to say.
3. What fails when a mail server is out, and what fails about a case, is told to operations alone: a case would be
   mailed to somebody, which fails as well. Only so many cases are opened in an hour.
4. What is healed meanwhile closes the case that nobody has touched; where somebody is at it, they are told by a note.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Count, Exists, F, Func, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, TruncDate
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.cases.models import Case
from apps.cases.services.opening import open_case
from apps.cases.services.working import note_once
from apps.core.events import record
from apps.core.formatting import money
from apps.core.models import Event, ParkedReaction
from apps.core.reactions import connection_lost
from apps.core.scoping import SYSTEM
from apps.fulfilment.models import CarrierMessage, Shipment
from apps.invoicing.models import Receipt
from apps.ordering.models import Order
from apps.pricing.models import PriceListFile

MOST = 200  # of a kind in one run; the rest waits for the next
MOST_CASES = 20  # an hour; operations is told that more wait
UNMATCHED_FOR = timedelta(days=2)
QUARANTINED_FOR = timedelta(hours=4)
LOOK_BACK = timedelta(days=14)
SILENT_FOR = timedelta(days=2)
TALKS_OFTEN = 20  # messages in the two weeks before
#: Tasks of these apps do something for a customer; the others reckon for ourselves.
_FOR_CUSTOMERS = ("ordering", "fulfilment", "invoicing", "cases", "feedback", "pricing")
#: What tells of these fails among ourselves: a case about a case would be told like it, and fail like it.
_OURS = ("case", "conversation", "mail", "waiting", "trouble", "troubles")
_UNSENT = Q(task_name__contains=".tasks.send_") | connection_lost()
_CAUSES = {"order": "delivery", "shipment": "delivery", "delivery": "delivery", "invoice": "invoice"}
_CAUSES |= {"credit_note": "invoice", "payment": "invoice", "dunning": "invoice", "price_list": "price"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong. `about` is a number for the customer's title; `detail` is for ourselves alone."""

    ref: str
    account_id: int | None
    cause: str
    about: str
    detail: str
    order_id: int | None = None
    shipment_id: int | None = None


def watch_the_house(*, now: datetime) -> int:
    """Open a case for each new trouble of an account, tell operations of the others, close what is healed; how many
    troubles were new. Safe to repeat.

    Records `case.opened`, `trouble.noticed` for each that is no account's, and `troubles.noticed` once for the mail.
    """
    _close_healed(now)
    found = _without_closed({each.ref: each for each in _troubles(now)}.values())
    owned = {each.ref for each in found if each.account_id is not None}
    owned -= set(Case.objects.filter(source_ref__in=owned).values_list("source_ref", flat=True))
    mine = [each for each in found if each.ref in owned]
    room = max(0, MOST_CASES - _opened_lately(now))
    for each in mine[:room]:
        _open(each, now)
    others = [each for each in found if each.account_id is None]
    if mine[room:]:  # something is wrong with the house: each of them would be a mail to somebody
        ref, detail = f"trouble:many:{now:%Y%m%d%H}", f"{len(mine) - room}: {mine[room].detail}"
        others.append(Trouble(ref, None, "other", "", detail))
    return len(mine[:room]) + _tell_operations(others, now)


def _without_closed(troubles: Iterable[Trouble]) -> list[Trouble]:
    """What concerns an account that is closed is told to operations: nobody there reads a case."""
    troubles = list(troubles)
    accounts = {each.account_id for each in troubles} - {None}
    there = set(Account.objects.filter(pk__in=accounts, is_active=True).values_list("pk", flat=True))
    return [each if each.account_id in there else replace(each, account_id=None) for each in troubles]


def _opened_lately(now: datetime) -> int:
    lately = Case.objects.filter(origin=Case.Origin.HOUSE, source_ref__startswith="trouble:")
    return lately.filter(opened_at__gt=now - timedelta(hours=1)).count()


def _troubles(now: datetime) -> Iterator[Trouble]:
    yield from _parked(now)
    yield from _unsent(now)
    yield from _unmatched(now)
    yield from _quarantined(now)
    yield from _papers(now)
    yield from _silent(now)


def _new(rows: QuerySet, kind: str, name: str = "pk") -> QuerySet:
    """The newest of the rows that are neither a case yet nor told to operations."""
    rows = rows.annotate(ref=Concat(Value(f"trouble:{kind}:"), Cast(name, CharField()), output_field=CharField()))
    told = Event.objects.filter(name="trouble.noticed", subject=OuterRef("ref"))
    rows = rows.filter(~Exists(Case.objects.filter(source_ref=OuterRef("ref"))), ~Exists(told))
    return rows.order_by("-pk")[:MOST]


def _parked(now: datetime) -> Iterator[Trouble]:
    rows = ParkedReaction.objects.select_related("event").filter(parked_at__gt=now - LOOK_BACK)
    for row in _new(rows.exclude(_UNSENT), "parked", "event_id"):
        noun, _colon, number = row.event.subject.partition(":")
        is_theirs = row.task_name.split(".")[1] in _FOR_CUSTOMERS and noun not in _OURS
        yield Trouble(
            ref=f"trouble:parked:{row.event_id}",
            account_id=row.event.account_ref if is_theirs else None,
            cause=_CAUSES.get(noun, "other"),
            about=number,
            detail=f"{row.task_name}\n{row.event.name} {row.event.subject}\n{row.error[:500]}",
            order_id=_id_of(Order, number) if noun == "order" else None,
            shipment_id=_id_of(Shipment, number) if noun == "shipment" else None,
        )


def _unsent(now: datetime) -> Iterator[Trouble]:
    """A mail server or another machine that is out fails everything at once: one line for a task and error a day."""
    rows = ParkedReaction.objects.filter(_UNSENT, parked_at__gt=now - LOOK_BACK).order_by()
    error = Func(F("error"), Value(":"), Value(1), function="split_part", output_field=CharField())
    kinds = rows.annotate(kind=error, day=TruncDate("parked_at", tzinfo=UTC)).values("task_name", "kind", "day")
    for row in kinds.annotate(n=Count("pk"), last=Max("error")).order_by("day", "task_name", "kind"):
        ref = f"trouble:unsent:{row['day']:%Y%m%d}:{row['task_name'].rpartition('.')[2][:34]}:{row['kind'][:20]}"
        yield Trouble(ref, None, "other", "", f"{row['task_name']} ({row['n']})\n{row['last'][:400]}")


def _id_of(model, number: str) -> int | None:
    return model.objects.filter(number=number).values_list("pk", flat=True).first()


def _unmatched(now: datetime) -> Iterator[Trouble]:
    by = (now - UNMATCHED_FOR).date()
    unsure = Q(match__in=[Receipt.Match.NONE, Receipt.Match.ALONE])
    waiting = Receipt.objects.filter(unsure, state=Receipt.State.WAITING, received_on__lte=by)
    for row in _new(waiting, "receipt"):
        amount = money(row.amount, row.currency)
        # Whose it is by its amount alone is a guess, and an account's contacts must not read of somebody else's money.
        yield Trouble(
            ref=f"trouble:receipt:{row.pk}",
            account_id=None if row.match == Receipt.Match.ALONE else row.account_id,
            cause="invoice",
            about=f"{row.received_on:%Y-%m-%d}",
            detail=f"{row.received_on:%Y-%m-%d} {amount} {row.payer_name}\n{row.text[:300]}",
        )


def _quarantined(now: datetime) -> Iterator[Trouble]:
    rows = CarrierMessage.objects.filter(
        state=CarrierMessage.State.QUARANTINED,
        received_at__lte=now - QUARANTINED_FOR,
        received_at__gt=now - LOOK_BACK,
    )
    for row in list(_new(rows, "carrier")):
        shipment = _shipment_in(row)
        yield Trouble(
            ref=f"trouble:carrier:{row.pk}",
            account_id=shipment.account_id if shipment else None,
            cause="delivery",
            about=shipment.number if shipment else row.carrier,
            detail=f"{row.carrier} {row.message_id}: {row.reason}",
            shipment_id=shipment.pk if shipment else None,
            order_id=shipment.order_id if shipment else None,
        )


def _shipment_in(message: CarrierMessage) -> Shipment | None:
    """The shipment that a message seems to be about, whatever else is wrong with it."""
    body = message.body if isinstance(message.body, dict) else {}
    names = ("shipment", "tracking_number", "tracking_code")
    codes = {str(body.get(name) or "").strip()[:60] for name in names} - {""}
    if not codes:
        return None
    named = Q(number__in=codes) | Q(tracking_code__in=codes, carrier__iexact=message.carrier)
    return Shipment.objects.filter(named).order_by("-pk").first()


def _papers(now: datetime) -> Iterator[Trouble]:
    failed = PriceListFile.objects.filter(state=PriceListFile.State.FAILED, asked_at__gt=now - LOOK_BACK)
    for row in _new(failed, "paper"):
        yield Trouble(f"trouble:paper:{row.pk}", row.account_id, "price", f"{row.on_day:%Y-%m-%d}", row.refusal)


def _silent(now: datetime) -> Iterator[Trouble]:
    """Carriers that used to tell much and tell nothing any more, while goods are on their way with them."""
    heard = CarrierMessage.objects.filter(received_at__gt=now - LOOK_BACK).order_by().values("carrier")
    quiet = heard.annotate(n=Count("pk"), last=Max("received_at")).filter(n__gte=TALKS_OFTEN)
    for row in quiet.filter(last__lte=now - SILENT_FOR).order_by("carrier"):
        under_way = Shipment.objects.filter(carrier__iexact=row["carrier"], status=Shipment.Status.SHIPPED)
        if under_way.exists():
            last = row["last"]
            ref = f"trouble:silent:{row['carrier'][:40]}:{last:%Y%m%d}"
            yield Trouble(ref, None, "delivery", row["carrier"], f"{row['carrier']}: {last:%Y-%m-%d %H:%M} UTC")


def _open(trouble: Trouble, now: datetime) -> None:
    account = Account.objects.get(pk=trouble.account_id)
    with transaction.atomic(), translation.override(account.language):
        case = open_case(
            account_id=account.pk,
            title=_title(trouble),
            cause=trouble.cause,
            origin=Case.Origin.HOUSE,
            source_ref=trouble.ref,
            order_id=trouble.order_id,
            shipment_id=trouble.shipment_id,
            now=now,
        )
        note_once(case, trouble.detail[:4000], now=now)


def _title(trouble: Trouble) -> str:
    kind = trouble.ref.split(":")[1]
    words = {
        "receipt": _("A payment of %(about)s could not be put to an invoice"),
        "carrier": _("A message about delivery %(about)s could not be understood"),
        "paper": _("A price list of %(about)s could not be made"),
    }.get(kind) or _("Something about %(about)s was not finished on our side")
    return words % {"about": trouble.about}


@transaction.atomic
def _tell_operations(troubles: Collection[Trouble], now: datetime) -> int:
    told = Event.objects.filter(name="trouble.noticed", subject__in=[each.ref for each in troubles])
    known = set(told.values_list("subject", flat=True))
    new = [each for each in troubles if each.ref not in known]
    for each in new:
        record("trouble.noticed", each.ref[:80], at=now, detail=each.detail[:500])
    if new:
        lines = [{"kind": each.ref.split(":")[1], "detail": each.detail[:500]} for each in new[:20]]
        record("troubles.noticed", f"troubles:{now:%Y%m%d%H%M}", at=now, count=len(new), lines=lines)
    return len(new)


def _close_healed(now: datetime) -> None:
    cases = Case.objects.unresolved().filter(origin=Case.Origin.HOUSE, source_ref__startswith="trouble:")
    refs = dict(cases.values_list("pk", "source_ref"))
    there = _still_there(refs.values())
    for pk, ref in refs.items():
        if ref not in there:
            _heal(pk, now)


def _still_there(refs: Collection[str]) -> set[str]:
    found: set[str] = set()
    for kind, rows, name in (
        ("parked", ParkedReaction.objects.all(), "event_id"),
        ("receipt", Receipt.objects.filter(state=Receipt.State.WAITING), "pk"),
        ("carrier", CarrierMessage.objects.filter(state=CarrierMessage.State.QUARANTINED), "pk"),
        ("paper", PriceListFile.objects.filter(state=PriceListFile.State.FAILED), "pk"),
    ):
        ids = [int(ref.rpartition(":")[2]) for ref in refs if ref.startswith(f"trouble:{kind}:")]
        if ids:
            there = rows.filter(**{f"{name}__in": ids}).values_list(name, flat=True)
            found |= {f"trouble:{kind}:{pk}" for pk in there}
    return found


@transaction.atomic
def _heal(pk: int, now: datetime) -> None:
    case = Case.objects.select_for_update(of=("self",)).select_related("account").get(pk=pk)
    with translation.override(case.account.language):
        words = _("It has been put right in the meantime: what failed has gone through.")
    if not case.is_open:
        return
    if case.status != Case.Status.OPEN or case.messages.filter(is_internal=False).exists():
        note_once(case, words, now=now)
        return
    case.status, case.resolved_at, case.resolution = Case.Status.RESOLVED, now, words
    case.save(update_fields=["status", "resolved_at", "resolution"])
    facts = {"title": case.title, "cause": case.cause, "resolution": words}
    record("case.resolved", f"case:{case.number}", account_id=case.account_id, actor=SYSTEM, at=now, **facts)
