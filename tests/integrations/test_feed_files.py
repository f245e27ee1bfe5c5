"""Feeds that come as files: commands for whoever has no API."""

import json

import pytest
from django.core.management import CommandError, call_command

from apps.availability.models import StockLevel
from apps.pricing.models import Price

pytestmark = pytest.mark.django_db


def fed(command: str, file, **options) -> dict:
    call_command(command, str(file), report=file.with_suffix(".json"), **options)
    return json.loads(file.with_suffix(".json").read_text())


def test_stock_from_a_file(world, tmp_path):
    file = tmp_path / "stock.csv"
    file.write_text("Article No;Warehouse;Qty;Updated at\nBLT-M8-40;LDS;4000;2026-03-04T09:00:00Z\nNO-SUCH;LDS;1;\n")
    report = fed("feed_stock", file)
    assert (report["applied"], report["unknown_sku"], report["samples"]) == (1, 1, {"unknown_sku": ["NO-SUCH"]})
    assert StockLevel.objects.get(product=world.bolt, warehouse=world.north).on_hand == 4_000
    assert fed("feed_stock", file)["applied"] == 0


def test_prices_from_a_file(world, tmp_path):
    file = tmp_path / "prices.csv"
    file.write_text("sku,price list,from,price\nOIL-5L,BASE,1,33.50\nOIL-5L,BASE,10,31\n")
    assert fed("feed_prices", file)["applied"] == 2
    assert Price.objects.filter(product=world.oil, unit_price="31").exists()


def test_a_file_without_the_needed_columns_is_refused(world, tmp_path):
    file = tmp_path / "stock.csv"
    file.write_text("sku;colour\nBLT-M8-40;red\n")
    with pytest.raises(CommandError, match="No column for warehouse, on_hand"):
        call_command("feed_stock", str(file))


def test_operations_see_what_became_of_a_feed(world, signed_in, tmp_path):
    file = tmp_path / "stock.csv"
    file.write_text("sku;warehouse;qty\nBLT-M8-40;LDS;4000\nNO-SUCH;LDS;1\n")
    fed("feed_stock", file)
    client = signed_in(world.otto)
    assert "stock.csv" in client.get("/admin/core/feed/").content.decode()
    feed = client.get("/admin/core/feed/").context["cl"].result_list[0]
    assert "NO-SUCH" in client.get(f"/admin/core/feed/{feed.pk}/change/").content.decode()
