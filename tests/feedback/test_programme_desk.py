"""Operations try a programme before anybody is asked by it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import InternalError
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Contact
from apps.cases import services as cases
from apps.core.scoping import Actor
from apps.feedback import trying
from apps.feedback.models import Fatigue, Invitation, Programme, ProgrammeVersion, ProgrammeWords, RoleQuota
from apps.feedback.services import ensure_programmes, plan_invitation, replan_after_case
from apps.fulfilment.models import Shipment
from apps.fulfilment.services import freeze_facts
from tests.feedback.deliveries import delivered

APRIL = datetime(2026, 4, 5, 10, tzinfo=UTC)
SAM = Actor(role="service", name="Sam")


def _a_month(world):
    """Deliveries of March, one of which failed and was put right; and what is decided about each as it happens."""
    for day, who in ((2, world.anna), (3, world.boris), (9, world.rick), (9, world.lena), (16, world.anna)):
        at = datetime(2026, 3, day, 8, tzinfo=UTC)
        shipment = delivered(world, who, at=at)
        plan_invitation(shipment.pk, now=at + timedelta(hours=1))
    at = datetime(2026, 3, 20, 8, tzinfo=UTC)
    failed = delivered(world, world.xaver, at=at, is_late=True)
    case = cases.open_case_for_delivery(failed.pk, now=at)
    plan_invitation(failed.pk, now=at + timedelta(hours=1))
    fixed = at + timedelta(days=2)
    cases.answer_case(SAM, case, body="Here it is.", now=fixed)
    cases.resolve_case(SAM, case, resolution="Sent again", cause="delivery", now=fixed)
    replan_after_case(failed.account_id, now=fixed)


def test_a_dry_run_says_what_really_was_decided(world):
    RoleQuota.objects.create(programme=world.programme, role="buyer", per_quarter=2)
    _a_month(world)
    before = (Invitation.objects.count(), ProgrammeVersion.objects.count())
    run = trying.dry_run(world.programme, now=APRIL)
    assert (run.deliveries, run.asked, sum(count for _why, count in run.not_asked)) == (6, 4, 2)
    assert (run.asked, run.not_asked) == (run.really_asked, run.really_not_asked)
    assert sum(count for _role, count in run.by_role) == sum(count for _week, count in run.by_week) == run.asked
    assert (Invitation.objects.count(), ProgrammeVersion.objects.count()) == before


def test_a_dry_run_of_a_programme_that_is_off_leaves_out_what_others_ask_about(world):
    draft = Programme.objects.create(code="large", name="Large", priority=10, minimum_net=10, is_active=False)
    _a_month(world)
    freeze_facts(Shipment.objects.values_list("pk", flat=True), now=APRIL)  # as every handover does
    draft.segments = ["engineering"]  # as it stands in the form, saved or not
    run = trying.dry_run(draft, now=APRIL)
    assert (run.asked, run.really_asked, run.really_not_asked) == (1, 0, [])  # all four were asked by the other
    draft.refresh_from_db()
    assert not draft.is_active


def _typed(page) -> dict[str, str]:
    """What the form of a programme sends as it stands."""
    forms = [page.context["adminform"].form, *(inline.formset for inline in page.context["inline_admin_formsets"])]
    forms = [*forms[:1], *(form for formset in forms[1:] for form in (formset.management_form, *formset.forms))]
    typed = {field.html_name: field.value() for form in forms for field in form}
    return {name: value for name, value in typed.items() if value is not False and value not in (None, [])}


def test_a_draft_is_tried_before_it_is_saved(world, signed_in):
    at = timezone.now().replace(day=1, hour=8) - timedelta(days=9)  # last month
    for who in (world.anna, world.boris, world.xaver):
        delivered(world, who, at=at)
    otto = signed_in(world.otto)
    page = reverse("admin:feedback_programme_change", args=[world.programme.pk])
    dry_run = reverse("admin:feedback_programme_dry_run", args=[world.programme.pk])
    shown = otto.get(page)
    assert f'formaction="{dry_run}"' in shown.text
    typed = _typed(shown)
    assert otto.post(dry_run, typed).context["run"].asked == 3
    run = otto.post(dry_run, typed | {"segments": "nobody's"}).context["run"]
    assert (run.asked, run.deliveries) == (0, 3)
    quota = {"quotas-TOTAL_FORMS": "1", "quotas-0-role": world.anna.role, "quotas-0-per_quarter": "1"}
    Contact.objects.filter(pk=world.boris.pk).update(role=world.anna.role)
    assert dict(otto.post(dry_run, typed).context["run"].by_role) == {"buyer": 3}
    tried = otto.post(dry_run, typed | quota)
    assert dict(tried.context["run"].by_role) == {"buyer": 2, "finance": 1} and "it is not saved" in tried.text
    wrong = otto.post(dry_run, typed | {"window_to": "08:00:00"})
    assert "The hours end before they begin." in wrong.text and f'action="{page}"' in wrong.text
    kept = Programme.objects.get(pk=world.programme.pk)
    assert (kept.segments, kept.quotas.count(), kept.window_to.hour) == ([], 0, 17)


def test_what_other_programmes_asked_is_not_counted_as_its_own(world):
    large = Programme.objects.create(code="large", name="Large", priority=10, segments=["engineering"])
    _a_month(world)
    own = Invitation.objects.filter(programme=large, contact__isnull=False).count()
    run = trying.dry_run(large, now=APRIL)
    assert (run.really_asked, run.asked) == (own, own) and 0 < own < Invitation.objects.exclude(contact=None).count()


def test_a_programme_is_tried_before_it_is_there(world, signed_in):
    at = timezone.now().replace(day=1, hour=8) - timedelta(days=9)  # last month
    for who in (world.anna, world.boris, world.xaver):
        delivered(world, who, at=at)
    otto = signed_in(world.otto)
    dry_run = reverse("admin:feedback_programme_dry_run_new")
    shown = otto.get(reverse("admin:feedback_programme_add"))
    assert f'formaction="{dry_run}"' in shown.text
    typed = _typed(shown) | {"name": "Large", "code": "large", "priority": "10"}
    quota = {"quotas-TOTAL_FORMS": "1", "quotas-0-role": world.anna.role, "quotas-0-per_quarter": "1"}
    Contact.objects.filter(pk=world.boris.pk).update(role=world.anna.role)
    tried = [otto.post(dry_run, typed | more).context["run"].by_role for more in ({}, quota, {"segments": "nobody's"})]
    assert [dict(roles) for roles in tried] == [{"buyer": 3}, {"buyer": 2, "finance": 1}, {}]
    assert "the programme is new" in otto.post(dry_run, typed).text
    assert "does not ask about any" in otto.post(dry_run, typed | {"kind": "lapsed"}).text
    assert "The hours end before they begin." in otto.post(dry_run, typed | {"window_to": "08:00:00"}).text
    assert (otto.get(dry_run).status_code, signed_in(world.sam).post(dry_run, typed).status_code) == (405, 302)
    assert Programme.objects.get() == world.programme


def test_a_dry_run_could_not_write(world, monkeypatch):
    def write(*_args):
        Programme.objects.update(delay_days=9)

    monkeypatch.setattr(trying, "_deliveries", write)
    with pytest.raises(InternalError, match="read-only"):
        trying.dry_run(world.programme, now=APRIL)
    Programme.objects.update(delay_days=3)  # after it one can


def test_as_many_queries_for_a_busy_month_as_for_a_calm_one(world, django_assert_max_num_queries):
    for size in (2, 40):
        for who in (world.anna, world.xaver) * (size // 2):
            delivered(world, who, at=datetime(2026, 3, 4, tzinfo=UTC))
        with django_assert_max_num_queries(17):
            trying.dry_run(world.programme, now=APRIL)


def test_operations_read_what_would_be_read_and_send_it_to_themselves(world, signed_in, mailoutbox):
    ProgrammeWords.objects.create(programme=world.programme, language="fa", question="Wie war es?")
    otto = signed_in(world.otto)
    shown = otto.get(reverse("admin:feedback_programme_preview", args=[world.programme.pk]), {"language": "fa"})
    assert shown.text.count("Wie war es?") == 2  # page and letter
    letter = reverse("admin:feedback_programme_letter", args=[world.programme.pk])
    assert f'src="{letter}?language=fa"' in shown.text
    framed = otto.get(letter, {"language": "fa"})
    assert 'dir="rtl"' in framed.text and "Wie war es?" in framed.text
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src 'none'" in policy
    fallen_back = otto.get(reverse("admin:feedback_programme_preview", args=[world.programme.pk]), {"language": "xx"})
    assert fallen_back.status_code == 200
    send = reverse("admin:feedback_programme_test_send", args=[world.programme.pk])
    assert otto.get(send).status_code == 405
    assert otto.post(send, {"language": "fa", "address": world.anna.email}).status_code == 302
    (message,) = mailoutbox
    assert (message.to, "Wie war es?" in message.body) == ([world.otto.email], True)
    assert "List-Unsubscribe" not in message.extra_headers
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("kind", [kind for kind in Programme.Kind if kind != Programme.Kind.DELIVERY])
def test_other_kinds_are_read_and_sent_in_their_own_letter(world, signed_in, mailoutbox, kind):
    ensure_programmes()
    programme = Programme.objects.get(kind=kind)
    otto = signed_in(world.otto)
    shown = otto.get(reverse("admin:feedback_programme_preview", args=[programme.pk]), {"language": "en"})
    assert shown.text.count(programme.question) == 2  # page and letter
    send = reverse("admin:feedback_programme_test_send", args=[programme.pk])
    assert otto.post(send, {"language": "en"}).status_code == 302
    (message,) = mailoutbox
    assert (message.to, programme.question in message.body) == ([world.otto.email], True)
    said = {"case": "CA-0", "relationship": "Example Ltd", "first_order": "SO-0", "lapsed": "The last order of"}
    assert said[kind].lower() in f"{message.subject} {message.body}".lower()


def test_a_dry_run_is_shown_and_other_kinds_are_refused_in_words(world, signed_in):
    otto = signed_in(world.otto)
    shown = otto.get(reverse("admin:feedback_programme_dry_run", args=[world.programme.pk]))
    assert "Nothing was written down" in shown.text
    lapsed = Programme.objects.create(code="lapsed", name="Lapsed", kind="lapsed")
    refused = otto.get(reverse("admin:feedback_programme_dry_run", args=[lapsed.pk]), follow=True)
    assert "does not ask about any" in refused.text


@pytest.mark.parametrize("name", ["preview", "letter", "dry_run", "test_send"])
def test_nobody_but_operations_tries(world, signed_in, name):
    address = reverse(f"admin:feedback_programme_{name}", args=[world.programme.pk])
    for who in (world.anna, world.sam, world.mona):
        assert signed_in(who).post(address).status_code in (302, 403)


def test_the_limits_of_the_house_are_added_once(world, signed_in):
    otto = signed_in(world.otto)
    add = reverse("admin:feedback_fatigue_add")
    assert otto.get(add).status_code == 200
    Fatigue.objects.create(pk=1)
    assert otto.get(add).headers["Location"] == reverse("admin:feedback_fatigue_change", args=[1])
    assert add not in otto.get(reverse("admin:feedback_fatigue_changelist")).content.decode().partition("<main")[2]
