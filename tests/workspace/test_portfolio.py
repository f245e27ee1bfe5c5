"""A rep's portfolio over HTTP: the table and its map, targets, the cover plan, talks that are logged."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Account, Contact, ShipTo
from apps.accounts.selectors import actor_for
from apps.accounts.services import Address, change_ship_to
from apps.cases.models import FollowUp
from apps.core.models import Event
from apps.insights.models import CallReport, CoverRule, HealthScore, RevenueTarget
from apps.insights.rules.targets import Change, holder_on, period_of
from apps.insights.selectors.look import standing_of
from apps.insights.selectors.targets import targets_of_reps
from apps.insights.services.hand_overs import arrange_hand_over
from apps.insights.services.health import keep_health, keep_health_of, thin_out_health
from apps.invoicing.models import Invoice
from apps.ordering.models import Order
from tests.feedback.deliveries import delivered
from tests.workspace.desk import case_of, look, press, words


def invoiced(account, net, on, number, currency="GBP", **more):
    return Invoice.objects.create(
        account=account, number=number, issued_on=on, due_on=on, currency=currency, net=net, tax=0, gross=net, **more
    )


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def sold(world, today):
    """Brightwater bought more than a year ago, Leeds less."""
    first = date(today.year, 1, 1)
    before = date(today.year - 1, 1, 1)
    invoiced(world.brightwater, 900, first, "I-1")
    invoiced(world.brightwater, -100, first, "I-2")  # a credit note
    invoiced(world.brightwater, 400, before, "I-3")
    invoiced(world.leeds, 50, first, "I-4")
    invoiced(world.leeds, 70, before, "I-5")
    invoiced(world.calder, 5000, first, "I-6")
    HealthScore.objects.create(account=world.brightwater, on=today, score=78, a_year=D(70000), potential=D(70000))
    HealthScore.objects.create(account=world.brightwater, on=today - timedelta(days=30), score=64)
    return first


def test_the_portfolio_shows_its_rows_as_a_table_and_on_a_map(world, sold, signed_in, today):
    case_of(world.leeds, world.lena)
    page = words(signed_in(world.rhea), "portfolio")

    assert page.index("Brightwater Facilities") < page.index("Brightwater Leeds"), "by revenue, the greatest first"
    assert "Calder" not in page and "£800" in page and "£400" in page and "was 64" in page
    assert page.count('class="map-point"') == 2 and "York" in page and "health 78" in page
    assert "2 points stand about where" in page


def test_what_is_asked_for_stands_in_the_address(world, sold, signed_in):
    rhea = signed_in(world.rhea)
    upwards = words(rhea, "portfolio", sort="revenue")
    table = upwards[upwards.index("<tbody>") :]
    assert table.index("Brightwater Leeds") < table.index("Brightwater Facilities")
    assert 'aria-sort="ascending"' in upwards and "sort=-revenue" in upwards
    good = words(rhea, "portfolio", health="ok")
    assert "Brightwater Facilities" in good and "Brightwater Leeds" not in good
    assert "No account matches that" in words(rhea, "portfolio", q="nobody")
    for odd in ({"sort": "x"}, {"health": "x"}, {"due": "x"}, {"class": "Z"}, {"rep": "x"}, {"page": "-1"}):
        assert look(rhea, "portfolio", **odd).status_code == 200, odd


def test_the_file_has_the_same_rows(world, sold, signed_in):
    Account.objects.filter(pk=world.leeds.pk).update(name="=HYPERLINK(1)")
    answer = look(signed_in(world.rhea), "portfolio_file", sort="name")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["AC-2", "AC-1"] and rows[1][1] == "'=HYPERLINK(1)"
    assert rows[2][3:6] == ["800.00", "400.00", "78"]


def test_a_manager_sees_any_reps_and_a_rep_only_their_own(world, sold, signed_in):
    mona = signed_in(world.mona)
    assert "Calder" in words(mona, "portfolio", rep=world.ruben.pk)
    assert "Calder" not in words(mona, "portfolio", rep=world.rhea.pk)
    assert look(mona, "portfolio", rep=999_999).status_code == 404
    assert look(signed_in(world.rhea), "portfolio", rep=world.ruben.pk).status_code == 404
    assert look(signed_in(world.sam), "portfolio").status_code == 200


def test_coordinates_win_over_the_postal_code_until_the_address_moves(world):
    world.dock.latitude, world.dock.longitude = D("53.96"), D("-1.08")
    world.dock.save()
    assert world.dock.place == (53.96, -1.08, False)
    anna = actor_for(world.anna.user)
    same = {"name": "Main dock", "street": "1 Mill Lane", "city": "York", "postal_code": "YO1 1AA"}
    assert change_ship_to(anna, world.dock, Address(**same, gate="2"), now=world.now).latitude == D("53.96")
    moved = change_ship_to(anna, world.dock, Address(**same | {"postal_code": "LS1 1AA"}), now=world.now)
    assert moved.latitude is None and moved.place == (53.8, -1.5, True)


@pytest.mark.parametrize("name", ["portfolio", "targets", "cover", "visits", "hand_overs"])
def test_it_costs_the_same_however_many_accounts(name, world, sold, signed_in, today):
    def count() -> int:
        rhea = signed_in(world.rhea)
        look(rhea, name)
        with CaptureQueriesContext(connection) as asked:
            assert look(rhea, name).status_code == 200
        return len(asked)

    case_of(world.brightwater, world.anna, ref="first")
    RevenueTarget.objects.create(
        account=world.leeds, period="year", starts_on=date(today.year, 1, 1), amount=9, set_at=world.now
    )
    few = count()
    for n in range(30):
        account = Account.objects.create(number=f"AC-5{n:02}", name=f"Depot {n:02}", rep=world.rhea, segment="depots")
        ShipTo.objects.create(account=account, code="A", name="x", street="x", city="Hull", postal_code="HU3 4XR")
        invoiced(account, 10, today, f"D-{n}")
        contact = Contact.objects.create(account=account, name=f"Buyer {n}", email=f"b{n}@depot.example")
        case_of(account, contact, ref=f"depot:{n}")
        HealthScore.objects.create(account=account, on=today, score=50)
        CallReport.objects.create(
            account=account, kind="visit", held_on=today, by_name="Rhea", key="1", written_at=world.now
        )
        RevenueTarget.objects.create(
            account=account, period="year", starts_on=date(today.year, 1, 1), amount=9, set_at=world.now
        )
    assert count() == few <= 40


def test_a_manager_sets_targets_and_their_pace_is_told(world, sold, signed_in, today):
    mona = signed_in(world.mona)
    first, last = period_of("year", today)
    said = {"rep": world.rhea.pk, "period": "year", "day": f"{today}", "amount": "1000"}
    assert press(signed_in(world.rhea), "choose_target", **said).status_code == 403
    mona = signed_in(world.mona)
    assert press(mona, "choose_target", **said).status_code == 302
    assert press(mona, "choose_target", **said | {"amount": "1700"}).status_code == 302
    assert press(mona, "choose_target", account="AC-2", **said | {"amount": "100"}).status_code == 302
    kept = RevenueTarget.objects.get(rep=world.rhea)
    assert (kept.amount, kept.starts_on, kept.set_by_name) == (1700, first, "Mona")
    gone = round(100 * ((today - first).days + 1) / ((last - first).days + 1))
    page = words(signed_in(world.rhea), "targets")
    assert f"50% of the target with {gone}% of the time gone" in page, "850 of 1700"
    assert f"50% of the target with {gone}% of the time gone" in page[page.index("Brightwater Leeds") :]
    mona = signed_in(world.mona)
    odd = ({"day": "9999-12-01"}, {"day": "0001-01-01"}, {"amount": "99999999999.999"}, {"amount": "1e400"})
    for wrong in (*odd, {"amount": "-1"}, {"amount": "NaN"}, {"amount": ""}, {"period": "week"}):
        assert press(mona, "choose_target", **said | wrong).status_code == 422, wrong
    press(mona, "choose_target", **said | {"amount": "0.001"})  # in cents it is nothing
    assert not RevenueTarget.objects.filter(rep=world.rhea).exists()


@pytest.fixture
def handed_over(world, sold, today):
    """Brightwater goes from Rhea to Ruben today; it was invoiced 800 before, of what was ordered while it was hers."""
    rhea = actor_for(world.rhea.user)
    arrange_hand_over(
        rhea, [world.brightwater], taker_id=world.ruben.pk, effective_on=today, summaries={}, now=timezone.now()
    )
    for rep in (world.rhea, world.ruben):
        RevenueTarget.objects.create(
            rep=rep, period="year", starts_on=date(today.year, 1, 1), amount=1000, set_at=world.now
        )


def test_revenue_counts_for_who_held_the_account_when_it_was_ordered(world, handed_over, today):
    def done():
        return {each.rep: each.year.done for each in targets_of_reps(actor_for(world.mona.user), on=today) if each.year}

    assert done() == {world.rhea: 850, world.ruben: 5000}, "the target and what was done stay with Rhea"
    late = delivered(world, days_ago=5).order
    invoiced(world.brightwater, 100, today, "I-7", order=late)
    assert done() == {world.rhea: 950, world.ruben: 5000}, "ordered before, invoiced after"
    invoiced(world.brightwater, -30, today, "I-8", corrects=Invoice.objects.get(number="I-7"))
    Order.objects.filter(pk=late.pk).update(placed_at=timezone.now())
    assert done() == {world.rhea: 850, world.ruben: 5070}, "ordered on the day is the taker's, credit notes as well"


def test_a_rep_sees_what_counts_of_accounts_they_gave_away(world, handed_over, signed_in):
    own = words(signed_in(world.rhea), "targets")
    assert "85% of the target" in own and "with accounts that are a colleague" in own
    assert "a target stays with its rep" in own
    assert "colleague" not in words(signed_in(world.ruben), "targets")


def test_targets_cost_the_same_however_many_accounts_change_hands(world, handed_over, today):
    def count():
        with CaptureQueriesContext(connection) as asked:
            targets_of_reps(actor_for(world.mona.user), on=today)
        return len(asked)

    few, ruben = count(), actor_for(world.ruben.user)
    arrange_hand_over(
        ruben, [world.brightwater, world.calder], taker_id=world.rhea.pk, effective_on=today, summaries={},
        now=timezone.now(),
    )  # fmt: skip
    assert count() == few


D1, D2 = date(2026, 3, 1), date(2026, 5, 1)


@pytest.mark.parametrize(
    ("day", "changes", "holder"),
    [
        (D1, [], 9),
        (date(2026, 2, 28), [Change(D1, 1, 2), Change(D2, 2, 3)], 1),
        (D1, [Change(D1, 1, 2), Change(D2, 2, 3)], 2),
        (date(2026, 4, 30), [Change(D1, 1, 2), Change(D2, 2, 3)], 2),
        (D2, [Change(D1, 1, 2), Change(D2, 2, 3)], 9),
        (D1, [Change(D2, None, 3)], None),
    ],
)
def test_who_held_an_account_on_a_day(day, changes, holder):
    assert holder_on(day, changes, now=9) == holder


def test_the_cover_plan_says_who_is_due_and_a_visit_settles_it(world, sold, signed_in, today):
    rhea = signed_in(world.rhea)
    assert words(rhea, "cover").count("not seen yet") == 2
    said = {"kind": "visit", "held_on": f"{today}", "contact": world.anna.pk, "note": "Wants gloves", "key": "k"}
    said |= {"next_step": "Send samples", "next_on": f"{today}"}
    for _twice in range(2):
        assert press(rhea, "log_talk", "AC-1", **said).status_code == 302
    report = CallReport.objects.get()
    assert (report.by_name, report.contact, report.rep) == ("Rhea", world.anna, world.rhea)
    assert FollowUp.objects.get().title == "Send samples" and FollowUp.objects.get().owner == world.rhea
    assert words(rhea, "cover").count("not seen yet") == 1
    page = words(rhea, "account", "AC-1")
    assert "We visited them" in page and "Anna: Wants gloves" in page
    assert "Wants gloves" in words(rhea, "care", "AC-1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dream"},
        {"held_on": "soon"},
        {"held_on": "2999-01-01"},
        {"held_on": "0001-01-01", "next_step": "x", "next_on": "0001-01-01"},
        {"note": "x" * 4001},
        {"next_step": "x", "next_on": ""},
        {"next_step": "x" * 161},
        {"contact": "xaver"},
    ],
)
def test_what_cannot_be_logged(wrong, world, signed_in, today):
    wrong = wrong if wrong.get("contact") != "xaver" else {"contact": world.xaver.pk}
    said = {"kind": "call", "held_on": f"{today}", "key": "k"} | wrong
    assert press(signed_in(world.rhea), "log_talk", "AC-1", **said).status_code == 422
    assert not CallReport.objects.exists()


def test_pages_stand_a_step_that_is_as_far_away_as_can_be(world, signed_in, today):
    rhea = signed_in(world.rhea)
    said = {"kind": "call", "held_on": f"{today}", "key": "k", "next_step": "Wait", "next_on": "9999-12-31"}
    assert press(rhea, "log_talk", "AC-1", **said).status_code == 302
    for name, args in (("account", ["AC-1"]), ("care", ["AC-1"]), ("brief", ["AC-1"]), ("today", []), ("cover", [])):
        assert look(rhea, name, *args).status_code == 200, name


def test_rules_of_cover_are_changed_by_a_manager(world, sold, signed_in):
    said = {f"{name}-{grade}": "30" for grade in "ABC" for name in ("visits", "contacts")}
    said |= {"worth-A": "1000", "worth-B": "100", "worth-C": "0"}
    assert press(signed_in(world.rhea), "choose_cover", **said).status_code == 403
    mona = signed_in(world.mona)
    assert press(mona, "choose_cover", **said).status_code == 302
    assert CoverRule.objects.get(grade="C").visit_days == 30
    assert press(mona, "choose_cover", **said | {"worth-B": "2000"}).status_code == 422
    assert press(mona, "choose_cover", **said | {"visits-A": "999"}).status_code == 422
    assert press(mona, "choose_cover", **said | {"visits-A": "9" * 30}).status_code in (302, 422)
    assert press(mona, "choose_cover", **said | {"worth-A": "1e400"}).status_code == 422


def test_health_is_kept_once_a_day_and_thinned_out(world):
    keep_health_of(world.brightwater, now=world.now)
    assert keep_health(now=world.now) == Account.objects.filter(is_active=True).count() - 1
    assert keep_health(now=world.now) == 0
    for days in (10, 80, 81, 82, 83, 84, 85, 86, 900):
        HealthScore.objects.create(account=world.calder, on=world.today - timedelta(days=days), score=50)
    assert thin_out_health(now=world.now) == 7
    left = HealthScore.objects.filter(account=world.calder, on__lt=world.today - timedelta(days=62))
    assert [score.on.isoweekday() for score in left] == [1]


def test_an_account_that_cannot_be_scored_keeps_nobody_from_their_score(world, monkeypatch):
    first = Account.objects.filter(is_active=True).order_by("pk").first()

    def broken(actor, account, **said):
        if account == first:
            raise ValueError
        return standing_of(actor, account, **said)

    monkeypatch.setattr("apps.insights.services.health.standing_of", broken)
    others = Account.objects.filter(is_active=True).exclude(pk=first.pk)
    assert keep_health(now=world.now) == others.count() == HealthScore.objects.count()


def test_the_brief_fits_what_one_wants_before_walking_in(world, signed_in, today):
    case_of(world.brightwater, world.anna)
    press(signed_in(world.rhea), "log_talk", "AC-1", kind="visit", held_on=f"{today}", note="Good talk", key="k")
    page = words(signed_in(world.rhea), "brief", "AC-1")
    assert "The gloves were torn" in page and "Good talk" in page and "decision maker" in page
    assert look(signed_in(world.ruben), "brief", "AC-1").status_code == 404
    back = press(signed_in(world.rhea), "log_talk", "AC-1", kind="call", held_on=f"{today}", key="k2", back="brief")
    assert back.url == reverse("workspace:brief", args=["AC-1"])
    assert Event.objects.filter(name="call_report.written").count() == 2
