"""An account's own number for a product."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.catalogue.errors import PartNumberRefused
from apps.catalogue.models import CustomerPartNumber, Product
from apps.catalogue.rules import LONGEST_CODE, normal_code
from apps.core.events import record
from apps.core.scoping import Actor
from apps.core.text import folded


@transaction.atomic
def set_part_number(actor: Actor, product: Product, code: str, now: datetime) -> CustomerPartNumber | None:
    """The account `actor` stands in calls `product` by `code` from now on; an empty code takes the number away.

    Two products may share a number: a search for it shows both. Raises `PartNumberRefused` for a code without a letter
    or digit, or longer than 60 characters.
    """
    demand(actor, "part_number.edit")
    own = CustomerPartNumber.objects.filter(account=actor.account_id, product=product)
    code = folded(code)
    if actor.account_id is None or len(code) > LONGEST_CODE or (code and not normal_code(code)):
        raise PartNumberRefused(_("A part number has letters or digits, 60 characters at most."))
    if not code:
        kept = None
        changed = own.delete()[0] > 0
    else:
        kept, changed = _keep(actor, product, code)
    if changed:
        facts = {"sku": product.sku, "code": code}
        record("part_number.set", f"product:{product.sku}", account_id=actor.account_id, actor=actor, at=now, **facts)
    return kept


def _keep(actor: Actor, product: Product, code: str) -> tuple[CustomerPartNumber, bool]:
    number, made = CustomerPartNumber.objects.select_for_update().get_or_create(
        account_id=actor.account_id, product=product, defaults={"code": code, "normal": normal_code(code)}
    )
    changed = made or number.code != code
    number.code, number.normal = code, normal_code(code)
    if not made:
        number.save(update_fields=["code", "normal"])
    return number, changed
