"""An account that has been silent for long is asked once whether it would order again.

1. Silent for long is who has a rhythm (see `ordering.rules.rhythms`), and for whom twice the usual gap, and a month,
   have gone by since the last order; after a year it is lost, and nobody is asked any more.
2. Asked is who placed the last order; where they are gone, who decides.
3. It is asked once for a silence: not again until something was ordered.
"""

from collections import defaultdict
from datetime import UTC, date, datetime

from apps.accounts.models import Account, Contact
from apps.feedback.models import Invitation, Programme
from apps.feedback.services.programmes import CALLED_OFF, active_programme, ensure_programmes
from apps.feedback.services.subjects import Subject, decide
from apps.ordering.models import Order
from apps.ordering.rules.rhythms import GAPS_FOR_A_RHYTHM, LOST_AFTER_DAYS, Rhythm
from apps.ordering.selectors import rhythms_of

_LEAST_DAYS = 30
_LOT = 500  # accounts that are looked at and locked together


def plan_silences(*, now: datetime) -> int:
    """Decide about accounts that are silent for long; how many decisions were made or changed. Safe to repeat."""
    ensure_programmes()
    programme = active_programme(Programme.Kind.LAPSED)
    if programme is None:
        return 0
    ids = list(Account.objects.filter(is_active=True, is_test=False).order_by("pk").values_list("pk", flat=True))
    lots = (ids[start : start + _LOT] for start in range(0, len(ids), _LOT))
    return sum(len(decide(programme, _subjects(lot, now), now=now)) for lot in lots)


def is_silent(rhythm: Rhythm, on: date) -> bool:
    """Whether rule 1 says so on a day."""
    since = (on - rhythm.last_on).days
    return rhythm.gaps >= GAPS_FOR_A_RHYTHM and max(2 * rhythm.usual_gap, _LEAST_DAYS) < since <= LOST_AFTER_DAYS


def _subjects(account_ids: list[int], now: datetime) -> list[Subject]:
    today = now.astimezone(UTC).date()
    silent = {pk: each.last_on for pk, each in rhythms_of(account_ids, now=now).items() if is_silent(each, today)}
    if not silent:
        return []
    people = _people(list(silent))
    return [
        Subject(
            ref=f"account:{account.number}:lapsed:{silent[account.pk].isoformat()}",
            account=account,
            ready_at=now,
            people=people[account.pk],
            spread=account.pk,
            nobody=Invitation.Reason.NO_PERSON,
        )
        for account in Account.objects.filter(pk__in=silent)
    ]


def _people(account_ids: list[int]) -> dict[int, list[Contact]]:
    people: dict[int, list[Contact]] = defaultdict(list)
    orders = Order.objects.filter(account__in=account_ids).exclude(status__in=CALLED_OFF).select_related("contact")
    for order in orders.order_by("account_id", "-placed_at", "-pk").distinct("account_id"):
        if order.contact is not None and order.contact.is_active:
            people[order.account_id].append(order.contact)
    deciders = Contact.objects.filter(
        account__in=[pk for pk in account_ids if not people[pk]], persona=Contact.Persona.DECISION_MAKER, is_active=True
    )
    for contact in deciders:
        people[contact.account_id].append(contact)
    return people
