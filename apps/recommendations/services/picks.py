"""What the rep picked for an account, and what the rep does not want suggested to it: one product is never both."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from apps.accounts.errors import AccountNotFound
from apps.accounts.models import Account
from apps.accounts.selectors import accounts_visible
from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.core.events import record
from apps.core.scoping import Actor
from apps.recommendations.errors import BlockNotFound, PickNotFound
from apps.recommendations.models import Block, Pick

LONGEST_NOTE = 160


@transaction.atomic
def pick(actor: Actor, account: Account, product: Product, note: str, now: datetime) -> Pick:
    """Show `product` on the home page of `account`, with a word why; picked already, only the word changes. A block of
    it ends."""
    account = _curated(actor, account)
    Block.objects.filter(account=account, product=product).delete()
    last = Pick.objects.filter(account=account).aggregate(last=Max("position"))["last"]
    picked, made = Pick.objects.update_or_create(
        account=account,
        product=product,
        defaults={"note": note.strip()[:LONGEST_NOTE]},
        create_defaults={
            "note": note.strip()[:LONGEST_NOTE],
            "rep_id": actor.rep_id,
            "position": 0 if last is None else last + 1,
            "picked_at": now,
        },
    )
    if made:
        _record("pick.added", actor, account, product, now)
    return picked


@transaction.atomic
def unpick(actor: Actor, account: Account, product: Product, now: datetime) -> None:
    """Take a pick away; `PickNotFound` where it is none."""
    account = _curated(actor, account)
    gone, _rows = Pick.objects.filter(account=account, product=product).delete()
    if not gone:
        raise PickNotFound()
    _record("pick.removed", actor, account, product, now)


@transaction.atomic
def block(actor: Actor, account: Account, product: Product, note: str, now: datetime) -> Block:
    """Suggest `product` to nobody of `account`, for whatever reason, until it is unblocked; a pick of it ends. Blocked
    already, only the word for colleagues changes."""
    account = _curated(actor, account)
    Pick.objects.filter(account=account, product=product).delete()
    note = note.strip()[:LONGEST_NOTE]
    blocked, made = Block.objects.update_or_create(
        account=account,
        product=product,
        defaults={"note": note},
        create_defaults={"note": note, "rep_id": actor.rep_id, "blocked_at": now},
    )
    if made:
        _record("suggestion.blocked", actor, account, product, now)
    return blocked


@transaction.atomic
def unblock(actor: Actor, account: Account, product: Product, now: datetime) -> None:
    """Let `product` be suggested again; `BlockNotFound` where it is not blocked."""
    account = _curated(actor, account)
    gone, _rows = Block.objects.filter(account=account, product=product).delete()
    if not gone:
        raise BlockNotFound()
    _record("suggestion.unblocked", actor, account, product, now)


def _curated(actor: Actor, account: Account) -> Account:
    demand(actor, "account.curate")
    locked = accounts_visible(actor).select_for_update(of=("self",), no_key=True).filter(pk=account.pk).first()
    if locked is None:
        raise AccountNotFound()
    return locked


def _record(name: str, actor: Actor, account: Account, product: Product, now: datetime) -> None:
    facts = {"sku": product.sku, "product": product.name}
    record(name, f"account:{account.number}", account_id=account.pk, actor=actor, at=now, **facts)
