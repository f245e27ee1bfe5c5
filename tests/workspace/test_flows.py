"""A rep's day over HTTP: today, a case, a quote, a pick, an order on behalf, a release."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cases.models import FollowUp
from apps.core.models import Event
from apps.ordering.models import Order
from apps.pricing.models import AccountTerms
from tests.portal.buying import placed
from tests.workspace.desk import case_of, look, press, quote_asked, to_do, words


def test_an_unhappy_answer_stands_first_today_and_leads_to_its_case(world, signed_in):
    quote_asked(signed_in(world.lena), world.bolt, 5000)
    case = case_of(world.brightwater, world.anna)

    today = words(signed_in(world.rhea), "today")

    assert today.index("Brightwater Facilities") < today.index("Brightwater Leeds")
    assert "Unhappy and not answered yet: The gloves were torn" in today
    assert f'href="{reverse("workspace:case", args=[case.number])}"' in today and "Answer them" in today


def test_a_rep_sets_down_a_task_of_their_own_and_does_it(world, signed_in):
    rhea, today = signed_in(world.rhea), timezone.localdate()
    assert 'name="key"' in words(rhea, "account", "AC-1")
    task = {"title": " Bring  the new  gloves ", "detail": "Size 9", "due_on": f"{today}", "key": "k1"}
    assert press(rhea, "add_task", "AC-1", **task).status_code == 302
    press(rhea, "add_task", "AC-1", **task)
    kept = FollowUp.objects.get()
    assert (kept.title, kept.kind, kept.owner, kept.due_on) == ("Bring the new gloves", "task", world.rhea, today)
    assert Event.objects.get(name="follow_up.proposed").actor_name == "Rhea"
    assert "Bring the new gloves" in words(rhea, "today")
    for wrong in ({"title": "  "}, {"title": "x" * 161}, {"due_on": "soon"}, {"due_on": f"{today - timedelta(1)}"}):
        refused = press(rhea, "add_task", "AC-1", **task | {"key": "k2"} | wrong)
        assert refused.status_code == 422, wrong
    assert FollowUp.objects.count() == 1
    press(rhea, "settle_follow_up", kept.pk, decision="done", outcome="They like them", back="account")
    words(rhea, "today")  # which says once that it is settled
    assert "Bring the new gloves" not in words(rhea, "today")


def test_a_rep_answers_and_resolves_a_case(world, signed_in):
    number = case_of(world.brightwater, world.anna).number
    rhea = signed_in(world.rhea)
    assert "left</span>" in words(rhea, "case", number), "how much time there is, in words"

    press(rhea, "acknowledge_case", number)
    assert press(rhea, "resolve_case", number, cause="delivery", resolution="Sent again").status_code == 409
    press(rhea, "note_case", number, body="The carrier again")
    press(rhea, "answer_case", number, body="A new box leaves today.")
    assert press(rhea, "resolve_case", number, cause="delivery", resolution=" ").status_code == 422
    press(rhea, "resolve_case", number, cause="delivery", resolution="Sent a new box at once.")

    page = words(rhea, "case", number)
    assert "Resolved. Cause: delivery" in page and "The carrier again" in page
    assert number not in words(rhea, "cases") and number in words(rhea, "cases", status="resolved")
    theirs = signed_in(world.anna).get(reverse("portal:case", args=[number])).content.decode()
    assert "A new box leaves today." in theirs and "The carrier again" not in theirs

    anna, address = signed_in(world.anna), reverse("portal:case", args=[number])
    assert "If it is not put right, write to us" in theirs
    anna.post(address, {"body": "It is wet as well."})
    assert "Sent a new box at once." not in anna.get(address).content.decode()
    rhea = signed_in(world.rhea)
    page = words(rhea, "case", number)
    assert "It is wet as well." in page and "Sent a new box at once." in page and "Opened again" in page
    assert number in words(rhea, "cases")


def test_a_rep_offers_prices_and_the_buyer_orders_at_them(world, signed_in):
    quote = quote_asked(signed_in(world.anna), world.bolt, 5000)
    line, rhea = quote.lines.get(), signed_in(world.rhea)
    page = words(rhea, "quote", quote.number)
    assert "For the new hall" in page and "£0.14" in page and "contract" in page.lower()

    offer = {"valid_until": "2099-12-31", "answer": "For the new hall", f"price_{line.pk}": "0.125"}
    prices = [{f"price_{line.pk}": price} for price in ("-1", "0", "0.0000", "NaN")]
    for wrong in (*prices, {"valid_until": "2020-01-01"}):
        refused = press(rhea, "quote", quote.number, **offer | wrong)
        assert refused.status_code == 422 and "For the new hall" in refused.content.decode()
    assert press(rhea, "quote", quote.number, **offer).status_code == 302
    assert press(rhea, "quote", quote.number, **offer).status_code == 409, "offered already"

    anna = signed_in(world.anna)
    wish = {"ship_to": world.dock.pk, "option": world.standard.pk, "key": "q"}
    anna.post(reverse("portal:accept_quote", args=[quote.number]), wish)
    assert Order.objects.get().lines.get().unit_price == D("0.1250")


def test_a_pick_and_the_reps_words_stand_on_the_buyers_home(world, signed_in):
    rhea = signed_in(world.rhea)

    press(rhea, "welcome", "AC-1", text="Good to have you here.")
    press(rhea, "pick", "AC-1", code="4006381333931", note="Keep some in the van")
    unknown = rhea.post(reverse("workspace:pick", args=["AC-1"]), {"code": "NO-SUCH"}, follow=True)

    assert "No product is known by the code “NO-SUCH”" in unknown.content.decode()
    home = signed_in(world.anna).get(reverse("portal:home")).content.decode()
    assert "Good to have you here." in home and world.bolt.name in home and "Keep some in the van" in home
    press(signed_in(world.rhea), "unpick", "AC-1", sku=world.bolt.sku)
    assert "Keep some in the van" not in signed_in(world.anna).get(reverse("portal:home")).content.decode()


def test_a_rep_orders_on_behalf_and_it_is_recorded_as_such(world, signed_in):
    rhea = signed_in(world.rhea)

    assert press(rhea, "start_acting", world.anna.pk).url == reverse("portal:home")
    banner = rhea.get(reverse("portal:home")).content.decode()
    assert "<strong>Rhea</strong> acts for <strong>Anna</strong> of <strong>Brightwater Facilities</strong>" in banner
    order = Order.objects.get(number=placed(rhea, world.gloves, 2))
    assert (order.contact, order.placed_by_name, order.channel) == (world.anna, "Rhea", "rep")
    assert "Calder" not in words(rhea, "accounts") and "Leeds" in words(rhea, "accounts"), "her own desk meanwhile"

    assert press(rhea, "stop_acting").url == reverse("workspace:account", args=["AC-1"])
    assert rhea.get(reverse("portal:home")).url == reverse("workspace:today")
    names = Event.objects.filter(name__startswith="rep.acting").order_by("id").values_list("name", "actor_name")
    assert list(names) == [("rep.acting_started", "Rhea"), ("rep.acting_stopped", "Rhea")]
    story = words(rhea, "account", "AC-1")
    assert "We began to act for Anna" in story and order.number in story
    assert press(rhea, "stop_acting").url == reverse("workspace:today"), "nobody's place any more"


def test_half_an_hour_later_the_rep_is_themselves_again(world, signed_in):
    rhea = signed_in(world.rhea)
    press(rhea, "start_acting", world.anna.pk)
    session = rhea.session
    assert 1795 < session["acting_until"] - timezone.now().timestamp() <= 1800
    session["acting_until"] = timezone.now().timestamp() - 1
    session.save()

    assert rhea.get(reverse("portal:home")).url == reverse("workspace:today")


@pytest.mark.parametrize("said", [{}, {"decision": "relase"}, {"decision": "approve"}])
def test_a_release_without_a_clear_yes_or_no_decides_nothing(said, world, signed_in):
    AccountTerms.objects.filter(account=world.brightwater).update(credit_limit=5)
    number = placed(signed_in(world.anna), world.gloves, 1)

    assert press(signed_in(world.rhea), "release", number, **said).status_code == 422

    assert Order.objects.get().status == "awaiting_release"


@pytest.mark.parametrize("said", [{}, {"decision": "don"}])
def test_a_follow_up_without_a_clear_word_stays_open(said, world, signed_in):
    follow_up = to_do(world.brightwater, world.anna)

    assert press(signed_in(world.rhea), "settle_follow_up", follow_up.pk, **said).status_code == 422

    follow_up.refresh_from_db()
    assert follow_up.state == "open"


@pytest.mark.parametrize(("decision", "status"), [("release", "placed"), ("decline", "declined")])
def test_an_order_above_the_credit_limit_is_decided_by_who_may(decision, status, world, signed_in):
    AccountTerms.objects.filter(account=world.brightwater).update(credit_limit=5)
    number = placed(signed_in(world.anna), world.gloves, 1)
    assert "waits for release" in words(signed_in(world.rhea), "today")
    assert press(signed_in(world.sam), "release", number, decision="release").status_code == 403
    assert 'value="release"' not in words(signed_in(world.sam), "order", number)

    rhea = signed_in(world.rhea)
    assert 'value="release"' in words(rhea, "order", number)
    press(rhea, "release", number, decision=decision, comment="Spoke to Fiona")

    assert Order.objects.get().status == status
    assert "Spoke to Fiona" in words(rhea, "order", number)
    assert press(rhea, "release", number, decision=decision).status_code == 409, "decided already"


def test_what_is_to_do_is_done_or_dropped_with_a_word(world, signed_in):
    done, dropped = to_do(world.brightwater, world.anna), to_do(world.leeds, world.lena, ref="answer:2", days=-1)
    rhea = signed_in(world.rhea)
    assert words(rhea, "today").count("Thank Anna for her praise</h3>") == 2

    press(rhea, "settle_follow_up", done.pk, decision="done", outcome="She knows somebody at Northgate")
    answer = press(rhea, "settle_follow_up", dropped.pk, decision="drop", back="account")

    assert answer.url == reverse("workspace:account", args=["AC-2"])
    assert "Thank Anna for her praise</h3>" not in words(rhea, "today")
    assert "She knows somebody at Northgate" in words(rhea, "account", "AC-1")


def test_the_list_finds_by_name_number_and_segment_and_says_why(world, signed_in):
    case_of(world.calder, world.xaver)
    mona = signed_in(world.mona)
    everybody = words(mona, "accounts")
    assert everybody.index("Calder Engineering") < everybody.index("Brightwater Facilities"), "the neediest first"

    assert "Calder" not in words(mona, "accounts", q="water")
    assert "Brightwater Leeds" in words(mona, "accounts", q="ac-2") and "Calder" not in words(
        mona, "accounts", q="ac-2"
    )
    assert "Brightwater" not in words(mona, "accounts", segment="engineering")
    assert "No account matches that" in words(mona, "accounts", q="Zebra")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("accounts", {"page": "99999999999999999999", "q": "%_\u202e", "segment": "no"}),
        ("accounts", {"page": "-1"}),
        ("quotes", {"status": "no", "after": "nonsense"}),
        ("cases", {"status": "no"}),
        ("feedback", {"status": "no"}),
    ],
)
def test_addresses_that_make_no_sense_show_the_page(name, query, world, signed_in):
    words(signed_in(world.mona), name, **query)


@pytest.mark.parametrize("before", ["", "nonsense", "2026-01-01", "2026-13-45T00:00:00+00:00"])
def test_a_story_begins_at_the_latest_where_the_place_makes_no_sense(before, world, signed_in):
    press(signed_in(world.rhea), "welcome", "AC-1", text="Hello")

    assert "Their welcome was written anew" in words(signed_in(world.rhea), "account", "AC-1", before=before)


def test_a_story_is_read_on_by_its_time(world, signed_in):
    rhea = signed_in(world.rhea)
    press(rhea, "welcome", "AC-1", text="Hello")

    earlier = look(rhea, "account", "AC-1", before="2020-01-01T00:00:00+00:00").content.decode()
    assert "Their welcome was written anew" not in earlier and "Back to the latest" in earlier
