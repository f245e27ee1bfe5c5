"""A price seen elsewhere: asked from the product page, granted as a contract price or declined with words."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.selectors import actor_for
from apps.core.models import Event
from apps.pricing.errors import MatchDecided, MatchRefused
from apps.pricing.models import PriceMatch
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account
from apps.pricing.services import SeenElsewhere, decline_match, grant_match, request_match
from apps.pricing.tasks import send_match_decided, send_match_requested


@pytest.fixture
def xaver(world):
    return actor_for(world.xaver.user)


def ask(world, actor, *, key="k", **said):
    seen = SeenElsewhere(**{"quantity": 2, "price": Decimal("170"), "competitor": "Elsewhere Ltd"} | said)
    return request_match(actor, world.drill, seen, key=key, now=world.now)


def price(world, quantity, days=0):
    wanted = Ask(world.drill.pk, quantity)
    return prices_for_account(world.calder.pk, [wanted], world.today + timedelta(days))[wanted]


def grant(world, actor, match, **said):
    until = world.today + timedelta(30)
    given = {"price": Decimal("171.5"), "valid_from": world.today, "valid_until": until, "answer": "For you."}
    return grant_match(actor, match, **given | said, now=world.now)


def test_a_granted_price_is_a_contract_price_for_a_time(world, xaver):
    match = ask(world, xaver)
    assert ask(world, xaver).pk == match.pk
    send_match_requested(Event.objects.get(name="price_match.requested").pk)
    contract = grant(world, actor_for(world.ruben.user), match)
    send_match_decided(Event.objects.get(name="price_match.granted").pk)

    decision = price(world, 2)
    assert (decision.unit_price, decision.source, decision.source_ref) == (
        Decimal("171.5"),
        "contract",
        contract.number,
    )
    assert [price(world, 1).source, price(world, 2, 30).source, price(world, 2, 31).source] == [
        "list",
        "contract",
        "list",
    ]
    assert [message.to for message in mail.outbox] == [[world.ruben.user.email], [world.xaver.email]]
    assert "£171.50" in mail.outbox[1].body


def test_a_declined_request_changes_no_price_and_is_decided_once(world, xaver):
    match, ruben = ask(world, xaver), actor_for(world.ruben.user)
    with pytest.raises(MatchRefused):
        decline_match(ruben, match, reason=" ", now=world.now)
    decline_match(ruben, match, reason="That is another drill.", now=world.now)

    assert price(world, 2).source == "list"
    with pytest.raises(MatchDecided):
        grant(world, ruben, match)
    assert not world.calder.contracts.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"price": Decimal("189")}, "price"),
        ({"price": Decimal("-1")}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"price": Decimal("0.00004")}, "price"),
        ({"quantity": 0}, "quantity"),
        ({"competitor": "  "}, "competitor"),
        ({"file": b"MZ no picture"}, "file"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(world, xaver, said, field):
    with pytest.raises(MatchRefused) as refusal:
        ask(world, xaver, **said)
    assert list(refusal.value.fields) == [field]
    assert not PriceMatch.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"price": Decimal("-0.01")}, "price"),
        ({"price": Decimal("Infinity")}, "price"),
        ({"valid_from": "yesterday"}, "valid_from"),
        ({"valid_until": "yesterday"}, "valid_until"),
        ({"valid_until": "in three years"}, "valid_until"),
    ],
)
def test_what_cannot_be_granted(world, xaver, said, field):
    days = {"yesterday": -1, "in three years": 1100}
    said = {name: world.today + timedelta(days[value]) if value in days else value for name, value in said.items()}
    with pytest.raises(MatchRefused) as refusal:
        grant(world, actor_for(world.ruben.user), ask(world, xaver), **said)
    assert field in refusal.value.fields
    assert PriceMatch.objects.get().state == "waiting"


def test_the_buyer_asks_the_rep_answers_and_the_buyer_reads_it(world, client):
    client.force_login(world.xaver.user)
    address = reverse("portal:price_match", args=[world.drill.sku])
    assert "£189.00" in client.get(address).content.decode()
    said = {
        "key": "one",
        "competitor": "Elsewhere Ltd",
        "price": "170,50",
        "quantity": "2",
        "link": "elsewhere.example",
    }
    assert client.post(address, said | {"price": "cheap"}).status_code == 422
    assert client.post(address, said).status_code == 302
    match = PriceMatch.objects.get()
    assert (match.competitor_price, match.own_price, match.link) == (
        Decimal("170.5"), Decimal("189"), "https://elsewhere.example",
    )  # fmt: skip

    client.force_login(world.ruben.user)
    page = reverse("workspace:price_match", args=[match.pk])
    assert "Elsewhere Ltd" in client.get(reverse("workspace:price_matches")).content.decode()
    assert "Base list" in client.get(page).content.decode()
    assert client.post(page, {"way": "grant", "answer": "x"}).status_code == 422
    assert client.post(page, {"way": "decline", "answer": "Another model."}).status_code == 302

    client.force_login(world.xaver.user)
    assert "Another model." in client.get(reverse("portal:product", args=[world.drill.sku])).content.decode()
