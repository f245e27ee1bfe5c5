"""The next orders of the demo's accounts; at the stage's one regular is replaced, and two are not to be suggested."""

from apps.accounts.models import Contact
from apps.accounts.selectors import actor_for
from apps.catalogue.models import Product, ProductRelation
from apps.core.events import only_told
from apps.demo.accounts import STAGE, Party
from apps.demo.clock import Clock
from apps.demo.trade import Trade
from apps.recommendations.models import NextLine
from apps.recommendations.services import dismiss, train

REPLACED = 11  # of the regulars: one that nothing else of the stage is about


def save_next_orders(parties: list[Party], trade: Trade, clock: Clock) -> None:
    stage = parties[STAGE - 1]
    _replace(trade.regulars_of(stage).products.tolist())
    train(clock.now)
    buyer = actor_for(Contact.objects.select_related("user").get(pk=stage.who("buyer").pk).user)
    lines = NextLine.objects.filter(account=stage.pk, kind=NextLine.Kind.RHYTHM).select_related("product")
    unwanted = [line.product for line in lines[6:8]]
    with only_told():
        for product, kind, days in zip(unwanted, ("elsewhere", "never"), (3, 20), strict=False):
            dismiss(buyer, product, kind, clock.ago(days=days))


def _replace(regulars: list[int]) -> None:
    """The product after it in the catalogue takes the place of one of these."""
    if len(regulars) <= REPLACED:
        return
    old = regulars[REPLACED]
    family = Product.objects.filter(status=Product.Status.ACTIVE, category=Product.objects.get(pk=old).category_id)
    heir = family.filter(pk__gt=old).exclude(pk__in=regulars).order_by("pk").first()
    if heir is not None:
        Product.objects.filter(pk=old).update(status=Product.Status.DISCONTINUED)
        ProductRelation.objects.create(product_id=old, other=heir, kind=ProductRelation.Kind.SUCCESSOR)
