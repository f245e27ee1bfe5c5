"""The entry of a delivery in somebody's calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from apps.fulfilment.rules.calendar import Visit, calendar_file
from tests.ordering.trade import shipped

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
VISIT = Visit(
    uid="SH-1@shop", on=date(2026, 3, 29), title="Delivery, gloves; more", place="1 Mill Lane\nYork", note="x" * 90,
    url="https://shop/orders/1/", hours=(time(8), time(16)), time_zone="Europe/London",
)  # fmt: skip


def test_hours_are_instants_of_the_place_on_the_day_the_clocks_change():
    file = calendar_file(VISIT, now=NOW)
    assert "DTSTART:20260329T070000Z\r\nDTEND:20260329T150000Z\r\n" in file  # summer time began that night
    assert "SUMMARY:Delivery\\, gloves\\; more\r\n" in file and "LOCATION:1 Mill Lane\\nYork\r\n" in file
    tehran = replace(VISIT, time_zone="Asia/Tehran")
    assert "DTSTART:20260329T043000Z" in calendar_file(tehran, now=NOW)


def test_a_day_without_hours_is_the_whole_day_and_lines_are_folded_between_characters():
    file = calendar_file(replace(VISIT, hours=None, note="ถุงมือ" * 20), now=NOW)
    assert "DTSTART;VALUE=DATE:20260329\r\nDTEND;VALUE=DATE:20260330\r\n" in file
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    assert "ถุงมือ" * 20 in file.replace("\r\n ", "")


def test_the_order_page_offers_it_for_what_is_still_to_come(world, signed_in):
    order, [shipment] = shipped(world)
    buyer = signed_in(world.anna)
    url = f"/deliveries/{shipment.number}/calendar.ics"
    assert url in buyer.get(f"/orders/{order.number}/").content.decode()
    file = buyer.get(url).content.decode()
    assert f"UID:{shipment.number}@" in file and f"DTSTART:{shipment.promised_on:%Y%m%d}T080000Z" in file
    assert signed_in(world.xaver).get(url).status_code == 404
