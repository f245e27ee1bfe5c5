"""Accounts change hands, colleagues are named, buyers' eyes are borrowed, prices are proposed, days are planned."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal as D
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from apps.accounts.models import Account, Contact, Notice, Rep
from apps.accounts.selectors import account_for, actor_for
from apps.accounts.services import choose_channels, write_welcome
from apps.cases.models import Case, Conversation, FollowUp
from apps.cases.services import set_task
from apps.cases.services.handing import hand_over_open_work
from apps.catalogue.models import MissedSearch, PastSearch, SeenProduct
from apps.core.errors import OnlyLooking
from apps.core.events import record
from apps.core.models import Event
from apps.insights.models import AccountNote, HandOver, Mention, VisitDay
from apps.insights.services.hand_overs import A_FEW, MOST_AT_ONCE, arrange_hand_over, carry_out_due
from apps.insights.services.notes import write_note
from apps.insights.tasks import carry_out_hand_overs, send_handed_over, send_mentions
from apps.pricing.models import ContractPrice, PriceProposal, ProductCost
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account
from apps.pricing.services.proposals import LEAST_MARGIN, Proposed, propose_price
from apps.pricing.tasks import send_price_agreed
from config.middleware import OnlyLookingMiddleware
from tests.workspace.desk import case_of, look, press, quote_asked, words


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def busy(world, signed_in, today):
    """Brightwater with an open quote, case, task, conversation and note."""
    quote = quote_asked(signed_in(world.anna), world.bolt, 5000)
    case = case_of(world.brightwater, world.anna)
    Case.objects.filter(pk=case.pk).update(owner=world.rhea)
    rhea = actor_for(world.rhea.user)
    task = set_task(rhea, world.brightwater, title="Bring gloves", due_on=today, key="1", now=timezone.now())
    talk = Conversation.objects.create(
        number="CV-1", account=world.brightwater, contact=world.anna, title="About bolts", owner=world.rhea,
        begun_at=timezone.now(), last_said_at=timezone.now(),
    )  # fmt: skip
    write_note(rhea, world.brightwater, body="They count boxes", key="n", now=timezone.now())
    return quote, case, task, talk


def arrange(client, world, today, **changes):
    said = {"account": ["AC-1"], "taker": world.ruben.pk, "effective_on": f"{today}"} | changes
    return press(client, "new_hand_over", **said)


def test_an_account_goes_over_with_all_that_is_open(world, busy, signed_in, today):
    quote, case, task, talk = busy
    proposed = words(signed_in(world.rhea), "new_hand_over", account="AC-1")
    for fact in (quote.number, case.number, "Bring gloves", "About bolts", "They count boxes", "Boris: decision maker"):
        assert fact in proposed, fact
    said = {f"summary-{world.brightwater.pk}": "Call Boris on Mondays.", "tells_customer": "on"}
    assert arrange(signed_in(world.rhea), world, today, **said).status_code == 302

    row = HandOver.objects.get()
    assert (row.state, row.giver, row.taker, row.summary) == ("done", world.rhea, world.ruben, "Call Boris on Mondays.")
    assert any("Bring gloves" in line for _heading, lines in row.facts for line in lines)
    for thing in (case, task, talk):
        thing.refresh_from_db()
        assert thing.owner == world.ruben, thing
    ruben = signed_in(world.ruben)
    assert quote.number in words(ruben, "quotes") and "About bolts" in words(ruben, "conversations")
    assert "Rhea handed Brightwater Facilities over to you" in words(ruben, "today")
    assert "Call Boris on Mondays." in words(ruben, "hand_over", row.pk)
    assert "handed them over to Ruben" in words(ruben, "account", "AC-1")
    assert look(signed_in(world.rhea), "account", "AC-1").status_code == 404
    assert look(signed_in(world.rhea), "hand_over", row.pk).status_code == 200, "she may read what she wrote"
    press(signed_in(world.rhea), "read_hand_over", row.pk)
    assert "Rhea handed Brightwater" in words(signed_in(world.ruben), "today"), "her reading is not his"
    press(signed_in(world.ruben), "read_hand_over", row.pk)
    assert "Rhea handed Brightwater" not in words(signed_in(world.ruben), "today")


def test_who_takes_over_and_the_customer_are_told_once(world, busy, signed_in, today):
    Contact.objects.filter(pk=world.boris.pk).update(email="")
    arrange(signed_in(world.rhea), world, today, tells_customer="on")
    event = Event.objects.get(name="account.handed_over")
    mail.outbox.clear()
    for _twice in range(2):
        send_handed_over(event.pk)
    to = {message.to[0]: message for message in mail.outbox}
    assert set(to) == {world.ruben.user.email, world.anna.email} and len(mail.outbox) == 2
    told = to[world.anna.email]
    assert "Ruben looks after you" in told.subject and told.extra_headers["Reply-To"] == world.ruben.user.email
    assert "Bring gloves" not in told.body and "Bring gloves" in to[world.ruben.user.email].body


def test_a_later_day_comes_by_itself_or_is_called_off(world, busy, signed_in, today):
    later = today + timedelta(days=3)
    assert arrange(signed_in(world.mona), world, today, effective_on=f"{later}").status_code == 302
    assert arrange(signed_in(world.mona), world, today).status_code == 422, "it is about to be handed over already"
    row = HandOver.objects.get()
    assert Account.objects.get(number="AC-1").rep == world.rhea
    assert carry_out_due(now=timezone.now()) == 0
    assert carry_out_due(now=timezone.now() + timedelta(days=4)) == 1
    assert Account.objects.get(number="AC-1").rep == world.ruben
    assert press(signed_in(world.mona), "call_off_hand_over", row.pk).status_code == 409

    arrange(signed_in(world.mona), world, today, account=["AC-2"], effective_on=f"{later}")
    other = HandOver.objects.get(account=world.leeds)
    assert press(signed_in(world.mona), "call_off_hand_over", other.pk).status_code == 302
    assert carry_out_due(now=timezone.now() + timedelta(days=9)) == 0
    assert Account.objects.get(number="AC-2").rep == world.rhea


def planned(client, world, today, number) -> HandOver:
    arrange(client, world, today, account=[number], effective_on=f"{today + timedelta(days=1)}")
    return HandOver.objects.get(account__number=number)


def test_a_whole_portfolio_goes_over_in_lots(world, signed_in, today):
    many = [Account(number=f"AC-5{n:02}", name=f"Depot {n:02}", rep=world.ruben, path="") for n in range(A_FEW + 1)]
    for account in many:
        account.save()
    mona = signed_in(world.mona)
    said = {"account": [account.number for account in many], "taker": world.rhea.pk}
    assert MOST_AT_ONCE >= 300 and arrange(mona, world, today, **said).status_code == 302
    rows = HandOver.objects.filter(taker=world.rhea)
    assert set(rows.values_list("state", "summary")) == {("planned", "")} and rows.count() == len(many)
    assert carry_out_due(now=timezone.now(), size=A_FEW) == A_FEW
    assert (carry_out_due(now=timezone.now()), carry_out_due(now=timezone.now())) == (1, 0)
    assert set(rows.values_list("state", "account__rep")) == {("done", world.rhea.pk)}
    assert all("since New Year" in row.summary and row.facts for row in rows)


def test_accounts_are_locked_in_one_order_and_not_against_who_only_names_them(world, today):
    rows = [world.leeds, world.brightwater]
    said = {"taker_id": world.ruben.pk, "effective_on": today, "summaries": {}, "now": timezone.now()}
    with CaptureQueriesContext(connection) as asked:
        arrange_hand_over(actor_for(world.mona.user), rows, **said)
    locks = [query["sql"] for query in asked if " FOR " in query["sql"] and "accounts_account" in query["sql"]]
    assert len(locks) == 3 and all("FOR NO KEY UPDATE" in sql for sql in locks)
    assert 'ORDER BY "accounts_account"."id"' in locks[0]


def test_who_left_takes_nothing_over_and_who_arranged_it_is_told_once(world, signed_in, today):
    row = planned(signed_in(world.mona), world, today, "AC-1")
    world.ruben.user.is_active = False
    world.ruben.user.save()
    mail.outbox.clear()
    on = timezone.now() + timedelta(days=1)
    assert carry_out_due(now=on) == 0
    assert Account.objects.get(number="AC-1").rep == world.rhea
    HandOver.objects.filter(pk=row.pk).update(effective_on=today)
    for _twice in range(2):
        carry_out_hand_overs()
    row.refresh_from_db()
    assert row.state == "planned" and [message.to for message in mail.outbox] == [[world.mona.user.email]]
    assert "Brightwater Facilities" in mail.outbox[0].subject and "Ruben" in mail.outbox[0].body


def test_one_that_cannot_be_carried_out_does_not_hold_up_the_others(world, signed_in, today, monkeypatch):
    for number in ("AC-1", "AC-2"):
        planned(signed_in(world.mona), world, today, number)

    def broken(account_id, **said):
        if account_id == world.brightwater.pk:
            raise ValueError
        return hand_over_open_work(account_id, **said)

    monkeypatch.setattr("apps.insights.services.hand_overs.hand_over_open_work", broken)
    assert carry_out_due(now=timezone.now() + timedelta(days=1)) == 1
    assert dict(HandOver.objects.values_list("account__number", "state")) == {"AC-1": "planned", "AC-2": "done"}
    assert Account.objects.get(number="AC-1").rep == world.rhea


@pytest.mark.parametrize(
    "wrong",
    [
        {"taker": ""},
        {"taker": "rhea"},
        {"taker": "sam"},
        {"effective_on": "2020-01-01"},
        {"effective_on": "9999-12-31"},
    ],
)
def test_what_cannot_be_handed_over(wrong, world, signed_in, today):
    if wrong.get("taker"):
        wrong = {"taker": getattr(world, wrong["taker"]).pk}
    assert arrange(signed_in(world.mona), world, today, **wrong).status_code == 422
    assert not HandOver.objects.exists()


def test_who_is_away_takes_nothing_over_and_their_deputy_is_named(world, signed_in, today):
    extra = Rep.objects.create(user=world.otto, desk="rep")
    Rep.objects.filter(pk=world.ruben.pk).update(away_from=today, away_until=today, deputy=extra)
    answer = arrange(signed_in(world.rhea), world, today)
    assert answer.status_code == 422 and "Otto, who stands in" in answer.content.decode()
    assert arrange(signed_in(world.rhea), world, today, effective_on=f"{today + timedelta(1)}").status_code == 302


def test_nobody_hands_over_what_is_not_theirs(world, signed_in, today):
    assert arrange(signed_in(world.ruben), world, today, taker=world.rhea.pk).status_code == 404
    assert arrange(signed_in(world.sam), world, today).status_code == 403


# --- notes


def test_a_colleague_who_sees_the_account_is_named_and_told(world, signed_in):
    note = {"body": "@Sam please look at this, @sam", "key": "k"}
    for _twice in range(2):
        press(signed_in(world.rhea), "write_note", "AC-1", **note)
    assert AccountNote.objects.count() == 1 and Mention.objects.get().rep == world.sam
    today = words(signed_in(world.sam), "today")
    assert "Rhea named you" in today and "please look at this" in today
    mail.outbox.clear()
    for _twice in range(2):
        send_mentions(Event.objects.get(name="note.written").pk)
    assert [message.to for message in mail.outbox] == [[world.sam.user.email]]
    mention = Mention.objects.get()
    press(signed_in(world.rhea), "tick_mention", mention.pk)
    assert "Rhea named you" in words(signed_in(world.sam), "today"), "only who is named ticks it off"
    press(signed_in(world.sam), "tick_mention", mention.pk)
    assert "Rhea named you" not in words(signed_in(world.sam), "today")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("@Ruben have a look", "Ruben does not see Brightwater Facilities"),
        ("@Nobody have a look", "Nobody here is called @Nobody"),
        ("  ", "Write something"),
    ],
)
def test_being_named_grants_nothing(body, says, world, signed_in):
    answer = press(signed_in(world.rhea), "write_note", "AC-1", body=body, key="k")
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not AccountNote.objects.exists()
    assert look(signed_in(world.ruben), "care", "AC-1").status_code == 404


# --- seen as a buyer


def test_a_rep_sees_exactly_what_a_buyer_sees_and_can_do_nothing(world, signed_in):
    rhea = signed_in(world.rhea)
    assert press(rhea, "start_looking", world.fiona.pk).status_code == 302
    home = rhea.get(reverse("portal:home")).content.decode()
    assert "You see exactly what <strong>Fiona</strong>" in home and "Stop looking" in home
    assert rhea.get(reverse("portal:invoices")).status_code == 200
    assert rhea.get(reverse("portal:cart")).status_code == 403, "finance has no cart"

    press(rhea, "start_looking", world.anna.pk)
    before = Event.objects.count()
    assert rhea.get(reverse("portal:cart")).status_code == 200
    rhea.get(reverse("portal:catalogue"), {"q": "gloves"})
    for name, said in (("portal:cart_add", {"sku": "GLV-NIT-L", "quantity": 1}), ("portal:checkout", {"place": "1"})):
        answer = rhea.post(reverse(name), said)
        assert answer.status_code == 403 and "You see the portal as Anna does" in answer.content.decode(), name
    assert rhea.post(reverse("api:orders"), {}, content_type="application/json").status_code == 403
    assert Event.objects.count() == before
    assert words(rhea, "account", "AC-1"), "at the desk she works on as herself"
    assert press(rhea, "write_note", "AC-1", body="Seen it", key="k").status_code == 302
    assert press(rhea, "stop_looking").url == reverse("workspace:account", args=["AC-1"])
    assert rhea.get(reverse("portal:home")).status_code == 302, "back outside of any account"
    told = Event.objects.filter(name__startswith="rep.preview").order_by("pk").values_list("name", "actor_name")
    assert list(told) == [
        ("rep.preview_started", "Rhea"), ("rep.preview_stopped", "Rhea"),
        ("rep.preview_started", "Rhea"), ("rep.preview_stopped", "Rhea"),
    ]  # fmt: skip


def test_what_a_page_writes_while_it_is_looked_at_is_rolled_back(world, signed_in):
    talk = Conversation.objects.create(
        number="CV-9", account=world.brightwater, contact=world.anna, title="x", begun_at=timezone.now(),
        last_said_at=timezone.now(),
    )  # fmt: skip
    rhea = signed_in(world.rhea)
    press(rhea, "start_looking", world.anna.pk)
    assert rhea.get(reverse("portal:conversation", args=["CV-9"])).status_code == 200
    talk.refresh_from_db()
    assert talk.customer_read_at is None
    anna = signed_in(world.anna)
    anna.get(reverse("portal:conversation", args=["CV-9"]))
    talk.refresh_from_db()
    assert talk.customer_read_at is not None


def test_looking_through_somebodys_eyes_leaves_no_trace_of_searches_and_of_what_was_seen(world, signed_in):
    rhea = signed_in(world.rhea)
    press(rhea, "start_looking", world.anna.pk)
    catalogue = reverse("portal:catalogue")
    asked = [reverse("portal:product", args=["GLV-NIT-L"]), f"{catalogue}?q=gloves", f"{catalogue}?q=zzqx"]
    assert [rhea.get(address).status_code for address in asked] == [200, 200, 200]
    kept = (SeenProduct, PastSearch, MissedSearch)
    assert [model.objects.count() for model in kept] == [0, 0, 0]
    anna = signed_in(world.anna)
    for address in asked:
        anna.get(address)
    assert [model.objects.count() for model in kept] == [1, 1, 1]


def test_what_is_left_until_an_answer_is_sent_is_rolled_back_for_who_only_looks(rf, world):
    request = rf.get(reverse("portal:home"))
    request.resolver_match, request.session = resolve(request.path), {"seen_contact_id": world.anna.pk}
    request.actor = actor_for(world.rhea.user, seen_contact_id=world.anna.pk)
    answer, done = HttpResponse("x"), []

    def later():
        done.append(Contact.objects.filter(pk=world.anna.pk).update(phone="1"))

    answer._resource_closers.append(later)
    shown = OnlyLookingMiddleware(None).process_view(request, lambda _request: answer, (), {})
    for closer in shown._resource_closers:
        closer()
    assert done == [1] and Contact.objects.get(pk=world.anna.pk).phone == world.anna.phone


def test_no_service_does_a_thing_for_who_only_looks(world):
    looking = actor_for(world.mona.user, seen_contact_id=world.anna.pk)
    assert (looking.role, looking.is_read_only, looking.account_id) == ("buyer", True, world.brightwater.pk)
    with pytest.raises(OnlyLooking):
        record("case.opened", "case:1", at=world.now, actor=looking)
    assert not actor_for(world.ruben.user, seen_contact_id=world.anna.pk).is_read_only, "not his to look at"
    assert not actor_for(world.xaver.user, seen_contact_id=world.anna.pk).is_read_only
    Account.objects.filter(pk=world.leeds.pk).update(rep=world.ruben)
    boris = actor_for(world.rhea.user, seen_contact_id=world.boris.pk)
    assert boris.account_ids == (world.brightwater.pk,), "a subsidiary of another rep stays shut"
    staff = actor_for(world.mona.user)
    write_welcome(staff, account_for(staff, "AC-1"), text="Hello", now=world.now)


# --- price proposals


@pytest.fixture
def costs(world):
    ProductCost.objects.create(
        product=world.gloves, currency="GBP", unit_cost=D("5"), valid_from=world.today - timedelta(days=400)
    )


def propose(client, today, **changes):
    said = {"code": "GLV-NIT-L", "unit_price": "8", "min_quantity": "1", "valid_from": f"{today}", "key": "k"}
    return press(client, "account_prices", "AC-1", **said | {"valid_until": f"{today + timedelta(90)}"} | changes)


def paid(world, today, quantity=1):
    ask = Ask(world.gloves.pk, quantity)
    return prices_for_account(world.brightwater.pk, [ask], today)[ask].unit_price


def test_a_price_within_the_limit_holds_at_once_and_the_buyer_sees_it(world, costs, signed_in, today):
    for _twice in range(2):
        assert propose(signed_in(world.rhea), today).status_code == 302
    proposal = PriceProposal.objects.get()
    assert (proposal.state, proposal.own_price, proposal.margin) == ("in_force", D("8.5000"), D("37.5"))
    assert paid(world, today) == D("8.0000") and paid(world, today + timedelta(91)) == D("8.5000")
    page = signed_in(world.anna).get(reverse("portal:product", args=["GLV-NIT-L"])).content.decode()
    assert "£8.00" in page
    press(signed_in(world.rhea), "decide_proposal", proposal.pk, decision="withdraw")
    assert paid(world, today) == D("8.5000")
    assert press(signed_in(world.rhea), "decide_proposal", proposal.pk, decision="withdraw").status_code == 409


def test_who_buys_is_told_of_an_agreed_price(world, costs, signed_in, today):
    choose_channels(actor_for(world.boris.user), world.boris, {"price_agreed": "portal"}, now=world.now)
    propose(signed_in(world.rhea), today, unit_price="5.5", min_quantity="20")
    agreed = Event.objects.filter(name="price_proposal.agreed")
    assert not agreed.exists(), "nothing is told of what waits"
    press(signed_in(world.mona), "decide_proposal", PriceProposal.objects.get().pk, decision="approve")
    mail.outbox.clear()
    for _twice in range(2):
        send_price_agreed(agreed.get().pk)
    [letter] = mail.outbox
    assert letter.to == [world.anna.email] and letter.subject == "A better price for Nitrile gloves large, box of 100"
    for said in ("£5.50 each", "from 20 on", "instead of £7.90", str((today + timedelta(90)).day), "Rhea agreed"):
        assert said in letter.body, letter.body
    assert reverse("portal:product", args=["GLV-NIT-L"]) in letter.body
    told = Notice.objects.filter(kind="price_agreed").values_list("contact__name", "about", "channel")
    assert sorted(told) == [("Anna", "product:GLV-NIT-L", "mail"), ("Boris", "product:GLV-NIT-L", "portal")]


def test_nobody_is_told_of_a_price_that_was_taken_back(world, costs, signed_in, today):
    propose(signed_in(world.rhea), today)
    press(signed_in(world.rhea), "decide_proposal", PriceProposal.objects.get().pk, decision="withdraw")
    mail.outbox.clear()
    send_price_agreed(Event.objects.get(name="price_proposal.agreed").pk)
    assert not mail.outbox and not Notice.objects.filter(kind="price_agreed").exists()


def test_beyond_the_limit_a_manager_decides(world, costs, signed_in, today):
    propose(signed_in(world.rhea), today, unit_price="5.5", why="They buy a lot")
    proposal = PriceProposal.objects.get()
    assert (proposal.state, proposal.beyond) == ("waiting", "margin,off") and paid(world, today) == D("8.5000")
    assert press(signed_in(world.rhea), "decide_proposal", proposal.pk, decision="approve").status_code == 403
    mona = signed_in(world.mona)
    assert "They buy a lot" in words(mona, "price_proposals")
    assert press(mona, "decide_proposal", proposal.pk, decision="decline", reason=" ").status_code == 422
    assert press(mona, "decide_proposal", proposal.pk, decision="approve", reason="Once").status_code == 302
    assert press(mona, "decide_proposal", proposal.pk, decision="decline", reason="No").status_code == 409
    assert paid(world, today) == D("5.5000")
    assert "Once" in words(signed_in(world.rhea), "account_prices", "AC-1")
    assert look(signed_in(world.ruben), "account_prices", "AC-1").status_code == 404


def test_an_exclusive_contract_does_not_stand_in_the_way(world, costs, signed_in, today):
    world.contract.is_exclusive = True
    world.contract.save()
    ContractPrice.objects.create(contract=world.contract, product=world.gloves, min_quantity=1, unit_price="8.4")
    assert propose(signed_in(world.rhea), today).status_code == 302
    assert paid(world, today) == D("8.0000")


def test_an_approval_never_makes_them_pay_more(world, costs, signed_in, today):
    propose(signed_in(world.rhea), today, unit_price="5.5")
    proposal = PriceProposal.objects.get()
    ContractPrice.objects.create(contract=world.contract, product=world.gloves, min_quantity=1, unit_price="5")
    answer = press(signed_in(world.mona), "decide_proposal", proposal.pk, decision="approve")
    assert answer.status_code == 422 and "They pay no more than that already" in answer.content.decode()
    proposal.refresh_from_db()
    assert (proposal.state, paid(world, today)) == ("waiting", D("5.0000"))


def test_what_they_pay_on_the_day_it_begins_counts(world, costs, signed_in, today):
    later = today + timedelta(days=7)
    ContractPrice.objects.create(
        contract=world.contract, product=world.gloves, min_quantity=1, unit_price="7", valid_from=later
    )
    assert propose(signed_in(world.rhea), today, valid_from=f"{later}").status_code == 422
    assert propose(signed_in(world.rhea), today).status_code == 302


def test_a_price_of_next_to_nothing_is_told_as_one(world, costs, signed_in, today):
    ProductCost.objects.update(unit_cost=20)
    assert propose(signed_in(world.rhea), today, unit_price="0.01").status_code == 302
    proposal = PriceProposal.objects.get()
    assert (proposal.state, proposal.margin) == ("waiting", LEAST_MARGIN)


def test_a_form_sent_twice_at_once_proposes_once(world, transactional_db):
    today = timezone.localdate()
    said = Proposed(D("8"), 1, today, today + timedelta(days=9))
    gate = Barrier(2)

    def work(_):
        gate.wait()
        try:
            rhea = actor_for(world.rhea.user)
            return propose_price(rhea, world.brightwater, world.gloves, said, key="k", now=timezone.now()).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(work, range(2)))) == 1
    assert PriceProposal.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_quantity": "9" * 30},
        {"unit_price": "1e400"},
        {"valid_from": "9999-12-31", "valid_until": "9999-12-31"},
        {"unit_price": "8.5"},
        {"unit_price": "0"},
        {"unit_price": "-1"},
        {"unit_price": "NaN"},
        {"min_quantity": "0"},
        {"valid_from": "2020-01-01"},
        {"valid_until": "2020-01-01"},
        {"valid_until": "2999-01-01"},
        {"code": "nothing"},
    ],
)
def test_what_cannot_be_proposed(wrong, world, costs, signed_in, today):
    assert propose(signed_in(world.rhea), today, **wrong).status_code == 422
    assert not PriceProposal.objects.exists()


# --- days of visits


def test_a_day_is_proposed_changed_and_kept_as_tasks(world, signed_in, today):
    case_of(world.brightwater, world.anna)
    weekday = today + timedelta(days=(7 - today.weekday()) % 7 or 7)  # a Monday
    where = {"day": f"{weekday}", "from": "LS10 2AB"}
    page = words(signed_in(world.rhea), "visits", **where)
    assert page.count("checked data-submit-on-change") == 2 and "The gloves were torn" in page
    one = {"chosen": "1", "stop": world.brightwater.pk, **where}
    changed = words(signed_in(world.rhea), "visits", **one)
    assert changed.count("checked data-submit-on-change") == 1
    assert press(signed_in(world.rhea), "save_visits", **one).status_code == 302
    plan = VisitDay.objects.get()
    assert [stop.account for stop in plan.stops.all()] == [world.brightwater] and plan.kilometres > 0
    task = FollowUp.objects.get(kind="task")
    assert (task.due_on, task.owner, "gloves" in task.detail) == (weekday, world.rhea, True)
    assert "The gloves were torn" in words(signed_in(world.rhea), "visit_plan", f"{weekday}")

    press(signed_in(world.rhea), "save_visits", **one | {"stop": world.leeds.pk})
    states = set(FollowUp.objects.filter(kind="task").values_list("account__number", "state"))
    assert states == {("AC-1", "dropped"), ("AC-2", "open")} and VisitDay.objects.count() == 1


@pytest.mark.parametrize(
    "odd",
    [
        *({"day": "9999-12-31"}, {"day": "0001-01-01"}, {"from": "\0"}, {"stop": "9" * 30}),
        *({"from": "nowhere"}, {"from": "99,999"}, {"leaves": "x"}, {"day": "x"}, {"chosen": "1"}, {"stop": "x"}),
    ],
)
def test_an_odd_day_has_a_sensible_page(odd, world, signed_in):
    assert look(signed_in(world.rhea), "visits", **odd).status_code == 200


def test_who_plans_what_for_whom(world, signed_in, today):
    kept = {"day": f"{today}", "from": "LS10 2AB", "chosen": "1"}
    assert press(signed_in(world.rhea), "save_visits", **kept, stop=world.calder.pk).status_code == 422
    assert press(signed_in(world.otto), "save_visits", **kept, stop=world.calder.pk).status_code == 422
    assert look(signed_in(world.rhea), "visit_plan", "2020-01-01").status_code == 404
    assert "Calder" in words(signed_in(world.mona), "visits", **{"rep": world.ruben.pk, "from": "LS10 2AB"})
