"""Example data for the page of components: one of each state that a buyer can meet."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as Example

from django.templatetags.static import static
from django.utils.translation import gettext as _

from apps.core import charts
from apps.core.formatting import Words
from apps.portal.cards import price_words, promise_words

NAMES = (
    ("Hexagon bolt M8 × 40, grade 8.8, zinc plated", "BLT-M8-40", "Norfast"),
    ("Nitrile gloves, long cuff, powder free, size L, box of 100", "GLV-NIT-L", "Handel"),
    ("Deep groove ball bearing, sealed both sides, C3", "6204-2RS-C3", "Kugel"),
    ("Cordless drill 18 V with two 4 Ah batteries, charger and case", "DRL-18V", "Torqua"),
    ("Hydraulic oil HLP 46", "OIL-HLP46-20", "Viscol"),
    ("Cutting to length, steel profile", "SVC-CUT", "Tradewell"),
)


def context(now: datetime) -> dict:
    """Everything templates/styleguide.html shows."""
    today = now.date()
    return {
        "shell": _shell(),
        "prices": _prices(),
        "promises": _promises(today),
        "cards": _cards(today),
        "statuses": _statuses(),
        "facets": _facets(),
        "timeline": _timeline(now),
        "steps": _steps(),
        "tabs": _tabs(),
        "totals": _totals(),
        "trail": [(_("Catalogue"), "#"), (_("Fasteners"), "#"), (_("Bolts"), "#")],
        "actions": [
            Example(label=_("Reorder"), url="#", icon="repeat", primary=True),
            Example(label=_("Invoice (PDF)"), url="#", icon="download", primary=False),
        ],
        "rep": Example(
            name="Rhea Calloway",
            title=_("Your rep for fasteners and tools"),
            picture=static("icons/example-rep.svg"),
            email="rhea@tradewell.example",
            phone="+441135550142",
            phone_words="+44 113 555 0142",
            hours=_("Mon–Fri, 08:00–17:00"),
        ),
        "address": Example(
            name="Brightwater Facilities, Leeds",
            attention="Rick Amos",
            lines=["Dock 4, Canal Road 18", "Leeds LS12 2BX"],
            country="",
            phone="+44 113 555 0188",
            hours=_("Mon–Thu 07:30–15:00"),
            notes=_("Ring at the gate; no tail lift."),
        ),
        "nps": Example(n=48, promoters=27, passives=14, detractors=7, score=42, low=20, high=60),
        "nps_few": Example(n=6, promoters=4, passives=1, detractors=1, score=None, low=None, high=None),
        "chart": _chart(),
        "spark": charts.sparkline([4, 5, 3, 6, 8, 7, 9, 12, 9, 14]),
        "demo": True,
    }


def _shell() -> Example:
    return Example(
        account_name="Brightwater Facilities",
        account_number="BRI-100",
        user_name="Anna Whitfield",
        role_name=_("Buyer"),
        cart_count=7,
        accounts=[
            Example(name="Brightwater Facilities", number="BRI-100", url="#", current=True),
            Example(name="Brightwater Leeds", number="BRI-110", url="#", current=False),
        ],
        acting_for=Example(
            rep_name="Rhea Calloway", account_name="Brightwater Facilities", contact_name="Anna Whitfield", stop_url="#"
        ),
        workspace_url="#",
    )


def _price(
    amount: str | None, source: str, name: str, list_price: str = "0", step: tuple[str, str] | None = None
) -> Example:
    following = Example(min_quantity=Decimal(step[0]), unit_price=Decimal(step[1])) if step else None
    unit_price = Decimal(amount) if amount else None
    return Example(
        unit_price=unit_price,
        currency="GBP",
        source=source,
        source_name=name,
        list_price=Decimal(list_price),
        next_break=following,
    )


def _prices() -> list[Example]:
    return [
        _price("0.0475", "contract", _("Your contract"), "0.0620", ("5000", "0.0430")),
        _price("11.90", "list", _("List price"), "11.90", ("10", "10.95")),
        _price("189.00", "promotion", _("Promotion"), "229.00"),
        _price("3.84", "group", _("Group price"), "4.10"),
        _price(None, "", ""),
    ]


def _promises(today) -> list[Example]:
    def promise(state, quantity=None, days=None, words="", **more):
        arrives_on = today + timedelta(days=days) if days else None
        return Example(state=state, quantity=quantity, arrives_on=arrives_on, words=words, **more)

    return [
        promise("in_stock", Decimal(24_000), 2),
        promise("low", Decimal(3), 2, _("40 more on the way")),
        promise("incoming", None, 9, substitutes_url="#", substitutes_count=3),
        promise("sourced", None, 16, _("straight from the maker")),
        promise("request"),
        promise("service", None, 3, _("Booked with the order")),
    ]


def _cards(today) -> list[Example]:
    steps, units = (
        (100, 1, 1, 1, 1, 1),
        (_("each"), _("box of 100"), _("each"), _("each"), _("20 l canister"), _("cut")),
    )
    pairs = zip(NAMES, [*_prices(), _prices()[1]], _promises(today), steps, units, strict=True)
    return [
        Example(
            sku=sku,
            name=name,
            url="#",
            picture=static("icons/example-product.svg") if index != 4 else "",
            brand=brand,
            uom=unit,
            step=str(step),
            quantity=str(step),
            your_number="4711-0815" if index == 0 else "",
            why=_("You order this every 4 weeks; due on Thursday") if index == 1 else "",
            **price_words(price, Words()),
            **promise_words(promise, Words()),
        )
        for index, ((name, sku, brand), price, promise, step, unit) in enumerate(pairs)
    ]


def _statuses() -> list[tuple[str, str]]:
    return [
        ("draft", _("Draft")),
        ("placed", _("Placed")),
        ("awaiting_approval", _("Awaiting approval")),
        ("confirmed", _("Confirmed")),
        ("shipped", _("Shipped")),
        ("delivered", _("Delivered")),
        ("late", _("Late")),
        ("cancelled", _("Cancelled")),
        ("paid", _("Paid")),
        ("overdue", _("Overdue")),
    ]


def _facets() -> list[Example]:
    def choices(*values):
        return [Example(value=label, label=label, count=count, selected=chosen) for label, count, chosen in values]

    return [
        Example(
            name="brand",
            label=_("Brand"),
            open=True,
            values=choices(("Norfast", 1240, True), ("Kugel", 318, False), ("Handel", 96, False)),
        ),
        Example(
            name="thread",
            label=_("Thread"),
            open=True,
            values=choices(("M6", 210, False), ("M8", 184, True), ("M10", 160, False)),
        ),
        Example(name="finish", label=_("Finish"), open=False, values=choices((_("Zinc plated"), 801, False))),
    ]


def _timeline(now: datetime) -> list[Example]:
    def entry(hours, icon, tone, text, note="", who="", link=""):
        return Example(at=now - timedelta(hours=hours), icon=icon, tone=tone, text=text, note=note, who=who, link=link)

    return [
        entry(
            2,
            "message-square-warning",
            "bad",
            _("Anna answered 3 of 10"),
            _("“The gloves came without the delivery note.”"),
            "Anna Whitfield",
            "#",
        ),
        entry(50, "package-check", "ok", _("Delivered in full"), _("Signed by Rick Amos at Dock 4"), _("Carrier")),
        entry(76, "truck", "info", _("Shipped from Leeds"), "", _("Warehouse"), "#"),
        entry(24 * 40, "shopping-cart", "", _("Order placed"), _("7 lines, PO 4500017742"), "Anna Whitfield", "#"),
    ]


def _steps() -> list[Example]:
    return [
        Example(label=_("Cart"), state="done", url="#"),
        Example(label=_("Delivery"), state="current", url=""),
        Example(label=_("Payment"), state="todo", url=""),
        Example(label=_("Review"), state="todo", url=""),
    ]


def _tabs() -> list[Example]:
    return [
        Example(label=_("Open"), url="#", current=True, count=4),
        Example(label=_("Delivered"), url="#", current=False, count=128),
        Example(label=_("All"), url="#", current=False, count=None),
    ]


def _totals() -> list[Example]:
    return [
        Example(label=_("Goods"), amount=Decimal("1284.50"), text="", hint=""),
        Example(label=_("Delivery, next day"), amount=None, text=_("Free"), hint=_("from £500")),
        Example(label=_("VAT"), amount=Decimal("256.90"), text="", hint="20%"),
    ]


def _chart() -> charts.BarChart:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    sales = (12, 14, 9, 16, 18, 17, 21, 11, 19, 24, 22, 26)
    return charts.bars(months, sales, [f"£{figure},000" for figure in sales])
