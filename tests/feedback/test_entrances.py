"""The ways in: tasks of events and of the schedule, the command, the admin."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from apps.cases.models import Case
from apps.core.events import record
from apps.core.models import Event
from apps.feedback import tasks
from apps.feedback.models import Answer, Invitation
from apps.feedback.services import answer, plan_invitation
from tests.feedback.deliveries import delivered


@pytest.fixture
def shipment(world):
    return delivered(world, at=timezone.now())


def test_reactions_may_run_twice(world, shipment):
    now = timezone.now()
    event = record("shipment.delivered", f"shipment:{shipment.number}", account_id=shipment.account_id, at=now)
    for _ in range(2):
        tasks.plan_invitation_after_delivery(event.pk)
    answer(Invitation.objects.get(), score=1, channel="email", now=now)
    answered = Event.objects.get(name="survey.answered")
    for _ in range(2):
        tasks.close_the_loop_of_answer(answered.pk)
    assert Case.objects.count() == 1
    waiting = plan_invitation(delivered(world, at=now).pk, now=now)
    assert waiting.reason == "open_case"
    Case.objects.update(status="resolved", resolved_at=now)
    resolved = record("case.resolved", "case:x", account_id=shipment.account_id, at=now)
    for _ in range(2):
        tasks.replan_after_case(resolved.pk)
    waiting.refresh_from_db()
    assert waiting.state == "planned"


def test_the_command_finds_plans_and_with_now_sends_at_once(shipment, mailoutbox, capsys):
    call_command("send_due")
    assert "1 decisions made, 0 messages sent" in capsys.readouterr().out
    call_command("send_due", "--now")
    said = capsys.readouterr().out
    assert "For demonstration, 1 planned invitations were made due now." in said
    assert "1 messages sent" in said
    assert len(mailoutbox) == 1


def test_the_schedule_s_sweeps_leave_a_quiet_house_alone(world, mailoutbox):
    tasks.send_due_invitations()
    tasks.reconcile_invitations()
    tasks.expire_invitations()
    assert mailoutbox == []


@pytest.fixture
def told(world, shipment):
    """One of everything that the admin lists."""
    invitation = plan_invitation(shipment.pk, now=timezone.now())
    answer(invitation, score=2, channel="email", now=timezone.now())
    tasks.close_the_loop_of_answer(Event.objects.get(name="survey.answered").pk)
    return {"feedback_programme": world.programme, "feedback_invitation": invitation,
            "feedback_answer": Answer.objects.get(), "cases_case": Case.objects.get()}  # fmt: skip


@pytest.mark.parametrize("page", ["feedback_programme", "feedback_invitation", "feedback_answer", "cases_case"])
def test_operations_sees_each_list_and_page(world, told, signed_in, page):
    otto = signed_in(world.otto)
    assert otto.get(reverse(f"admin:{page}_changelist"), {"q": "SH"}).status_code == 200
    assert otto.get(reverse(f"admin:{page}_change", args=[told[page].pk])).status_code == 200


def test_operations_changes_the_rules_and_no_decision(world, told, signed_in):
    otto, programme = signed_in(world.otto), world.programme
    address = reverse("admin:feedback_programme_change", args=[programme.pk])
    fields = otto.get(address).context["adminform"].form.initial
    fields = {name: value for name, value in fields.items() if name not in ("id", "code", "kind")}
    for inline in ("translations", "quotas", "versions"):
        fields |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    wrong = otto.post(address, {**fields, "window_from": "17:00", "window_to": "09:00"})
    assert "The hours end before they begin." in wrong.text
    otto.post(address, {**fields, "delay_days": 5})
    programme.refresh_from_db()
    assert programme.delay_days == 5
    decision = reverse("admin:feedback_invitation_change", args=[told["feedback_invitation"].pk])
    assert otto.post(decision, {"state": "planned"}).status_code == 403
