"""What is done with lists.

Who sees a list may work with its lines, where their role orders; who made it names, shares and deletes it. A list made
on somebody's behalf, or by a machine, is everybody's in the account.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.catalogue.rules import MAX_QUANTITY
from apps.catalogue.selectors import sold_by_id
from apps.core.events import record
from apps.core.scoping import Actor
from apps.core.text import folded, plain
from apps.ordering.errors import ListNotFound, ListNotYours, ListRefused, NoAccountChosen
from apps.ordering.models import BuyingList, BuyingListLine
from apps.ordering.rules.quick_orders import to_par
from apps.ordering.rules.sheets import read_quantity
from apps.ordering.selectors.lists import governs, list_for
from apps.ordering.services.carts import Added, add_lines

MOST_LISTS, MOST_LINES = 200, 500
_NAME, _NOTE, _LINE_NOTE = 80, 300, 120

ListLine = tuple[int, int, int | None, str]  # product id, quantity, par, note


@dataclass(frozen=True, slots=True)
class Put:
    """How many products came onto a list, how many of those asked for were on it already, and how many are not sold."""

    added: int
    there: int
    unsold: int = 0


@dataclass(frozen=True, slots=True)
class Ordered:
    """What came of ordering from a list: what the cart got, the SKUs no longer sold, and the lines left out because
    nothing is missing (`full`) or the shelf was not counted (`uncounted`)."""

    added: list[Added]
    gone: list[str]
    full: int = 0
    uncounted: int = 0


@transaction.atomic
def make_list(
    actor: Actor, *, name: str, shared: bool = False, note: str = "", lines: Sequence[ListLine] = (), now: datetime
) -> BuyingList:
    """A new list of the actor's; of the account's where they act for somebody or are a machine."""
    demand(actor, "cart.edit")
    if actor.account_id is None:
        raise NoAccountChosen()
    if BuyingList.objects.filter(account=actor.account_id).count() >= MOST_LISTS:
        raise ListRefused(_("An account keeps %(most)s lists at most: delete one first.") % {"most": MOST_LISTS})
    owner = None if actor.acting_for else actor.contact_id
    kept = BuyingList.objects.create(
        account_id=actor.account_id,
        owner_id=owner,
        is_shared=shared or owner is None,
        created_at=now,
        updated_at=now,
        **_said(name, note),
    )
    _write_lines(kept, lines)
    _record("list.made", actor, kept, now)
    return kept


@transaction.atomic
def change_list(actor: Actor, kept: BuyingList, *, name: str, shared: bool, note: str, now: datetime) -> BuyingList:
    """Name, share or annotate a list."""
    kept = _governed(actor, kept)
    for field, value in _said(name, note).items():
        setattr(kept, field, value)
    kept.is_shared = shared or kept.owner_id is None
    kept.updated_at = now
    kept.save(update_fields=["name", "note", "is_shared", "updated_at"])
    return kept


@transaction.atomic
def replace_list(
    actor: Actor, kept: BuyingList, *, name: str, shared: bool, note: str, lines: Sequence[ListLine], now: datetime
) -> BuyingList:
    """Let a list be called so and hold exactly these lines, each product once."""
    kept = change_list(actor, kept, name=name, shared=shared, note=note, now=now)
    kept.lines.all().delete()
    _write_lines(kept, lines)
    return kept


@transaction.atomic
def delete_list(actor: Actor, kept: BuyingList, *, now: datetime) -> None:
    kept = _governed(actor, kept)
    _record("list.deleted", actor, kept, now)
    kept.delete()


@transaction.atomic
def put_on_list(actor: Actor, kept: BuyingList, wishes: Iterable[tuple[int, int]], *, now: datetime) -> Put:
    """Put (product id, quantity) on a list. What is on it stays as it is; what the actor may not buy is left out."""
    kept = _locked(actor, kept)
    asked = dict(wishes)
    there = set(kept.lines.filter(product__in=asked).values_list("product_id", flat=True))
    sold = sold_by_id(actor, set(asked) - there)
    _room_for(kept, len(sold))
    new = [
        BuyingListLine(buying_list=kept, product=sold[pk], quantity=min(max(quantity, 1), MAX_QUANTITY))
        for pk, quantity in asked.items()
        if pk in sold
    ]
    BuyingListLine.objects.bulk_create(new)
    _touch(kept, now)
    return Put(len(new), len(there), len(asked) - len(there) - len(new))


@transaction.atomic
def copy_lines(
    actor: Actor, kept: BuyingList, target: BuyingList, line_ids: Sequence[int] | None = None, *, now: datetime
) -> Put:
    """Put lines of a list, or all, on another one with their quantities, pars and notes; what is on it stays."""
    source = kept.lines.all() if line_ids is None else kept.lines.filter(pk__in=line_ids)
    target = _locked(actor, target)
    lines = list(source)
    there = set(target.lines.values_list("product_id", flat=True))
    new = [line for line in lines if line.product_id not in there]
    _room_for(target, len(new))
    BuyingListLine.objects.bulk_create(
        BuyingListLine(
            buying_list=target, product_id=line.product_id, quantity=line.quantity, par=line.par, note=line.note
        )
        for line in new
    )
    _touch(target, now)
    return Put(len(new), len(lines) - len(new))


@transaction.atomic
def change_lines(actor: Actor, kept: BuyingList, changes: Mapping[int, tuple[str, str, str]], *, now: datetime) -> int:
    """Let lines have (quantity, par, note) as typed; an empty par is none. All or none; how many differ."""
    kept = _locked(actor, kept)
    changed = []
    for line in kept.lines.select_related("product").filter(pk__in=changes):
        quantity, par, note = changes[line.pk]
        new = (_quantity(line.product, quantity), _par(line.product, par), folded(note)[:_LINE_NOTE])
        if new != (line.quantity, line.par, line.note):
            line.quantity, line.par, line.note = new
            changed.append(line)
    BuyingListLine.objects.bulk_update(changed, ["quantity", "par", "note"])
    _touch(kept, now)
    return len(changed)


@transaction.atomic
def remove_lines(actor: Actor, kept: BuyingList, line_ids: Iterable[int], *, now: datetime) -> int:
    """Take lines off a list; how many."""
    kept = _locked(actor, kept)
    _touch(kept, now)
    return kept.lines.filter(pk__in=list(line_ids)).delete()[0]


@transaction.atomic
def order_list(actor: Actor, kept: BuyingList, quantities: Mapping[int, str], *, now: datetime) -> Ordered:
    """Put lines of a list in the cart: line id -> quantity as typed. All or none of what is still sold."""
    lines = _lines(kept, quantities)
    wanted = {line: _quantity(line.product, quantities[line.pk]) for line in lines}
    return _into_cart(actor, wanted, now)


@transaction.atomic
def fill_to_par(actor: Actor, kept: BuyingList, on_shelf: Mapping[int, str], *, now: datetime) -> Ordered:
    """Put in the cart what is missing up to par: line id -> what is on the shelf, as typed."""
    missing = {line: to_par(line.par, on_shelf[line.pk]) for line in _lines(kept, on_shelf)}
    wanted = {line: quantity for line, quantity in missing.items() if quantity}
    full = sum(quantity == 0 for quantity in missing.values())
    uncounted = sum(quantity is None for quantity in missing.values())
    ordered = _into_cart(actor, wanted, now)
    return Ordered(ordered.added, ordered.gone, full, uncounted)


def _write_lines(kept: BuyingList, lines: Sequence[ListLine]) -> None:
    _room_for(kept, len(lines))
    BuyingListLine.objects.bulk_create(
        BuyingListLine(buying_list=kept, product_id=pk, quantity=quantity, par=par, note=folded(note)[:_LINE_NOTE])
        for pk, quantity, par, note in lines
    )


def _into_cart(actor: Actor, wanted: Mapping[BuyingListLine, int], now: datetime) -> Ordered:
    demand(actor, "cart.edit")
    sold = sold_by_id(actor, [line.product_id for line in wanted])
    wishes = [(line.product_id, quantity) for line, quantity in wanted.items() if line.product_id in sold]
    gone = [line.product.sku for line in wanted if line.product_id not in sold]
    return Ordered(add_lines(actor, wishes, now=now) if wishes else [], gone)


def _lines(kept: BuyingList, ids: Iterable[int]) -> list[BuyingListLine]:
    return list(kept.lines.select_related("product").filter(pk__in=list(ids)).order_by("pk"))


def _said(name: str, note: str) -> dict[str, str]:
    name = folded(plain(name))
    if not 1 <= len(name) <= _NAME:
        words = _("A list needs a name of at most %(most)s characters.") % {"most": _NAME}
        raise ListRefused(words, fields={"name": [words]})
    return {"name": name, "note": folded(plain(note))[:_NOTE]}


def _quantity(product: Product, typed: object) -> int:
    quantity = read_quantity(typed)
    if quantity is None:
        words = _("%(sku)s: a quantity is a whole number from 1 to %(most)s.")
        raise ListRefused(words % {"sku": product.sku, "most": MAX_QUANTITY}, sku=product.sku)
    return quantity


def _par(product: Product, typed: str) -> int | None:
    return _quantity(product, typed) if folded(typed) not in ("", "0") else None


def _room_for(kept: BuyingList, more: int) -> None:
    if kept.lines.count() + more > MOST_LINES:
        raise ListRefused(_("A list holds %(most)s products at most: begin another one.") % {"most": MOST_LINES})


def _locked(actor: Actor, kept: BuyingList) -> BuyingList:
    """The list, held until the end of the transaction and seen anew: it may have been deleted or unshared since."""
    demand(actor, "cart.edit")
    if BuyingList.objects.select_for_update().filter(pk=kept.pk).first() is None:
        raise ListNotFound()
    return list_for(actor, kept.pk)


def _governed(actor: Actor, kept: BuyingList) -> BuyingList:
    kept = _locked(actor, kept)
    if not governs(actor, kept):
        raise ListNotYours()
    return kept


def _touch(kept: BuyingList, now: datetime) -> None:
    BuyingList.objects.filter(pk=kept.pk).update(updated_at=now)


def _record(name: str, actor: Actor, kept: BuyingList, now: datetime) -> None:
    record(name, f"list:{kept.pk}", at=now, account_id=actor.account_id, actor=actor, list_name=kept.name)
