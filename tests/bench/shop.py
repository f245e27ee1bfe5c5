"""Buyers, scarce SKUs and a way of delivery that the benches of orders have to themselves; gone afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from django.db import transaction

from apps.accounts.models import Contact, ShipTo
from apps.availability.models import Reservation, StockLevel, Warehouse
from apps.availability.services import release
from apps.catalogue.models import Product
from apps.catalogue.selectors import assortment_of_account
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.delivery.models import DeliveryOption, Lane
from apps.ordering.models import Approval, Order, OrderLine
from apps.ordering.selectors.buying import rules_of
from apps.pricing.models import AccountTerms, Price, PriceList

CODE = "bench"
SCARCE = 100  # SKUs that everybody wants
PIECES = 300  # of each


@dataclass(frozen=True)
class Shop:
    """`buyers` are an actor and the ship-to of each; `goods` are ids of what sells best, `scarce` of what runs out."""

    buyers: Sequence[tuple[Actor, int]]
    option_id: int
    goods: Sequence[tuple[int, int]]
    scarce: Sequence[int]


@contextmanager
def shop(buyers: int) -> Iterator[Shop]:
    """A shop for so many buyers, each of another account."""
    _clear()
    terms = dict(AccountTerms.objects.values_list("pk", "exposure"))
    with transaction.atomic():
        opened = Shop(_buyers(buyers), _option(), _goods(), _scarce())
    try:
        yield opened
    finally:
        _clear()
        _restore(terms)


def _buyers(count: int) -> list[tuple[Actor, int]]:
    contacts = Contact.objects.filter(role="buyer", is_active=True, account__ship_tos__country="GB")
    firsts = contacts.order_by("account_id", "id").distinct("account_id")
    unrestricted = (c for c in firsts.select_related("account") if _orders_freely(c))
    return [
        (
            Actor(role="buyer", account_id=c.account_id, account_ids=(c.account_id,), contact_id=c.pk, name=c.name),
            ShipTo.objects.filter(account_id=c.account_id, country="GB", is_active=True).first().pk,
        )
        for c in islice(unrestricted, count)
    ]


def _orders_freely(contact: Contact) -> bool:
    """Whether nothing that belongs to the account alone stands in the way of an order."""
    everything = assortment_of_account(contact.account_id).is_everything
    return everything and not rules_of(contact.account).needs_cost_centre


def _option() -> int:
    option = DeliveryOption.objects.create(code=CODE, name="Van", kind="standard", base_rate=5, position=99)
    Lane.objects.bulk_create(
        Lane(option=option, warehouse=warehouse, country="GB", transit_days=1) for warehouse in Warehouse.objects.all()
    )
    return option.pk


def _goods() -> list[tuple[int, int]]:
    goods = Product.objects.filter(status="active", kind="goods").order_by("-popularity", "id")
    return list(goods.values_list("pk", "minimum_quantity")[:500])


def _scarce() -> list[int]:
    like = Product.objects.filter(kind="goods").first()
    products = Product.objects.bulk_create(
        Product(sku=f"BENCH-{n:03d}", name="Scarce", category_id=like.category_id) for n in range(SCARCE)
    )
    base = PriceList.objects.get(is_base=True, currency="GBP")
    Price.objects.bulk_create(
        Price(price_list=base, product=product, unit_price=Decimal("1.5"), valid_from=date(2020, 1, 1))
        for product in products
    )
    first = Warehouse.objects.first()
    StockLevel.objects.bulk_create(StockLevel(warehouse=first, product=product, on_hand=PIECES) for product in products)
    return [product.pk for product in products]


def _clear() -> None:
    """Everything that was ordered by the bench's own way of delivery, and what the shop consists of."""
    orders = Order.objects.filter(delivery_option__code=CODE)
    numbers = list(orders.values_list("number", flat=True))
    positions = OrderLine.objects.filter(order__in=orders).values_list("order__number", "position")
    refs = [OrderLine.ref_of(number, position) for number, position in positions]
    release(refs)
    Reservation.objects.filter(demand_ref__in=refs).delete()
    Event.objects.filter(subject__in=[f"order:{number}" for number in numbers]).delete()
    Approval.objects.filter(order__in=orders).delete()
    OrderLine.objects.filter(order__in=orders).delete()
    orders.delete()
    DeliveryOption.objects.filter(code=CODE).delete()
    scarce = Product.objects.filter(sku__startswith="BENCH-")
    StockLevel.objects.filter(product__in=scarce).delete()
    scarce.delete()


def _restore(exposures: dict[int, Decimal]) -> None:
    for terms in AccountTerms.objects.filter(pk__in=exposures):
        if terms.exposure != exposures[terms.pk]:
            AccountTerms.objects.filter(pk=terms.pk).update(exposure=exposures[terms.pk])
