"""The pages of the journey: for whom, down to the rows, as a file; and the figures of the house that lead to theirs."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.fulfilment.selectors.kept import FAULTS, failed_in, kept_in
from apps.insights.models import JourneyMonth, JourneyTarget
from apps.insights.rules.journey import first_of
from apps.insights.selectors import digest_of, house_figures, journey_of, unhappy_accounts
from apps.insights.selectors.journey import JOURNEY_KEPT_AS
from apps.insights.services import count_recent_journey
from apps.workspace import journey as pages
from tests.feedback.deliveries import delivered
from tests.insights.test_counting import said
from tests.insights.test_journey import brought
from tests.workspace.test_queries import count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(db):
    cache.delete(JOURNEY_KEPT_AS)


def get(client, name="journey", **asked):
    return client.get(reverse(f"workspace:{name}"), asked)


def weak(world, accounts=8, measure="kept"):
    """Accounts of Rhea's whose promises were kept until three months ago, and are not any more."""
    now = timezone.now().date()
    for n in range(accounts):
        account = Account.objects.create(number=f"AC-7{n:02}", name=f"=Depot {n:02}", rep=world.rhea, segment="depots")
        JourneyMonth.objects.bulk_create(
            JourneyMonth(account=account, month=first_of(now, back), measure=measure, hits=hits + n % 2, total=100)
            for back, hits in ((0, 60), (1, 61), (4, 98), (5, 97))
        )


def test_what_is_weak_stands_out_on_the_page_and_in_the_digest(world, signed_in):
    weak(world)
    page = get(signed_in(world.mona)).content.decode()
    assert "Weakest: Promise. Promises kept at 61.0%, target 95.0%, and getting worse." in page
    assert 'id="promise" data-state="weak"' in page and 'id="deliver" data-state=""' in page
    assert "cause=delivery" in page  # begin an improvement
    mona = actor_for(world.mona.user)
    weakest = digest_of(mona, since=timezone.now() - timedelta(7), until=timezone.now()).weakest
    assert (weakest.code, weakest.weakest.code) == ("promise", "kept")

    JourneyTarget.objects.create(measure="kept", percent=50)
    assert journey_of(mona, now=timezone.now()).weakest is None


def test_without_anything_counted_the_page_says_so(world, signed_in):
    page = get(signed_in(world.mona)).content.decode()
    assert page.count("nothing counted yet") == 7 and "Weakest" not in page
    assert "Nothing is behind it" in get(signed_in(world.mona), "journey_rows").content.decode()


def test_it_costs_the_same_however_many_accounts(world, signed_in):
    weak(world, 2)
    mona = signed_in(world.mona)
    few = count(mona, "journey"), count(mona, "journey_rows")
    Account.objects.filter(number__startswith="AC-7").delete()
    weak(world, 30)
    assert (count(mona, "journey"), count(mona, "journey_rows")) == few
    assert max(few) <= 15


def test_each_sees_their_own_and_nobody_looks_behind_a_stranger(world, signed_in):
    shipment = brought(world, world.anna, timezone.now())
    brought(world, world.xaver, timezone.now(), missing=1)
    count_recent_journey(now=timezone.now())
    both = {"Brightwater Facilities", "Calder Engineering"}
    for desk, names in ((world.mona, both), (world.rhea, {"Brightwater Facilities"})):
        client = signed_in(desk)
        for show in ("", "each"):
            rows = get(client, "journey_rows", measure="otif", show=show).content.decode()
            assert {name for name in both if name in rows} == names
    order = reverse("workspace:order", args=[shipment.order.number])
    assert order in get(client, "journey_rows", measure="otif", account="AC-1").content.decode()
    for asked in ({"account": "AC-3"}, {"measure": "sideways"}, {"account": "AC-0"}):
        assert get(client, "journey_rows", **asked).status_code == 404
        assert get(client, "journey_file", **{"measure": "otif"} | asked).status_code == 404
    odd = get(client, "journey_rows", month="2026-99", after="x_y", segment="nobody's", rep="1e5")
    assert odd.status_code == 200
    mona = signed_in(world.mona)
    for chosen in ({"segment": "facilities"}, {"rep": str(world.rhea.pk)}):
        assert "Calder" not in get(mona, "journey_rows", measure="otif", **chosen).content.decode()
        assert "Calder" not in get(mona, "journey_rows", measure="otif", show="each", **chosen).content.decode()
    missed = get(mona, "journey_rows", measure="otif", only="missed").content.decode()
    assert "Calder" in missed and "Brightwater" not in missed


