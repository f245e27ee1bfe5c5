"""What a buyer does with a quick order.

It is a row of its contact and outlives a reload and a log-out. Nothing is resolved when it is written: a line is kept
as it was sent, and answered anew whenever it is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.catalogue.rules import normal_code
from apps.core.events import record
from apps.core.scoping import Actor
from apps.ordering.errors import NoAccountChosen, TooManyLines
from apps.ordering.models import QuickOrder, QuickOrderLine
from apps.ordering.rules.quick_orders import Verdict
from apps.ordering.rules.sheets import LONGEST_CODE, LONGEST_PLACE, LONGEST_QUANTITY, MOST_LINES, Wish, read_quantity
from apps.ordering.selectors.places import places_of
from apps.ordering.selectors.quick_orders import counted_of, lines_of_draft, meanings_of
from apps.ordering.services.splitting import add_lines_apart

KEPT_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of filling the cart: how many lines went, as how many products, and how many stay to be mended;
    `skus` are those of the products."""

    lines: int
    products: int
    left: int
    before: bool = False
    skus: tuple[str, ...] = ()


@transaction.atomic
def add_wishes(actor: Actor, wishes: Sequence[Wish], *, key: str = "", now: datetime) -> int:
    """Put lines below those that are there; how many. Raises `TooManyLines`, and then keeps none.

    What comes with the `key` of the last ones is the same press of a button, and is not put in twice.
    """
    draft = _locked(actor, now)
    if key and key == draft.sent_key:
        return 0
    there = draft.lines.count()
    if there + len(wishes) > MOST_LINES:
        raise too_many(there + len(wishes))
    QuickOrderLine.objects.bulk_create(
        QuickOrderLine(
            quick_order=draft,
            code=wish.code[:LONGEST_CODE],
            quantity=wish.quantity[:LONGEST_QUANTITY],
            place=wish.place[:LONGEST_PLACE],
        )
        for wish in wishes
    )
    QuickOrder.objects.filter(pk=draft.pk).update(sent_key=key[:40])
    return len(wishes)


@transaction.atomic
def note_upload(
    actor: Actor, file: str, content: str, wishes: Sequence[Wish] = (), *, why: str = "", now: datetime
) -> bool:
    """Whether a customer's own file got them stuck: it was refused (`why`), or more than half of its lines have a code
    that nothing has. `content` tells one file from another. Records `quick_order.upload_failed` then.

    A rep who acts for the customer sees that for themselves, and nothing is recorded.
    """
    if actor.acting_for is not None or actor.is_staff:
        return False
    unread = 0
    if not why:
        unread = sum(meaning.verdict == Verdict.UNKNOWN for meaning in meanings_of(actor, wishes))
        if unread * 2 <= len(wishes):
            return False
    facts = {"file": file[:100], "print": content[:16], "why": why[:300], "unread": unread, "lines": len(wishes)}
    record(
        "quick_order.upload_failed", f"contact:{actor.contact_id}", account_id=actor.account_id, actor=actor, at=now,
        contact=actor.contact_id, **facts,
    )  # fmt: skip
    return True


def too_many(lines: int) -> TooManyLines:
    words = _("%(lines)s lines are more than the %(most)s that fit. Send them in parts.")
    return TooManyLines(words % {"lines": f"{lines:,}", "most": f"{MOST_LINES:,}"})


@transaction.atomic
def add_one(actor: Actor, code: str, quantity: str, *, now: datetime) -> QuickOrderLine:
    """Add a line as it is typed or scanned. The same code once more counts up the line that has it and names no
    ship-to, as at a till."""
    draft = _locked(actor, now)
    normal, more = normal_code(code), read_quantity(quantity)
    if normal and more is not None:
        for line in draft.lines.filter(place="").only("pk", "code", "quantity"):
            there = read_quantity(line.quantity)
            if there is not None and normal_code(line.code) == normal:
                line.quantity = str(there + more)
                line.save(update_fields=["quantity"])
                return line
    if draft.lines.count() >= MOST_LINES:
        raise too_many(MOST_LINES + 1)
    return draft.lines.create(code=code[:LONGEST_CODE], quantity=quantity[:LONGEST_QUANTITY])


