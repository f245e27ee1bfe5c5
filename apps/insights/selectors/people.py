"""The people of an account, and whose voice has been heard."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import contacts_of
from apps.core.scoping import Actor
from apps.feedback.models import Answer, Invitation


@dataclass(frozen=True, slots=True)
class Person:
    """A contact; when they were last asked about a delivery (None: never), and what they answered last."""

    contact: Contact
    asked_at: datetime | None
    score: int | None
    answered_at: datetime | None

    @property
    def can_be_asked(self) -> bool:
        """Whether they have an address, agreed to be asked and have not objected since."""
        return bool(self.contact.email and self.contact.survey_consent and not self.contact.survey_objected_at)


def people_of(actor: Actor, account: Account) -> list[Person]:
    """The active contacts of an account the actor may see, by name. Three queries."""
    contacts = contacts_of(actor, account)
    sent = Invitation.objects.filter(contact__in=contacts, sent_at__isnull=False).order_by()
    asked = dict(sent.values_list("contact").annotate(Max("sent_at")))
    latest = Answer.objects.nps().filter(contact__in=contacts).order_by("contact", "-answered_at").distinct("contact")
    said = {row[0]: row[1:] for row in latest.values_list("contact", "score", "answered_at")}
    return [Person(contact, asked.get(contact.pk), *said.get(contact.pk, (None, None))) for contact in contacts]
