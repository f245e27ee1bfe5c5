"""A small named world: one distributor, two families of accounts that are strangers to one another, a handful of SKUs.

Anna buys for Brightwater (up to 1,000), Boris approves, Fiona pays, Rick receives; Leeds is their subsidiary with Lena.
Xaver buys for Calder and is the stranger. Rhea is Brightwater's rep, Ruben Calder's; Sam serves, Mona manages, Otto
runs operations. It is Wednesday, 4 March 2026, 10:00 in London.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from apps.accounts.models import Account, Contact, Rep, ShipTo, User
from apps.availability.models import IncomingSupply, StockLevel, SupplierOffer, Warehouse
from apps.catalogue.models import Attribute, Brand, Category, Product, ProductCode, ProductRelation
from apps.catalogue.rules import normal_code
from apps.catalogue.services import reindex
from apps.delivery.models import DeliveryOption, Holiday, Lane
from apps.feedback.models import Programme
from apps.pricing.models import AccountTerms, Contract, ContractPrice, Price, PriceList, TaxRate

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
PASSWORD = "a-long-enough-word"
_START = date(2025, 1, 1)


def build() -> SimpleNamespace:
    """The whole world as attributes: accounts, people (contacts), users, SKUs, warehouses, options."""
    world = SimpleNamespace(now=NOW, today=TODAY, password=PASSWORD)
    _staff(world)
    _accounts(world)
    _catalogue(world)
    _prices(world)
    _stock(world)
    _delivery(world)
    world.programme = Programme.objects.create(code="delivery", name="After each delivery")
    reindex()
    return world


def _user(name: str, domain: str, **fields) -> User:
    user = User(email=f"{name.lower()}@{domain}", name=name, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def _staff(world):
    for name, desk in (("Rhea", "rep"), ("Ruben", "rep"), ("Sam", "service"), ("Mona", "manager")):
        rep = Rep.objects.create(
            user=_user(name, "harrow.example"), desk=desk, title="Account manager", phone="+44 113 496 0101"
        )
        setattr(world, name.lower(), rep)
    world.otto = _user("Otto", "harrow.example", is_staff=True, is_superuser=True)


def _accounts(world):
    world.brightwater = Account.objects.create(
        number="AC-1", name="Brightwater Facilities", rep=world.rhea, segment="facilities", since_on=_START
    )
    world.leeds = Account.objects.create(
        number="AC-2", name="Brightwater Leeds", parent=world.brightwater, rep=world.rhea, segment="facilities"
    )
    world.calder = Account.objects.create(
        number="AC-3", name="Calder Engineering", rep=world.ruben, segment="engineering"
    )
    people = (
        ("Anna", world.brightwater, "buyer", "operator", Decimal(1000)),
        ("Boris", world.brightwater, "approver", "decision_maker", None),
        ("Fiona", world.brightwater, "finance", "gatekeeper", None),
        ("Rick", world.brightwater, "receiver", "end_user", None),
        ("Lena", world.leeds, "buyer", "operator", None),
        ("Xaver", world.calder, "buyer", "operator", None),
    )
    for name, account, role, persona, limit in people:
        user = _user(name, f"{account.name.split()[0].lower()}.example")
        contact = Contact.objects.create(
            account=account, user=user, name=name, email=user.email, role=role, persona=persona, spend_limit=limit
        )
        setattr(world, name.lower(), contact)
    for attribute, account, city in (
        ("dock", world.brightwater, "York"),
        ("leeds_dock", world.leeds, "Leeds"),
        ("calder_dock", world.calder, "Halifax"),
    ):
        ship_to = ShipTo.objects.create(
            account=account, code="MAIN", name="Main dock", street="1 Mill Lane", postal_code="YO1 1AA", city=city,
            contact_name="Goods in", is_default=True,
        )  # fmt: skip
        setattr(world, attribute, ship_to)


def _catalogue(world):
    fasteners = Category.objects.create(name="Fasteners", slug="fasteners")
    world.bolts = Category.objects.create(name="Hex bolts", slug="hex-bolts", parent=fasteners)
    world.safety = Category.objects.create(name="Gloves", slug="gloves")
    tools = Category.objects.create(name="Power tools", slug="power-tools")
    services = Category.objects.create(name="Services", slug="services")
    oils = Category.objects.create(name="Lubricants", slug="lubricants")
    world.brand = Brand.objects.create(name="Torvik", slug="torvik")
    Attribute.objects.create(code="thread", name="Thread", kind="choice")
    Attribute.objects.create(code="length", name="Length", kind="number", unit="mm", position=1)
    Attribute.objects.create(code="size", name="Size", kind="choice", position=2)
    bolts = {"order_multiple": 100, "minimum_quantity": 100}
    rows = (
        ("bolt", "BLT-M8-40", "Hex bolt M8 x 40 zinc plated", world.bolts, {"thread": "M8", "length": 40},
         {**bolts, "mpn": "TV-M8X40", "gtin": "4006381333931", "weight_kg": "0.02"}),
        ("bolt_long", "BLT-M8-60", "Hex bolt M8 x 60 zinc plated", world.bolts, {"thread": "M8", "length": 60},
         {**bolts, "weight_kg": "0.028"}),
        ("gloves", "GLV-NIT-L", "Nitrile gloves large, box of 100", world.safety, {"size": "L"},
         {"uom": "box", "weight_kg": "0.5"}),
        ("drill", "DRL-18V", "Cordless drill 18 V", tools, {}, {"weight_kg": "2.1", "lead_days": 10}),
        ("oil", "OIL-5L", "Hydraulic oil 5 litres", oils, {},
         {"uom": "can", "content_quantity": "5", "content_uom": "l", "weight_kg": "4.6"}),
        ("cutting", "SVC-CUT", "Cutting to length", services, {}, {"kind": "service", "uom": "cut"}),
    )  # fmt: skip
    for attribute, sku, name, category, attributes, more in rows:
        product = Product.objects.create(
            sku=sku, name=name, category=category, brand=world.brand, attributes=attributes, **more
        )
        for kind, code in (("sku", sku), ("mpn", product.mpn), ("gtin", product.gtin)):
            if code:
                ProductCode.objects.create(product=product, kind=kind, code=code, normal=normal_code(code))
        product.refresh_from_db()
        setattr(world, attribute, product)
    ProductRelation.objects.create(product=world.bolt, other=world.bolt_long, kind="substitute", note="20 mm longer")
    ProductRelation.objects.create(product=world.bolt, other=world.cutting, kind="service")


def _prices(world):
    world.base_list = PriceList.objects.create(code="BASE", name="Base list", is_base=True, valid_from=_START)
    prices = (
        (world.bolt, ((1, "0.2000"), (500, "0.1800"), (1000, "0.1500"))),
        (world.bolt_long, ((1, "0.2500"),)),
        (world.gloves, ((1, "8.5000"), (10, "7.9000"))),
        (world.drill, ((1, "189.0000"),)),
        (world.oil, ((1, "32.4000"),)),
        (world.cutting, ((1, "1.2500"),)),
    )
    Price.objects.bulk_create(
        Price(price_list=world.base_list, product=product, min_quantity=quantity, unit_price=price, valid_from=_START)
        for product, breaks in prices
        for quantity, price in breaks
    )
    world.contract = Contract.objects.create(
        number="C-100", account=world.brightwater, name="Fasteners 2026", valid_from=date(2026, 1, 1)
    )
    ContractPrice.objects.create(contract=world.contract, product=world.bolt, min_quantity=1, unit_price="0.1600")
    ContractPrice.objects.create(contract=world.contract, product=world.bolt, min_quantity=1000, unit_price="0.1400")
    for account in (world.brightwater, world.leeds, world.calder):
        AccountTerms.objects.create(
            account=account, net_days=30, discount_percent=2, discount_days=10, credit_limit=10_000
        )
    TaxRate.objects.create(country="GB", tax_class="standard", percent=20, valid_from=_START)
    TaxRate.objects.create(country="IE", tax_class="standard", percent=23, valid_from=_START)


def _stock(world):
    world.north = Warehouse.objects.create(code="LDS", name="Leeds", city="Leeds", is_branch=True)
    world.south = Warehouse.objects.create(code="RDG", name="Reading", city="Reading", priority=1)
    levels = (
        (world.north, world.bolt, 5_000),
        (world.south, world.bolt, 2_000),
        (world.north, world.gloves, 40),
        (world.north, world.drill, 1),
        (world.south, world.oil, 12),
    )
    for warehouse, product, on_hand in levels:
        StockLevel.objects.create(warehouse=warehouse, product=product, on_hand=on_hand)
    world.incoming = IncomingSupply.objects.create(
        number="PO-1-1", warehouse=world.north, product=world.gloves, quantity=200, due_on=date(2026, 3, 12)
    )
    SupplierOffer.objects.create(product=world.drill, supplier="Torvik", stock=25, lead_days=6)


def _delivery(world):
    world.standard = DeliveryOption.objects.create(
        code="standard", name="Standard", kind="standard", base_rate="6.90", free_from=150, carrier="Northern Parcels"
    )
    world.express = DeliveryOption.objects.create(
        code="express", name="Express", kind="express", base_rate="14.50", max_weight_kg=30, position=1
    )
    for warehouse in (world.north, world.south):
        for option, days in ((world.standard, 2), (world.express, 1)):
            Lane.objects.create(option=option, warehouse=warehouse, country="GB", transit_days=days)
    Holiday.objects.create(country="GB", day_on=date(2026, 4, 3), name="Good Friday")
