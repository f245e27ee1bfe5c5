"""The mails of the demo: one that became a case with its photograph, two that wait."""

import pytest

from apps.accounts.models import Contact
from apps.cases.models import Case, CaseFile, WaitingMail
from apps.demo.clock import Clock
from apps.demo.logins import BUYER_HOUSE
from apps.demo.mails import save_mails

pytestmark = pytest.mark.django_db


def test_a_mail_is_a_case_and_two_wait(world):
    Contact.objects.filter(pk=world.anna.pk).update(email=f"buyer@{BUYER_HOUSE}")
    save_mails(Clock(world.now))
    case = Case.objects.get()
    assert (case.contact, case.origin, case.title) == (world.boris, "mail", "Leaking drum")
    assert "Boris" in case.messages.get().quoted
    assert WaitingMail.objects.count() == 2
    for file in CaseFile.objects.all():
        assert file.file.name == f"cases/demo-{file.pk}.jpg"
        assert file.file.storage.exists(file.file.name)
