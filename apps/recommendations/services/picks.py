"""What the rep picked for an account."""

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
from apps.recommendations.errors import PickNotFound
from apps.recommendations.models import Pick

LONGEST_NOTE = 160


@transaction.atomic
def pick(actor: Actor, account: Account, product: Product, note: str, now: datetime) -> Pick:
    """Show `product` on the home page of `account`, with a word why; picked already, only the word changes."""
    account = _curated(actor, account)
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


def _curated(actor: Actor, account: Account) -> Account:
    demand(actor, "account.curate")
    locked = accounts_visible(actor).select_for_update(of=("self",)).filter(pk=account.pk).first()
    if locked is None:
        raise AccountNotFound()
    return locked


def _record(name: str, actor: Actor, account: Account, product: Product, now: datetime) -> None:
    facts = {"sku": product.sku, "product": product.name}
    record(name, f"account:{account.number}", account_id=account.pk, actor=actor, at=now, **facts)
