"""What is looked at again just before somebody is asked or reminded: whether that may still be."""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, Q, QuerySet, Value, When

from apps.cases.models import Case
from apps.feedback.models import Invitation

_Reason = Invitation.Reason


def _against() -> dict[str, Q]:
    """Why an invitation must not go out after all, the weightiest reason first."""
    case = Case.objects.unresolved().filter(account=OuterRef("account"))
    return {
        _Reason.PROGRAMME_OFF: Q(programme__is_active=False),
        _Reason.TEST_ACCOUNT: Q(account__is_test=True),
        _Reason.OBJECTED: Q(contact__survey_objected_at__isnull=False),
        _Reason.NO_CONSENT: Q(contact__survey_consent=False),
        _Reason.NO_ADDRESS: Q(contact__is_active=False) | Q(contact__email=""),
        _Reason.OPEN_CASE: Q(Exists(case)),
    }


def still_wanted(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Those whose contact may still be asked or reminded at this moment."""
    return invitations.exclude(reduce(or_, _against().values()))


def suppress_withdrawn(invitations: QuerySet[Invitation]) -> int:
    """Set aside those planned that may not be asked any more, with the reason; how many. One query where there are
    none."""
    against = _against()
    why = Choose(*(When(condition, then=Value(reason)) for reason, condition in against.items()), default=Value(""))
    planned = invitations.filter(state=Invitation.State.PLANNED).annotate(why=why)
    withdrawn: dict[str, list[int]] = defaultdict(list)
    for pk, reason in planned.exclude(why="").values_list("pk", "why"):
        withdrawn[reason].append(pk)
    for reason, ids in withdrawn.items():
        Invitation.objects.filter(pk__in=ids).update(state=Invitation.State.SUPPRESSED, reason=reason, rest=None)
    return sum(map(len, withdrawn.values()))
