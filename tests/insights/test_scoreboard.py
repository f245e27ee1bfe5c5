"""The score told by whom and by what: with its certainty, never under ten answers, for each reader what is theirs."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import actor_for
from apps.core.scoping import SYSTEM
from apps.insights import services
from apps.insights.selectors import scoreboard_of
from apps.insights.selectors.rolled import WAYS
from apps.insights.services import count_missed
from apps.ordering.models import Order
from tests.insights.test_counting import said

pytestmark = pytest.mark.django_db


def heard(world, contact, *scores, days_ago=1, now=None, **more):
    for score in scores:
        said(world, contact, score, (now or world.now) - timedelta(days=days_ago), **more)
    count_missed()


def row(actor, way, key, now):
    return next(row for row in scoreboard_of(actor, way, now=now).rows if row.key == key)


@pytest.mark.parametrize("way", WAYS)
def test_under_ten_answers_there_is_no_score_by_anything(way, world):
    heard(world, world.anna, *[9] * 9)
    (found,) = scoreboard_of(SYSTEM, way, now=world.now).rows
    assert (found.nps.n, found.nps.score, found.weighted, found.change) == (9, None, None, None)


def test_a_segment_with_its_change_its_money_and_who_was_heard(world):
    heard(world, world.anna, *[9] * 10, 3, 3)
    heard(world, world.anna, *[2] * 12, days_ago=100)
    heard(world, world.xaver, *[9] * 10)
    heard(world, world.xaver, *[9] * 10, days_ago=100)
    Order.objects.filter(account=world.calder).update(goods_net=160)

    facilities, engineering = (row(SYSTEM, "segment", key, world.now) for key in ("facilities", "engineering"))

    assert (round(facilities.nps.score), facilities.nps.n, facilities.accounts) == (67, 12, 1)
    assert facilities.change == pytest.approx(166.7, abs=0.1)
    assert engineering.change is None
    assert (facilities.heard, round(facilities.weighted), round(facilities.n_eff)) == (1.0, 67, 12)


def test_a_tree_takes_all_below_it_together(world):
    heard(world, world.anna, *[9] * 6)
    heard(world, world.lena, *[2] * 6)
    found = row(SYSTEM, "tree", str(world.brightwater.pk), world.now)
    assert (found.name, found.nps.n, found.nps.score, found.accounts) == ("Brightwater Facilities", 12, 0, 2)


def test_heard_is_the_share_of_what_was_ordered(world):
    heard(world, world.anna, 9)
    Order.objects.filter(account=world.brightwater).update(goods_net=300)
    said(world, world.lena, 9, kind="effort")
    Order.objects.filter(account=world.leeds).update(goods_net=100)
    said(world, world.xaver, 9, kind="effort")
    Order.objects.filter(account=world.calder).update(goods_net=100)
    assert row(SYSTEM, "segment", "facilities", world.now).heard == pytest.approx(0.75)
    assert row(SYSTEM, "role", "buyer", world.now).heard == pytest.approx(0.6)


def test_a_rep_reads_only_what_their_accounts_said(world):
    heard(world, world.anna, 9)
    heard(world, world.xaver, 9)
    keys = [row.key for row in scoreboard_of(actor_for(world.ruben.user), "segment", now=world.now).rows]
    assert keys == ["engineering"]


def test_the_page_leads_to_the_answers_and_tells_no_score_under_ten(world, signed_in):
    heard(world, world.anna, *[9] * 9, now=timezone.now())
    rhea = signed_in(world.rhea)

    page = rhea.get(reverse("workspace:scores"), {"by": "carrier"}).content.decode()

    assert "Swift" in page and "under 10 answers" in page and "too few to compare" in page
    assert "insight" not in page and "?by=rep" not in page
    behind = rhea.get(reverse("workspace:scores_answers"), {"by": "carrier", "of": "Swift"}).content.decode()
    assert behind.count("Brightwater Facilities") == 9
    ruben = signed_in(world.ruben)
    assert (
        "Brightwater"
        not in ruben.get(reverse("workspace:scores_answers"), {"by": "carrier", "of": "Swift"}).content.decode()
    )


def test_answers_go_on_where_the_page_ends_even_within_one_instant(world, signed_in):
    heard(world, world.anna, *[9] * 27, now=timezone.now())
    rhea, seen = signed_in(world.rhea), 0
    url = reverse("workspace:scores_answers") + "?by=role&of=buyer"
    while url:
        answer = rhea.get(url)
        seen += len(answer.context["answers"])
        url = answer.context["next_url"] and reverse("workspace:scores_answers") + answer.context["next_url"]
    assert seen == 27


@pytest.mark.parametrize(
    "asked",
    [
        {"by": "nothing"},
        {"by": "rep", "of": "9" * 40},
        {"by": "tree", "of": "%"},
        {"by": "role", "before": "yesterday"},
    ],
)
def test_whatever_is_asked_is_answered(asked, world, signed_in):
    mona = signed_in(world.mona)
    for page in ("scores", "scores_file", "scores_answers"):
        assert mona.get(reverse(f"workspace:{page}"), asked).status_code == 200


def test_the_file_holds_no_formula_and_no_score_under_ten(world, signed_in):
    heard(world, world.anna, *[9] * 9, now=timezone.now(), supplier="=HYPERLINK(1)")
    heard(world, world.anna, *[9] * 8, 2, 2, 2, now=timezone.now(), supplier="Works")
    answer = signed_in(world.mona).get(reverse("workspace:scores_file"), {"by": "supplier"})
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["Works", "11", "8"], ["'=HYPERLINK(1)", "9", "9"]]
    assert rows[1][5] == "45.5" and rows[2][5:10] == [""] * 5
    assert answer["Content-Disposition"].startswith('attachment; filename="nps-supplier-')


def test_tables_of_a_large_house_are_kept_for_who_sees_all_of_it(world, monkeypatch):
    monkeypatch.setattr(services.house, "PATIENCE", 0)
    services.keep_house_figures(now=world.now)
    heard(world, world.anna, 9)
    later = world.now + timedelta(minutes=5)

    assert scoreboard_of(SYSTEM, "segment", now=later).rows == ()
    assert len(scoreboard_of(SYSTEM, "role", now=later).rows) == 1
    assert len(scoreboard_of(actor_for(world.rhea.user), "segment", now=later).rows) == 1

    monkeypatch.setattr(services.house, "PATIENCE", 60)
    services.keep_house_figures(now=later)
    assert len(scoreboard_of(SYSTEM, "segment", now=later).rows) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_table_costs_the_same_however_long(way, world, signed_in):
    mona = signed_in(world.mona)
    heard(world, world.anna, 9, now=timezone.now())

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert mona.get(reverse("workspace:scores"), {"by": way}).status_code == 200
        return len(asked)

    count()
    few = count()
    for n in range(5):
        account = Account.objects.create(number=f"AC-7{n}", name=f"Depot {n}", rep=world.rhea, segment=f"s{n}")
        buyer = Contact.objects.create(account=account, name="Buyer", email=f"b{n}@depot.example")
        said(world, buyer, 9, timezone.now(), supplier=f"Works {n}")
    count_missed()
    assert count() == few <= 15
