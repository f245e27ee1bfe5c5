"""A case goes to somebody else by hand."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import Rep
from apps.accounts.services import demand
from apps.cases.errors import AssigningRefused, CaseResolved
from apps.cases.models import Case
from apps.cases.services.owners import hand_over
from apps.cases.services.working import add_note
from apps.core.scoping import Actor


@transaction.atomic
def assign_case(actor: Actor, case: Case, *, rep_id: int | None, note: str = "", now: datetime) -> Case:
    """Give an open case to somebody who is there, with a word that stays with staff; to who has it, nothing changes.

    Records `case.assigned`, after which the new owner is told. Raises `AssigningRefused`, by field, and `CaseResolved`.
    """
    demand(actor, "case.work")
    case = Case.objects.select_for_update(of=("self",)).select_related("owner__user").get(pk=case.pk)
    if not case.is_open:
        raise CaseResolved
    owner = _there(rep_id, now)
    if note.strip():
        add_note(actor, case, body=note, now=now)
    if case.owner_id != owner.pk:
        hand_over(case, owner.pk, None, actor=actor, now=now, because="by_hand", note=note.strip()[:500])
    return case


def _there(rep_id: int | None, now: datetime) -> Rep:
    owner = Rep.objects.select_related("user").filter(pk=rep_id, user__is_active=True).first()
    if owner is None:
        _refuse(_("Choose somebody of the house who is still here."))
    if owner.is_away(timezone.localdate(now)):
        until = owner.away_until and date_format(owner.away_until, "j F")
        words = _("%(name)s is away until %(day)s: choose somebody else.") if until else _(
            "%(name)s is away: choose somebody else."
        )  # fmt: skip
        _refuse(words % {"name": owner, "day": until})
    return owner


def _refuse(words: str) -> None:
    raise AssigningRefused(words, fields={"rep": [words]})
