"""A request to find something: a case of the rep's with a date, once, with a file that is what it says."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from PIL import Image

from apps.accounts.errors import PermissionMissing
from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.cases.errors import CaseNotFound, EmptyMessage, SourcingRefused
from apps.cases.models import Case, SourcingRequest
from apps.cases.selectors import messages_of, sourcing_file, sourcing_of
from apps.cases.services import LARGEST_FILE, answer_case, request_sourcing
from apps.cases.tasks import send_case_opened
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.insights.selectors import today_for
from apps.ordering.errors import NoAccountChosen

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


def ask(world, who, text="A seal for a Brennick pump, 45 mm", key="k1", **more):
    return request_sourcing(who, text=text, key=key, now=world.now, **more)


def picture(kind="PNG", size=(60, 40), **saved) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **saved)
    return out.getvalue()


def test_it_is_a_case_of_the_accounts_rep_with_a_date(world, anna):
    case = ask(world, anna, quantity=12, wished_on=world.today + timedelta(days=9), product=world.oil)
    assert (case.owner, case.cause, case.contact) == (world.rhea, "range", world.anna)
    assert case.title == "To find: A seal for a Brennick pump, 45 mm"
    assert world.now < case.acknowledge_by < case.answer_by
    [message] = messages_of(anna, case)
    assert message.body.splitlines() == [
        "A seal for a Brennick pump, 45 mm",
        "In place of: Hydraulic oil 5 litres (OIL-5L)",
        "Quantity: 12",
        "Wished by: 13 March 2026",
    ]
    found = sourcing_of(case)
    assert (found.quantity, found.product, found.file_kind) == (12, world.oil, "")


def test_it_stands_on_the_reps_page_of_today_and_nobody_elses(world, anna):
    case = ask(world, anna)

    def reasons(rep):
        return [reason.subject for each in today_for(actor_for(rep.user), now=world.now) for reason in each.reasons]

    assert f"case:{case.number}" in reasons(world.rhea)
    assert f"case:{case.number}" not in reasons(world.ruben)


def test_the_rep_is_mailed_and_so_is_the_buyer(world, anna):
    ask(world, anna)
    send_case_opened(Event.objects.get(name="case.opened").pk)
    assert {to for letter in mail.outbox for to in letter.to} == {world.rhea.user.email, world.anna.email}
    assert all("Brennick" in letter.body for letter in mail.outbox)


def test_without_a_rep_the_service_desk_owns_it(world, anna):
    Account.objects.filter(pk=world.brightwater.pk).update(rep=None)
    assert ask(world, anna).owner == world.sam


def test_the_same_key_asks_once_and_another_accounts_key_is_another(world, anna):
    first = ask(world, anna, file=picture())
    assert ask(world, anna, text="sent again") == first
    assert ask(world, actor_for(world.xaver.user)) != first
    assert (Case.objects.count(), SourcingRequest.objects.count()) == (2, 2)
    assert first.messages.count() == 1


def test_the_buyer_reads_the_answer(world, anna):
    case = ask(world, anna)
    answer_case(actor_for(world.rhea.user), case, body="Found: 4 weeks, 12.40 each.", now=world.now)
    assert [message.body for message in messages_of(anna, case)][-1] == "Found: 4 weeks, 12.40 each."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"quantity": 0}, "quantity"), ({"quantity": 10**9}, "quantity"), ({"wished_on": -1}, "wished_on")],
)
def test_what_cannot_be_is_refused_by_field_and_nothing_is_opened(world, anna, wrong, field):
    if "wished_on" in wrong:
        wrong = {"wished_on": world.today - timedelta(days=1)}
    with pytest.raises(SourcingRefused) as refused:
        ask(world, anna, **wrong)
    assert set(refused.value.fields) == {field}
    assert not Case.objects.exists()


def test_nothing_written_and_no_account_are_refused(world, anna):
    with pytest.raises(EmptyMessage):
        ask(world, anna, text=" \n ")
    with pytest.raises(NoAccountChosen):
        ask(world, actor_for(world.rhea.user))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_written_anew_upright_and_no_larger_than_needed(world, anna, kind):
    sent = picture(kind, size=(3000, 1500))
    case = ask(world, anna, file=sent)
    kept = sourcing_file(anna, case.number)
    assert kept.file_kind == "jpg"
    with Image.open(BytesIO(kept.file)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (2000, 1000))


def test_what_a_picture_tells_besides_is_not_kept(world, anna):
    exif = Image.Exif()
    exif[0x010F] = "a camera and a place"
    kept = bytes(sourcing_file(anna, ask(world, anna, file=picture("JPEG", exif=exif)).number).file)
    assert b"camera" not in kept


def test_a_pdf_is_kept_as_it_is(world, anna):
    kept = sourcing_file(anna, ask(world, anna, file=b"%PDF-1.7 rest").number)
    assert (kept.file_kind, bytes(kept.file)) == ("pdf", b"%PDF-1.7 rest")


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 40,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        picture()[:60],
        b"MZ" + b"\0" * 100,
        b"x" * (LARGEST_FILE + 1),
    ],
    ids=["html", "svg", "gif", "no png", "half a png", "exe", "too large"],
)
def test_what_is_neither_picture_nor_pdf_is_refused(world, anna, content):
    with pytest.raises(SourcingRefused) as refused:
        ask(world, anna, file=content)
    assert set(refused.value.fields) == {"file"}
    assert not Case.objects.exists()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_read(world, anna):
    with pytest.raises(SourcingRefused) as refused:
        ask(world, anna, file=picture(size=(8000, 6000)))
    assert "pixels" in refused.value.fields["file"][0]


def test_the_file_has_the_door_of_its_case(world, anna):
    case = ask(world, anna, file=picture())
    assert sourcing_file(actor_for(world.rhea.user), case.number)
    for stranger in (actor_for(world.xaver.user), actor_for(world.ruben.user)):
        with pytest.raises(CaseNotFound):
            sourcing_file(stranger, case.number)
    with pytest.raises(CaseNotFound):
        sourcing_file(anna, ask(world, anna, key="k2").number)


def test_who_may_open_no_case_asks_in_vain(world):
    with pytest.raises(PermissionMissing):
        ask(world, SYSTEM)
