"""An account's price list on file: what stands in it, as of which day, who may have it, and when it comes again."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from python_calamine import CalamineWorkbook

from apps.accounts.selectors import actor_for
from apps.catalogue.models import CustomerPartNumber
from apps.core.models import Event
from apps.pricing import papers
from apps.pricing.errors import PaperRefused
from apps.pricing.models import PriceListFile, PriceListSchedule
from apps.pricing.services import (
    ask_for_paper,
    forget_old_papers,
    make_due_papers,
    make_paper,
    schedule_paper,
    set_price,
)
from apps.pricing.services.papers import next_day
from apps.pricing.tasks import send_price_list


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def made(world, who=None, *, kind="csv", days=0, **said):
    who = who or world.anna
    paper = ask_for_paper(
        actor_for(who.user), who.account, kind=kind, on=world.today + timedelta(days),
        **{"send": False, "language": "en", "now": world.now} | said,
    )  # fmt: skip
    make_paper(paper.pk, now=world.now)
    paper.refresh_from_db()
    return paper


def rows(paper):
    with paper.file.open("rb") as file:
        return list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")))


def steps(found, sku):
    return [(row["From quantity"], row["Unit price"], row["Price from"]) for row in found if row["SKU"] == sku]


def test_it_holds_every_step_at_the_accounts_own_prices(world):
    CustomerPartNumber.objects.create(account=world.brightwater, product=world.bolt, code="=B-1", normal="B1")
    paper = made(world)

    found = rows(paper)
    assert steps(found, "BLT-M8-40") == [("1", "0.1600", "Fasteners 2026"), ("1000", "0.1400", "Fasteners 2026")]
    assert {row["Your part number"] for row in found if row["SKU"] == "BLT-M8-40"} == {"'=B-1"}
    oil = next(row for row in found if row["SKU"] == "OIL-5L")
    assert (oil["Price per comparable unit"], oil["Comparable unit"]) == ("6.4800", "l")
    assert (paper.state, paper.prices, paper.reached, paper.total) == ("ready", len(found), 6, 6)
    assert steps(rows(made(world, world.xaver)), "BLT-M8-40")[0] == ("1", "0.2000", "Base list")


def test_it_is_as_of_its_day(world):
    price = world.base_list.prices.get(product=world.drill)
    price.unit_price = Decimal(199)
    set_price(price, now=world.now)

    told = [steps(rows(made(world, days=day)), "DRL-18V")[0][1] for day in (-1, 0)]
    assert told == ["189.0000", "199.0000"]


def test_a_workbook_and_a_paper_say_the_same(world):
    book, sheet = made(world, kind="xlsx"), made(world, kind="pdf", language="th")
    with book.file.open("rb") as file:
        head, *body = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    assert head[:2] == ["SKU", "Your part number"] and len(body) == book.prices == sheet.prices
    assert [body[0][at] for at in (0, 5, 6)] == ["BLT-M8-40", 1.0, 0.16]
    with sheet.file.open("rb") as file:
        assert file.read(5) == b"%PDF-"


def test_what_does_not_fit_on_paper_says_what_to_do(world, monkeypatch):
    monkeypatch.setattr(papers, "MOST_ON_PAPER", 3)
    paper = made(world, kind="pdf")

    assert (paper.state, bool(paper.file)) == ("failed", False)
    assert "choose Excel or CSV" in paper.refusal


def test_it_is_made_and_told_once_however_often_the_work_is_repeated(world):
    paper = made(world, send=True)
    assert make_paper(paper.pk, now=world.now) is True
    event = Event.objects.get(name="price_list.made")
    send_price_list(event.pk)
    send_price_list(event.pk)

    assert [message.to for message in mail.outbox] == [[world.anna.email]]
    assert reverse("portal:price_file", args=[paper.pk]) in mail.outbox[0].body


@pytest.mark.parametrize("field", ["is_active", "role"])
def test_who_left_or_may_not_see_prices_any_more_is_not_told(world, field):
    made(world, send=True)
    setattr(world.anna, field, {"is_active": False, "role": "receiver"}[field])
    world.anna.save()
    send_price_list(Event.objects.get(name="price_list.made").pk)

    assert mail.outbox == []


@pytest.mark.parametrize("said", [{"kind": "doc"}, {"days": 400}, {"days": -12_000}])
def test_what_cannot_be_made_is_refused(world, said):
    with pytest.raises(PaperRefused):
        made(world, **said)
    assert not PriceListFile.objects.exists()


@pytest.mark.parametrize(
    ("on", "rhythm", "then"),
    [
        ((2026, 3, 4), "weekly", (2026, 3, 11)),
        ((2026, 3, 4), "monthly", (2026, 4, 1)),
        ((2026, 1, 31), "monthly", (2026, 2, 1)),
        ((2026, 12, 31), "monthly", (2027, 1, 1)),
        ((2026, 3, 1), "quarterly", (2026, 6, 1)),
        ((2026, 11, 30), "quarterly", (2027, 2, 1)),
    ],
)
def test_when_the_next_one_is_due(on, rhythm, then):
    assert next_day(date(*on), rhythm) == date(*then)


def test_a_scheduled_one_is_asked_for_once_a_due_day(world):
    schedule_paper(actor_for(world.anna.user), world.anna, kind="csv", rhythm="monthly", now=world.now)
    later = world.now + timedelta(40)

    assert [make_due_papers(now=at) for at in (world.now, later, later)] == [0, 1, 0]
    paper = PriceListFile.objects.get()
    assert (paper.on_day, paper.contact, PriceListSchedule.objects.get().next_on) == (
        date(2026, 4, 1), world.anna, date(2026, 5, 1),
    )  # fmt: skip
    assert forget_old_papers(now=later + timedelta(30)) == 0
    assert forget_old_papers(now=later + timedelta(90)) == 1


def test_a_buyer_asks_for_one_and_downloads_it(world, client):
    client.force_login(world.anna.user)
    page = reverse("portal:price_lists")
    said = {"kind": "csv", "on_day": "2026-03-04", "rhythm": "monthly", "send": "on"}
    assert client.post(page, said | {"on_day": "1901-01-01"}).status_code == 422
    assert client.post(page, said).status_code == 302
    paper = PriceListFile.objects.get()
    assert "<progress" in client.get(page).content.decode()
    address = reverse("portal:price_file", args=[paper.pk])
    assert client.get(address).status_code == 404
    make_paper(paper.pk, now=world.now)

    answer = client.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="prices-AC-1-2026-03-04.csv"'
    assert b"BLT-M8-40" in b"".join(answer.streaming_content)
    client.post(reverse("portal:stop_price_list", args=[PriceListSchedule.objects.get().pk]))
    assert not PriceListSchedule.objects.exists()
    client.force_login(world.xaver.user)
    assert client.get(address).status_code == 404