@transaction.atomic
def change_lines(actor: Actor, changes: Mapping[int, Sequence[str]], *, now: datetime) -> int:
    """Let lines have the code, the quantity and (where it is among them) the ship-to that are typed now; how many
    differ. Another code ends a choice."""
    draft = _locked(actor, now)
    changed = []
    for line in draft.lines.filter(pk__in=changes):
        code, quantity, place = (*changes[line.pk], line.place)[:3]
        typed = code[:LONGEST_CODE], quantity[:LONGEST_QUANTITY], place[:LONGEST_PLACE]
        if typed != (line.code, line.quantity, line.place):
            line.product_id = line.product_id if typed[0] == line.code else None
            line.code, line.quantity, line.place = typed
            changed.append(line)
    QuickOrderLine.objects.bulk_update(changed, ["code", "quantity", "place", "product"])
    return len(changed)


@transaction.atomic
def choose(actor: Actor, line_id: int, product: Product, *, now: datetime) -> None:
    """Let a line mean `product`, one of those it was answered with."""
    _locked(actor, now).lines.filter(pk=line_id).update(product=product)


@transaction.atomic
def send_to(actor: Actor, line_id: int, code: str, *, now: datetime) -> None:
    """Let a line name the ship-to with this code."""
    _locked(actor, now).lines.filter(pk=line_id).update(place=code[:LONGEST_PLACE])


@transaction.atomic
def remove_lines(actor: Actor, line_ids: Sequence[int] | None = None, *, now: datetime) -> int:
    """Take these lines out, or all; how many that were."""
    lines = _locked(actor, now).lines.all()
    return (lines if line_ids is None else lines.filter(pk__in=line_ids)).delete()[0]


@transaction.atomic
def fill_cart(actor: Actor, key: str, *, now: datetime) -> Filled:
    """Put what is ready into the cart, where it names ship-tos to go there, and keep what is not.

    Exactly once for the key of a page: the next press of the same button finds another key, and does nothing.
    """
    draft = _locked(actor, now)
    if str(draft.key) != key:
        return Filled(0, 0, draft.lines.count(), before=True)
    lines = lines_of_draft(draft)
    wishes = [wish for _line_id, wish in lines]
    meanings, places = meanings_of(actor, wishes), places_of(actor, wishes)
    sums = counted_of(wishes, meanings, places)
    ready = [
        (m.product.pk, each.quantity, dict(each.goes))
        for m, each in zip(meanings, sums, strict=True)
        if each.quantity is not None
    ]
    gone = [
        line_id
        for (line_id, _wish), each in zip(lines, sums, strict=True)
        if each.quantity is not None or each.with_line is not None
    ]
    if ready:
        add_lines_apart(actor, ready, main=places.main_id, now=now)
        QuickOrderLine.objects.filter(pk__in=gone).delete()
    QuickOrder.objects.filter(pk=draft.pk).update(key=uuid4())
    skus = tuple(m.product.sku for m, each in zip(meanings, sums, strict=True) if each.quantity is not None)
    return Filled(len(gone), len(ready), len(lines) - len(gone), skus=skus)


def forget_quick_orders(*, now: datetime) -> int:
    """Drop those that nobody has touched for `KEPT_FOR`; how many."""
    old = QuickOrder.objects.filter(updated_at__lt=now - KEPT_FOR)
    return old.delete()[1].get(QuickOrder._meta.label, 0)


def _locked(actor: Actor, now: datetime) -> QuickOrder:
    demand(actor, "cart.edit")
    if actor.contact_id is None or actor.account_id is None:
        raise NoAccountChosen()
    mine = {"contact_id": actor.contact_id, "account_id": actor.account_id}
    QuickOrder.objects.bulk_create([QuickOrder(**mine, key=uuid4(), updated_at=now)], ignore_conflicts=True)
    draft = QuickOrder.objects.select_for_update().get(contact=actor.contact_id)
    QuickOrder.objects.filter(pk=draft.pk).update(updated_at=now)
    return draft
