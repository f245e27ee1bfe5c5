"""Pieces of order lines that come back: held for a return, let go of again, or back for good.

Lines are locked in SKU order. What may be held is decided by the locked rows, and by the constraints of the table.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.ordering.errors import NotLeftToReturn
from apps.ordering.models import OrderLine


@transaction.atomic
def hold_for_return(quantities: Mapping[int, int]) -> None:
    """So many pieces of each order line (by id) are under a return from now on; all of it or nothing.

    Raises `NotLeftToReturn` where less was delivered and is neither back nor under a return.
    """
    for line in _locked(list(quantities)):
        quantity = quantities[line.pk]
        left = line.delivered_quantity - line.returned_quantity - line.returning_quantity
        if not 1 <= quantity <= left:
            words = _("Of %(sku)s, %(left)s can still be returned. Somebody else may have asked for it just now.")
            raise NotLeftToReturn(words % {"sku": line.sku, "left": left}, line=line.pk, left=left)
        OrderLine.objects.filter(pk=line.pk).update(returning_quantity=F("returning_quantity") + quantity)


@transaction.atomic
def free_from_return(quantities: Mapping[int, int]) -> None:
    """So many pieces of each line are no longer under a return: they can be asked for again."""
    _move(quantities, returning=-1, returned=0)


@transaction.atomic
def take_back_for_good(quantities: Mapping[int, int]) -> None:
    """So many pieces of each line, under a return until now, are back."""
    _move(quantities, returning=-1, returned=1)


def _move(quantities: Mapping[int, int], *, returning: int, returned: int) -> None:
    for line in _locked([pk for pk, quantity in quantities.items() if quantity]):
        quantity = quantities[line.pk]
        OrderLine.objects.filter(pk=line.pk).update(
            returning_quantity=F("returning_quantity") + returning * quantity,
            returned_quantity=F("returned_quantity") + returned * quantity,
        )


def _locked(line_ids: Sequence[int]) -> list[OrderLine]:
    return list(OrderLine.objects.select_for_update().filter(pk__in=line_ids).order_by("sku", "pk"))
