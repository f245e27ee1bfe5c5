"""Rows of a sum: see components/_money_summary.html."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.core.formatting import money, number_writer


def goods_rows(totals) -> list[dict]:
    """Goods, then tax at each rate."""
    return [_row(_("Goods"), totals.goods_net), *_tax_rows(totals)]


def invoice_rows(totals) -> list[dict]:
    """Net, then tax at each rate: freight is a line of an invoice like any other."""
    return [_row(_("Net"), totals.goods_net), *_tax_rows(totals)]


def order_rows(totals, *, delivery_name: str = "") -> list[dict]:
    """Goods, delivery, a fee, then tax at each rate."""
    freight = _row(_("Delivery"), totals.freight_net or None, hint=delivery_name, text=_("Free"))
    fee = [_row(_("Fee for instalments"), totals.fee_net)] if totals.fee_net else []
    return [_row(_("Goods"), totals.goods_net), freight, *fee, *_tax_rows(totals)]


def delivery_name(places: Sequence) -> str:
    """By which option an order goes; how many deliveries there are, where it goes to several places."""
    if len(places) == 1:
        return str(places[0].goes.delivery_option or "")
    return ngettext("%(n)s delivery", "%(n)s deliveries", len(places)) % {"n": len(places)}


def ageing_cells(age) -> list[dict]:
    """What is owed in one currency, by how long it has been due: see components/_stat.html."""
    cells = [
        (_("Not due yet"), age.not_due, ""),
        (_("1–30 days over"), age.days_1_30, "warn"),
        (_("31–60 days over"), age.days_31_60, "bad"),
        (_("More than 60 days over"), age.days_61_90 + age.over_90, "bad"),
        (_("Open in all"), age.total, ""),
    ]
    return [
        {"label": label, "value": money(amount, age.currency), "tone": tone if amount else ""}
        for label, amount, tone in cells
    ]


def _tax_rows(totals) -> list[dict]:
    return [_row(_("Tax %(rate)s") % {"rate": _percent(tax.percent)}, tax.tax) for tax in totals.taxes]


def _percent(points: Decimal) -> str:
    return number_writer(get_language(), 0, 3, percent=True).write(points)


def _row(label: str, amount: Decimal | None, *, hint: str = "", text: str = "") -> dict:
    return {"label": label, "amount": amount, "text": text, "hint": hint}
