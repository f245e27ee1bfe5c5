"""The people of an account, and whose voice has been heard."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from apps.accounts.models import Account, Contact, Purpose
from apps.accounts.selectors import contacts_of, unmailable
from apps.core.scoping import Actor
from apps.feedback.models import Answer, Invitation


@dataclass(frozen=True, slots=True)
class Person:
    """A contact; when they were last asked anything, whatever it was about (None: never), and what they answered last.

    `against` says why they may not be asked (a code of `accounts.selectors.unmailable`), empty where they may be.
    """

    contact: Contact
    asked_at: datetime | None
    score: int | None
    answered_at: datetime | None
    against: str = ""

    @property
    def can_be_asked(self) -> bool:
        """Whether they have an address, may be asked by the law of their country, and have not objected."""
        return not self.against


def people_of(actor: Actor, account: Account) -> list[Person]:
    """The active contacts of an account the actor may see, by name. Five queries at most."""
    contacts = contacts_of(actor, account)
    sent = Invitation.objects.filter(contact__in=contacts, sent_at__isnull=False).order_by()
    asked = dict(sent.values_list("contact").annotate(Max("sent_at")))
    latest = Answer.objects.nps().filter(contact__in=contacts).order_by("contact", "-answered_at").distinct("contact")
    said = {row[0]: row[1:] for row in latest.values_list("contact", "score", "answered_at")}
    against = unmailable({contact.pk for contact in contacts}, Purpose.SURVEY)
    return [
        Person(contact, asked.get(contact.pk), *said.get(contact.pk, (None, None)), against.get(contact.pk, ""))
        for contact in contacts
    ]
