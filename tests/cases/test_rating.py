"""Whether it was put right, as the customer says: once for each time, by a press, and a no opens the case again."""

from datetime import timedelta

import pytest

from apps.accounts.errors import PermissionMissing
from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.errors import EmptyMessage, RatingRefused
from apps.cases.models import Case
from apps.cases.selectors import resolved_notice
from apps.core.models import Event, OutgoingMail
from apps.core.scoping import Actor
from apps.feedback.models import Invitation, Programme
from apps.feedback.tasks import plan_effort_after_case
from apps.insights.selectors import service_desk
from apps.insights.selectors.service_desk import put_right
from apps.insights.selectors.timeline import entry_of

pytestmark = pytest.mark.django_db
SAM = Actor(role="service", name="Sam")


@pytest.fixture
def case(world) -> Case:
    opened = services.report_problem(
        actor_for(world.anna.user), title="Wet", body="A box.", cause="other", key="1", now=world.now
    )
    return put(opened, world)


def put(case, world, *, after=0) -> Case:
    at = world.now + timedelta(days=after)
    services.answer_case(SAM, case, body="A new one comes.", now=at)
    return services.resolve_case(SAM, case, resolution="Sent again", cause="other", now=at)


def rate(world, case, is_right, words="", who=None, days=1):
    at = world.now + timedelta(days=days)
    return services.rate_case(actor_for((who or world.anna).user), case, is_right=is_right, words=words, now=at)


def test_a_yes_is_kept_once(world, case):
    assert rate(world, case, True).is_right
    with pytest.raises(RatingRefused):
        rate(world, case, False, "Not so.")
    case.refresh_from_db()
    assert (case.is_right, case.status) == (True, "resolved")
    assert "was put right" in entry_of(Event.objects.get(name="case.rated")).text


def test_a_no_opens_it_again_with_the_words_and_it_is_asked_anew_after(world, case):
    with pytest.raises(EmptyMessage):
        rate(world, case, False, " ")
    case.refresh_from_db()
    assert case.rated_at is None
    rate(world, case, False, "Still wet.")
    case.refresh_from_db()
    assert (case.is_right, case.status, case.messages.last().body) == (False, "open", "Still wet.")
    with pytest.raises(RatingRefused):
        rate(world, case, True)
    again = put(case, world, after=2)
    assert rate(world, again, True, days=3).is_right


def test_staff_in_a_contact_s_place_does_not_say_it_for_them(world, case):
    acting = actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
    with pytest.raises(PermissionMissing):
        services.rate_case(acting, case, is_right=True, now=world.now)


def test_it_is_pressed_on_the_page_and_never_by_a_link(client, world, case):
    client.force_login(world.anna.user)
    url = f"/service/{case.number}/"
    assert "Was it put right?" in client.get(url).content.decode()
    assert client.get(f"{url}rate/?is_right=yes").status_code == 405
    Case.objects.update(resolved_at=world.now - timedelta(days=1))
    assert client.post(f"{url}rate/", {"is_right": "no", "body": ""}).status_code == 422
    assert client.post(f"{url}rate/", {"is_right": "yes"}).status_code == 302
    page = client.get(url).content.decode()
    assert "Was it put right?" not in page
    assert "You said" in page


def test_who_is_not_asked_how_easy_it_was_is_told_and_may_say_so(world, case, mailoutbox):
    resolved = Event.objects.get(name="case.resolved")
    mailoutbox.clear()
    plan_effort_after_case(resolved.pk)
    assert Invitation.objects.get(case=case).state == "suppressed"
    assert [sent.to for sent in mailoutbox] == [[world.anna.email]]
    mailoutbox.clear()
    OutgoingMail.objects.all().delete()
    Invitation.objects.filter(case=case).update(state="planned", reason="", due_at=world.now)
    plan_effort_after_case(resolved.pk)
    assert not mailoutbox  # the programme asks
    Invitation.objects.all().delete()
    Programme.objects.filter(kind="case").update(is_active=False)
    Case.objects.update(contact=None, writer_email="w@x.example", writer_name="W")
    for _ in range(2):
        plan_effort_after_case(resolved.pk)
    (sent,) = mailoutbox
    assert (sent.to, "Sent again" in sent.body, "/service/" in sent.body) == (["w@x.example"], True, False)
    services.working.reopen(case, world.now)
    assert resolved_notice(resolved) == []


def test_a_share_is_shown_from_ten_on_with_its_interval(world, case):
    assert put_right(8, 9).share is None
    share = put_right(8, 10)
    assert (share.share, round(share.low, 2), round(share.high, 2)) == (0.8, 0.49, 0.94)
    rate(world, case, True)
    desk = service_desk(actor_for(world.sam.user), now=world.now + timedelta(days=2))
    assert (desk.put_right.n, desk.put_right.share) == (1, None)
    assert [load.put_right.n for load in desk.loads] == [1]