@pytest.mark.parametrize("asked", [{}, {"show": "each"}])
def test_rows_are_read_page_by_page(asked, world, signed_in, monkeypatch):
    monkeypatch.setattr(pages, "SHOWN", 2)
    for contact in (world.anna, world.lena, world.xaver, world.anna, world.xaver):
        brought(world, contact, timezone.now(), missing=1)
    count_recent_journey(now=timezone.now())
    mona, url, seen = signed_in(world.mona), reverse("workspace:journey_rows"), []
    answer = mona.get(url, {"measure": "otif", **asked})
    while True:
        rows = answer.context.get("accounts") or answer.context["rows"]
        seen += [row.id for row, _url in rows]
        if not answer.context["next_url"]:
            break
        answer = mona.get(answer.context["next_url"])
    assert len(seen) == len(set(seen)) == (5 if asked else 3)


def test_the_file_holds_no_formula(world, signed_in):
    weak(world, 2)
    mona = signed_in(world.mona)
    rows = list(csv.reader(StringIO(get(mona, "journey_file", measure="kept").content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["'=Depot 00", "'=Depot 01"]
    assert rows[1][2:] == ["121", "200", "79"]
    whole = list(csv.reader(StringIO(get(mona, "journey_file").content.decode("utf-8-sig"))))
    assert len(whole) == 20 and len(whole[0]) == 10 + 12
    (kept,) = [row for row in whole if row[1] == "promises kept"]
    assert kept[4:6] == ["0.6100", "0.9500"]


def test_what_the_house_counts_is_what_its_rows_are(world, signed_in):
    now = timezone.now()
    for days, fault in ((1, "is_late"), (2, "is_short"), (3, "is_damaged"), (4, None)):
        delivered(world, world.anna, at=now - timedelta(days=days), **({fault: True} if fault else {}))
    delivered(world, world.xaver, at=now - timedelta(days=2), is_late=True)
    said(world, world.anna, 2, now - timedelta(hours=1))
    mona, rhea = (actor_for(each.user) for each in (world.mona, world.rhea))
    for actor in (mona, rhea):
        since = now - timedelta(days=90)
        kept = kept_in(actor, since=since, until=now)
        for fault in FAULTS:
            assert len(failed_in(actor, since=since, until=now, fault=fault)) == getattr(kept, fault)
        assert len(failed_in(actor, since=since, until=now)) == kept.deliveries - kept.kept
    first = failed_in(mona, since=since, until=now, limit=2)
    rest = failed_in(mona, since=since, until=now, before=(first[-1].delivered_at, first[-1].id))
    assert len({row.id for row in [*first, *rest]}) == 4
    page = house_figures(mona, now=now).page
    rows, revenue = unhappy_accounts(mona, now=now)
    assert (len(rows), revenue.total) == (page.at_risk_accounts, page.at_risk)
    client = signed_in(world.mona)
    house = get(client, "manager").content.decode()
    for address in ("deliveries/?status=late", "cases/?status=overdue", "journey/rows/?measure=fill"):
        assert address in house
    late = get(client, "failed_deliveries", status="late").content.decode()
    assert "Brightwater" in late and "Calder" in late
    assert get(client, "deliveries_file", status="late").content.decode("utf-8-sig").count("\n") == 3
    assert "Brightwater" in get(client, "revenue_at_risk").content.decode()
    assert get(client, "revenue_at_risk", **{"as": "file"})["Content-Type"].startswith("text/csv")
