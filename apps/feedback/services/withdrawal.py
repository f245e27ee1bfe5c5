"""What is looked at again just before somebody is asked or reminded: whether that may still be."""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, Q, QuerySet, Value, When

from apps.accounts.models import Purpose
from apps.accounts.selectors import unmailable
from apps.cases.models import Case
from apps.feedback.models import Invitation, Programme
from apps.fulfilment.models import Shipment

_Reason = Invitation.Reason


def _against() -> dict[str, Q]:
    """Why an invitation must not go out after all, the weightiest reason first."""
    cases = Case.objects.unresolved()
    of_account = Exists(cases.filter(account=OuterRef("account")))
    own = Exists(cases.filter(contact=OuterRef("contact")))  # asked how the last one went while the next one is open
    after_case = Q(programme__kind=Programme.Kind.CASE)
    not_received = Q(shipment__isnull=False) & ~Q(shipment__status=Shipment.Status.DELIVERED)
    return {
        _Reason.VOIDED: not_received & Q(programme__kind=Programme.Kind.DELIVERY),
        _Reason.PROGRAMME_OFF: Q(programme__is_active=False),
        _Reason.TEST_ACCOUNT: Q(account__is_test=True),
        _Reason.NO_ADDRESS: Q(contact=None),  # deleted meanwhile
        _Reason.OPEN_CASE: (after_case & Q(own)) | (~after_case & Q(of_account)),
    }


def still_wanted(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Those whose contact may still be asked or reminded at this moment. Two queries, and the one that is returned."""
    wanted = invitations.exclude(reduce(or_, _against().values()))
    refuse = unmailable(set(wanted.order_by().values_list("contact_id", flat=True)), Purpose.SURVEY)
    return wanted.exclude(contact__in=refuse)


def suppress_withdrawn(invitations: QuerySet[Invitation]) -> int:
    """Set aside those planned that may not be asked any more, with the reason; how many. Three queries where there are
    none."""
    against = _against()
    why = Choose(*(When(condition, then=Value(reason)) for reason, condition in against.items()), default=Value(""))
    planned = invitations.filter(state=Invitation.State.PLANNED).annotate(why=why)
    rows = list(planned.values_list("pk", "contact_id", "why"))
    refuse = unmailable({contact_id for _pk, contact_id, _why in rows if contact_id}, Purpose.SURVEY)
    withdrawn: dict[str, list[int]] = defaultdict(list)
    for pk, contact_id, reason in rows:
        reason = refuse.get(contact_id, reason) if reason in ("", _Reason.OPEN_CASE) else reason
        if reason:
            withdrawn[reason].append(pk)
    for reason, ids in withdrawn.items():
        Invitation.objects.filter(pk__in=ids).update(state=Invitation.State.SUPPRESSED, reason=reason, rest=None)
    return sum(map(len, withdrawn.values()))
