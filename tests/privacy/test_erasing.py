"""Somebody is forgotten: what was done stays, who did it does not."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.test import TestCase

from apps.accounts.errors import PermissionMissing
from apps.accounts.models import Account, Contact, Notice, NoticeChoice, SavedView
from apps.accounts.selectors import actor_for, may_mail
from apps.accounts.services import object_to
from apps.cases.models import Case, CaseFile, CaseMessage, FollowUp, WaitingMail
from apps.cases.services import open_case
from apps.catalogue.models import PastSearch, SeenProduct
from apps.core.events import record
from apps.core.models import Event, OutgoingMail
from apps.feedback.models import Answer, Invitation, NextNeed, Offer, Referral
from apps.feedback.services import answer, plan_invitation
from apps.insights.models import (
    AccountNote,
    CallReport,
    Greeting,
    GreetingPutAway,
    Need,
    NeedMention,
    VisitDay,
    VisitStop,
)
from apps.insights.services import gather_needs
from apps.insights.services.call_reports import Talk, log_talk
from apps.insights.services.notes import write_note
from apps.ordering.models import Order
from apps.privacy.errors import AlreadyErased
from apps.privacy.models import Retention
from apps.privacy.rules import facts_without, without
from apps.privacy.selectors import copy_of
from apps.privacy.services import erase_person, forget_referred, sweep
from apps.privacy.services.erasing import TEXTS
from tests.feedback.deliveries import delivered

pytestmark = pytest.mark.django_db
#: Columns that name somebody of our own, or nobody: an erasure leaves them.
NOT_A_CUSTOMER = {
    "cases.ProductQuestion.answered_by_name",
    "cases.Return.decided_by_name",
    "cases.ReturnReceipt.received_by",
    "feedback.Offer.decided_by_name",
    "feedback.ReviewVersion.decided_by_name",
    "insights.AccountNote.by_name",
    "insights.CallReport.by_name",
    "insights.HandOver.by_name",
    "insights.RevenueTarget.set_by_name",
    "invoicing.BankFile.taken_by_name",
    "invoicing.Issuer.email",
    "invoicing.Receipt.decided_by_name",
    "pricing.PriceMatch.answered_by_name",
    "pricing.PriceProposal.by_name",
    "pricing.PriceProposal.decided_by_name",
}


#: The same among what anything is called, of tables that point to accounts or contacts.
CALLED_OTHERWISE = {
    "accounts.Account.name",
    "accounts.Acting.name",
    "accounts.ShipTo.name",
    "insights.ScoreWindow.name",
    "invoicing.Dunning.name",
    "ordering.ApprovalPolicy.name",
    "ordering.BlanketOrder.name",
    "ordering.CostCentre.name",
    "ordering.PaymentPlan.name",
    "pricing.Contract.name",
    "pricing.Coupon.name",
    "pricing.PriceList.name",
    "pricing.Promotion.name",
}


@pytest.fixture
def otto(world):
    return actor_for(world.otto)


@pytest.fixture
def maria(world) -> Contact:
    """Anna under a whole name, with a number and a history: an answer, a case, a search, a mail."""
    Contact.objects.filter(pk=world.anna.pk).update(name="Maria Vogel", phone="+44 113 496 0777")
    maria = Contact.objects.get(pk=world.anna.pk)
    shipment = delivered(world, maria, received_by="Maria Vogel")
    Order.objects.filter(pk=shipment.order_id).update(placed_by_name="Maria Vogel", notes="Ring +44 113 496 0777.")
    asked = plan_invitation(shipment.pk, now=world.now)
    comment = "Ask Maria at goods-in. Vogelsang Street was closed."
    answer(asked, score=3, comment=comment, channel="email", now=world.now)
    open_case(
        account_id=world.brightwater.pk, contact_id=maria.pk, title="Maria Vogel gave 3 out of 10", cause="delivery",
        origin="survey", source_ref="t", body="Please call Maria Vogel.", now=world.now,
    )  # fmt: skip
    PastSearch.objects.create(contact=maria, text="bolts", searched_at=world.now)
    OutgoingMail.objects.create(
        key="k", to=maria.email, subject="For Maria Vogel", state="sent", claimed_at=world.now
    )  # fmt: skip
    return maria


def everything(world) -> str:
    """Every text that the house keeps, but for passwords."""
    texts = []
    for label in settings.DOMAINS:
        for model in apps.get_app_config(label.rpartition(".")[2]).get_models():
            texts += [str(row) for row in model.objects.values_list()]
    return "\n".join(texts)


def test_name_address_and_number_are_nowhere_any_more(world, maria, otto):
    address = maria.email
    assert erase_person(otto, maria, now=world.now) == 1
    kept = everything(world)
    for word in ("Maria", "maria vogel", address, "496 0777"):
        assert word.lower() not in kept.lower(), word
    assert "Vogelsang Street was closed" in kept


@pytest.fixture
def gave(world, maria) -> Referral:
    """What else Maria gave, and what came of it: somebody named, a need, an offer, things to do."""
    given = Answer.objects.get()
    of = {"answer": given, "account": world.brightwater, "contact": maria}
    needed = NextNeed.objects.create(**of, text="Lamps, asks Maria", said_at=world.now)
    referral = Referral.objects.create(
        **of, name="Nora Field", company="Field & Sons", reach="nora@field.example", note="Say Maria sent you",
        given_at=world.now,
    )  # fmt: skip
    PastSearch.objects.all().delete()
    gather_needs(now=world.now)
    assert NeedMention.objects.get(source="next").source_ref == needed.pk
    Offer.objects.create(
        account=world.brightwater, contact=maria, kind="call", why="Maria wants lamps", words="For Maria Vogel",
        reason="no", cost=7, usual_order=99, source_ref=f"answer:{given.pk}", rest=(world.today, None),
        proposed_at=world.now, decide_by=world.today,
    )  # fmt: skip
    for ref, detail in ((f"answer:{given.pk}", "a word of theirs"), (f"referral:{referral.pk}", "nora@field.example")):
        FollowUp.objects.create(
            account=world.brightwater, contact=maria, kind="call", title="Nora Field" if "ref" in ref else "Call",
            detail=detail, source_ref=ref, due_on=world.today, created_at=world.now, outcome="rang Maria Vogel",
        )  # fmt: skip
    record(
        "referral.given", f"answer:{given.pk}", at=world.now, account_id=world.brightwater.pk, title="Nora Field"
    )  # fmt: skip
    return referral


def test_nor_in_what_they_gave_besides_and_what_came_of_it(world, maria, gave, otto):
    erase_person(otto, maria, now=world.now)
    kept = everything(world).lower()
    assert "maria" not in kept
    assert "vogel" not in kept.replace("vogelsang", "")
    assert NextNeed.objects.get().text == f"Lamps, asks Erased contact {maria.pk}"
    assert Need.objects.get(mentions__source="next").name == f"Lamps, asks Erased contact {maria.pk}"


def test_who_was_named_is_forgotten_where_they_ask(world, maria, gave, signed_in):
    otto = signed_in(world.otto)
    assert "Nora Field" in otto.get("/admin/privacy/referred/?q=field.example").text
    chosen = {"action": "forget", "_selected_action": [gave.pk]}
    assert "Forgotten" in otto.post("/admin/privacy/referred/", chosen, follow=True).text
    assert "nora" not in everything(world).lower()
    assert FollowUp.objects.get(source_ref=f"referral:{gave.pk}").state == "dropped"
    with pytest.raises(PermissionMissing):
        forget_referred(actor_for(world.rhea.user), [gave], now=world.now)


def test_who_was_named_is_forgotten_by_itself_after_a_year(world, gave):
    assert sweep(now=world.now + timedelta(days=364))["referrals"] == 0
    assert sweep(now=world.now + timedelta(days=366))["referrals"] == 1
    assert "nora" not in everything(world).lower()
    assert sweep(now=world.now + timedelta(days=366))["referrals"] == 0


def test_with_a_comment_what_followed_in_its_words_is_forgotten(world, gave):
    assert sweep(now=world.now + timedelta(days=1100))["comments"] == 2
    assert Offer.objects.get().why == NextNeed.objects.get().text == NeedMention.objects.get(source="next").said == ""
    assert not FollowUp.objects.exclude(detail="").exists()


def test_score_facts_and_orders_stay(world, maria, otto):
    facts = {**Answer.objects.get().facts, "received_by": f"Erased contact {maria.pk}"}
    erase_person(otto, maria, now=world.now)
    given = Answer.objects.get()
    assert (given.score, given.facts, given.contact_id) == (3, facts, maria.pk)
    assert Order.objects.get().placed_by_name == given.contact.name == f"Erased contact {maria.pk}"
    assert CaseMessage.objects.get().body == f"Please call Erased contact {maria.pk}."
    assert not PastSearch.objects.exists()


def test_the_log_in_is_closed_and_the_record_names_nobody(world, maria, otto, signed_in):
    client = signed_in(world.anna)
    erase_person(otto, maria, now=world.now)
    assert client.get("/account/").status_code == 302
    told = Event.objects.get(name="person.erased")
    assert (told.actor_name, told.facts["contact_id"]) == ("Otto", maria.pk)
    with pytest.raises(AlreadyErased):
        erase_person(otto, Contact.objects.get(pk=maria.pk), now=world.now)


def test_news_views_and_what_was_looked_at_go_and_a_colleague_reads_no_name(world, maria, otto):
    of = {"account": world.brightwater, "kind": "product_shared", "about": "product:OIL-5L", "told_at": world.now}
    Notice.objects.create(contact=maria, key="a", title="For Maria Vogel", channel="mail", **of)
    theirs = Notice.objects.create(
        contact=world.boris, key="b", title="Maria Vogel shows you oil", channel="mail", **of
    )
    NoticeChoice.objects.create(contact=maria, kind="watch_met", channel="off", chosen_at=world.now)
    view = {"account": world.brightwater, "page": "orders", "query": "q=x", "made_at": world.now, "is_shared": True}
    SavedView.objects.create(owner=maria, name="Mine", **view)
    shared = SavedView.objects.create(owner=world.boris, name="For Maria Vogel", **view)
    SeenProduct.objects.create(contact=maria, product=world.oil, seen_at=world.now)
    erase_person(otto, maria, now=world.now)
    for mine in (Notice, NoticeChoice, SeenProduct):
        assert not mine.objects.filter(contact=maria).exists()
    assert not SavedView.objects.filter(owner=maria).exists()
    theirs.refresh_from_db()
    shared.refresh_from_db()
    assert "Vogel" not in theirs.title + shared.name


def test_old_news_and_old_looks_are_forgotten(world):
    of = {"contact": world.anna, "account": world.brightwater, "kind": "watch_met", "about": "x", "channel": "mail"}
    for days in (89, 91):
        Notice.objects.create(**of, key=str(days), title="News", told_at=world.now - timedelta(days=days))
    SeenProduct.objects.create(contact=world.anna, product=world.oil, seen_at=world.now - timedelta(days=366))
    swept = sweep(now=world.now)
    assert (swept["notices"], swept["searches"]) == (1, 1)
    assert Notice.objects.get().key == "89"


def test_the_same_person_at_another_account_goes_too(world, maria, otto):
    Contact.objects.create(account=world.calder, name="M. Vogel", email=maria.email)
    record("case.noted", "case:X", at=world.now, account_id=world.calder.pk, by="M. Vogel")
    assert erase_person(otto, maria, now=world.now) == 2
    assert "Vogel" not in str(Event.objects.get(subject="case:X").facts)


def test_who_objected_and_was_erased_is_not_written_to_when_imported_again(world, maria, otto):
    object_to(maria, "survey", source="mail", now=world.now)
    erase_person(otto, maria, now=world.now)
    again = Contact.objects.create(account=world.brightwater, name="Maria Vogel", email=maria.email)
    assert may_mail([again.pk], "survey") == set()


def test_what_waits_is_cancelled_and_links_are_dead(world, otto):
    asked = plan_invitation(delivered(world, world.xaver).pk, now=world.now)
    Invitation.objects.filter(pk=asked.pk).update(token_hash="x" * 64)
    erase_person(otto, world.xaver, now=world.now)
    asked.refresh_from_db()
    assert (asked.state, asked.rest, asked.token_hash) == ("cancelled", None, "")


@pytest.mark.parametrize("who", ["anna", "rhea", "mona"])
def test_operations_alone(world, who):
    with pytest.raises(PermissionMissing):
        erase_person(actor_for(getattr(world, who).user), world.anna, now=world.now)


def test_on_the_page_of_operations(world, maria, signed_in):
    otto, address = signed_in(world.otto), f"/admin/privacy/person/{maria.pk}/change/"
    assert "What we may write to them about" in otto.get(address).text
    otto.post(address, {"give": "reference"})
    assert may_mail([maria.pk], "reference") == {maria.pk}
    assert otto.post(address, {"copy": "yes"})["Content-Type"] == "application/zip"
    assert "Tick that you are sure" in otto.post(address, {"erase": "yes"}, follow=True).text
    assert "Erased" in otto.post(address, {"erase": "yes", "sure": "yes"}, follow=True).text
    assert otto.get("/admin/privacy/person/").status_code == otto.get("/admin/privacy/retention/").status_code == 200


def test_a_contact_who_is_deleted_leaves_the_answer(world):
    given = answer(
        plan_invitation(delivered(world, world.xaver).pk, now=world.now), score=8, channel="email", now=world.now
    )
    waits = plan_invitation(delivered(world, world.lena).pk, now=world.now)
    world.xaver.delete()
    world.lena.delete()
    given.refresh_from_db()
    waits.refresh_from_db()
    assert (given.contact, given.score, given.invitation.contact, waits.contact) == (None, 8, None, None)


def test_every_column_that_may_name_a_customer_is_judged():
    """Whoever adds one says whether an erasure takes it out (`TEXTS`), or whom it names instead."""
    named = re.compile(r"(_by_name|author_name|received_by|contact_name|^email|by_name)$")
    of_people = re.compile(r"^(name|reach|why|said|outcome)$")
    found = set()
    for label in settings.DOMAINS:
        for model in apps.get_app_config(label.rpartition(".")[2]).get_models():
            fields = () if model._meta.proxy else model._meta.concrete_fields
            texts = [field.name for field in fields if isinstance(field, models.CharField | models.TextField)]
            found |= {f"{model._meta.label}.{name}" for name in texts if named.search(name)}
            if {field.related_model for field in fields} & {Account, Contact}:
                found |= {f"{model._meta.label}.{name}" for name in texts if of_people.search(name)}
    judged = {f"{label}.{name}" for label, (names, _path) in TEXTS.items() for name in names}
    own = {"accounts.Contact.email", "accounts.Contact.name", "accounts.User.email", "accounts.Consent.by_name"}
    assert found - judged - own - NOT_A_CUSTOMER - CALLED_OTHERWISE == set()


@pytest.mark.parametrize(
    "text, left",
    [
        ("Maria Vogel, maria vogel", "X, X"),
        ("Vogelsang and Mariana stay", "Vogelsang and Mariana stay"),
        ("a.b@c.example wrote", "X wrote"),
        ("", ""),
    ],
)
def test_words_are_taken_out_whole(text, left):
    assert without(text, ["Maria Vogel", "Vogel", "Maria", "a.b@c.example", ""], "X") == left


def test_facts_keep_their_shape():
    facts = {"Vogel": 3, "who": ["Vogel", 7, None], "deep": {"a": "by Vogel"}}
    assert facts_without(facts, ["Vogel"], "X") == {"Vogel": 3, "who": ["X", 7, None], "deep": {"a": "by X"}}


def test_what_waits_for_the_desk_goes_with_its_sender_and_by_itself(world, otto, maria):
    def wait(name, sender):
        mail = WaitingMail.objects.create(key=name, sender=sender, words="Hello", received_at=world.now)
        file = CaseFile(mail=mail, kind="pdf", name="x.pdf", size=8, sent_at=world.now)
        file.file.save("x.pdf", ContentFile(b"%PDF-1.7"))
        return file.file

    theirs, other = wait("a", maria.email.upper()), wait("b", "x@y.example")
    written = open_case(
        account_id=world.leeds.pk, title="x", cause="other", origin="mail", source_ref="x", body="x", now=world.now
    )
    Case.objects.filter(pk=written.pk).update(writer_email=maria.email, writer_name="Maria Vogel")
    with TestCase.captureOnCommitCallbacks(execute=True):
        erase_person(otto, maria, now=world.now)
    written.refresh_from_db()
    assert (written.writer_email, "Vogel" in written.writer_name) == ("", False)
    assert [mail.key for mail in WaitingMail.objects.all()] == ["b"]
    assert not theirs.storage.exists(theirs.name)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert sweep(now=world.now + timedelta(days=61))["strangers"] == 1
    assert not other.storage.exists(other.name)


def test_who_wrote_and_is_no_contact_is_forgotten_after_the_case_is_long_over(world):
    case = open_case(
        account_id=world.leeds.pk, title="Xeno asks", cause="other", origin="mail", source_ref="x", now=world.now
    )
    case.messages.create(author_name="Xeno Writer", body="Mail x@y.example, Xeno Writer", written_at=world.now)
    case.writer_name, case.writer_email, case.mail_id = "Xeno Writer", "x@y.example", "<1@y.example>"
    case.save()
    assert sweep(now=world.now + timedelta(days=61))["strangers"] == 0
    Case.objects.update(status="resolved", resolved_at=world.now, resolution="Told Xeno Writer")
    assert [sweep(now=world.now + timedelta(days=days))["strangers"] for days in (59, 61, 62)] == [0, 1, 0]
    case.refresh_from_db()
    said = case.messages.get()
    kept = f"{case.writer_name} {case.writer_email} {case.mail_id} {case.resolution} {said.author_name} {said.body}"
    assert "Xeno" not in kept
    assert "@y.example" not in kept


@pytest.fixture
def looked_after(world, maria):
    """A talk with Maria, a note on her account, a day of visits, and a greeting that she put away."""
    rhea = actor_for(world.rhea.user)
    talk = Talk("visit", world.today, maria.pk, note="Maria Vogel wants lamps", next_step="Ring Maria Vogel",
                next_on=world.today + timedelta(days=9))  # fmt: skip
    log_talk(rhea, world.brightwater, talk, key="t", now=world.now)
    write_note(rhea, world.brightwater, body="Maria Vogel counts boxes @Mona", key="n", now=world.now)
    day = VisitDay.objects.create(
        rep=world.rhea, day=world.today, start_name="York", latitude=53, longitude=-1, leaves_at="08:00",
        saved_at=world.now,
    )  # fmt: skip
    VisitStop.objects.create(
        of=day, account=world.brightwater, position=1, arrives_at="09:00", leaves_at="10:00", about="See Maria Vogel"
    )
    greeting = Greeting.objects.create(name="Hello", trigger="first_log_in")
    GreetingPutAway.objects.create(greeting=greeting, contact=maria, occasion="1", put_away_at=world.now)


def test_talks_notes_visits_and_greetings_are_forgotten_by_themselves(world, looked_after):
    def left():
        kept = (CallReport, AccountNote, VisitDay, VisitStop, GreetingPutAway)
        return [model.objects.count() for model in kept]

    def swept(days):
        found = sweep(now=world.now + timedelta(days=days))
        return found["talks"], found["greetings"]

    assert swept(399) == (0, 0) and left() == [1, 1, 1, 1, 1]
    assert swept(401) == (0, 1) and left() == [1, 1, 1, 1, 0]
    written = Event.objects.filter(name__in=["call_report.written", "note.written"])
    assert [bool(event.facts.get("comment")) for event in written] == [True, True]
    assert swept(1100) == (3, 0) and left() == [0, 0, 0, 0, 0]
    assert not any("comment" in event.facts for event in written.all()), "nor does the story say it"


def test_who_was_talked_with_has_a_copy_of_it_and_may_be_erased(world, maria, looked_after, otto):
    copy = str(copy_of([maria]))
    assert "wants lamps" in copy and "Hello" in copy
    erase_person(otto, maria, now=world.now)
    assert "Vogel" not in everything(world).replace("Vogelsang", "")
    assert (CallReport.objects.count(), GreetingPutAway.objects.count()) == (1, 0)


def test_what_has_served_its_purpose_is_forgotten_and_that_is_on_record(world, maria):
    Contact.objects.filter(pk=world.fiona.pk).update(is_active=False)
    late = world.now + timedelta(days=1200)
    Retention.objects.update_or_create(purpose="log_ins", defaults={"days": 0})
    assert sweep(now=late) == {
        "searches": 1,
        "notices": 0,
        "log_ins": 0,
        "mails": 1,
        "comments": 1,
        "referrals": 0,
        "votes": 0,
        "strangers": 0,
        "suggested": 0,
        "talks": 0,
        "greetings": 0,
        "gone": 1,
    }
    given = Answer.objects.get()
    assert (given.score, given.comment) == (3, "")
    assert "comment" not in Event.objects.get(name="survey.answered").facts
    assert Contact.objects.get(pk=world.fiona.pk).email == ""
    assert Contact.objects.get(pk=maria.pk).email == maria.email
    told = Event.objects.filter(name="retention.swept").values_list("subject", flat=True)
    assert set(told) == {f"retention:{purpose}" for purpose in ("searches", "mails", "comments", "gone")}
    assert set(sweep(now=late).values()) == {0}
