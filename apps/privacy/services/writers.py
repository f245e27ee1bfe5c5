"""Who wrote by mail and is no contact is forgotten: what was done about it stays with the account."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from apps.cases.models import Case, CaseFile, CaseMessage
from apps.core.models import Event
from apps.privacy.services.erasing import rewrite, rewrite_facts


def forget_writers(cases: Iterable[Case]) -> int:
    """Take the writer's name and address out of these cases and of what is told of them; how many cases. The account
    best fetched; within a transaction."""
    done = 0
    for case in cases:
        _forget(case)
        done += 1
    return done


def _forget(case: Case) -> None:
    words = [case.writer_name, case.writer_email]
    with translation.override(case.account.language):
        by = _("Somebody who wrote by e-mail")
    case.writer_email, case.writer_name, case.mail_id = "", by, ""
    case.save(update_fields=["writer_email", "writer_name", "mail_id"])
    rewrite(Case.objects.filter(pk=case.pk), ["title", "resolution"], words, by)
    rewrite(CaseMessage.objects.filter(case=case), ["author_name", "body", "quoted"], words, by)
    rewrite(CaseFile.objects.filter(case=case), ["name"], words, by)
    told = Event.objects.filter(subject=f"case:{case.number}")
    rewrite_facts(told, "facts", words, by)
    told.filter(actor_name__in=[word for word in words if word], actor_user_ref=None).update(actor_name=by)
