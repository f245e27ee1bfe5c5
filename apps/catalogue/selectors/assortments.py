"""What an account may see of the catalogue, in one statement.

1. The rules of an account are its own, those of the trees it stands in, and those of its group.
2. A rule counts from its first to its last day, by the day of the database.
3. They are read once for an actor: whoever asks again within the request is told the same.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from apps.catalogue.models import Product
from apps.catalogue.rules import EVERYTHING, Assortment, Scope
from apps.core.scoping import Actor

RULES = """
WITH buyer AS (SELECT id, group_id, path FROM accounts_account WHERE id = %(account)s), mine AS (
    SELECT r.* FROM buyer JOIN catalogue_assortmentrule r ON r.account_id = buyer.id
    UNION ALL
    SELECT r.* FROM buyer JOIN catalogue_assortmentrule r ON r.group_id = buyer.group_id
    UNION ALL
    SELECT r.* FROM buyer CROSS JOIN unnest(string_to_array(trim(BOTH '/' FROM path), '/')) above
        JOIN catalogue_assortmentrule r ON r.tree_id = above::bigint
)
SELECT effect, category_id, brand_id, product_id FROM mine
WHERE (valid_from IS NULL OR valid_from <= CURRENT_DATE) AND (valid_until IS NULL OR valid_until >= CURRENT_DATE)
"""


def assortment_of(actor: Actor) -> Assortment:
    """What `actor` may see; one query the first time, and none for who stands in no account: they see everything."""
    if actor.account_id is None:
        return EVERYTHING
    if Assortment not in actor.learnt:
        actor.learnt[Assortment] = assortment_of_account(actor.account_id)
    return actor.learnt[Assortment]


def assortment_of_account(account_id: int) -> Assortment:
    """What the account of that id may see; the caller has made sure that they may ask. One query."""
    with connection.cursor() as cursor:
        cursor.execute(RULES, {"account": account_id})
        return _made_of(cursor.fetchall()) if cursor.rowcount else EVERYTHING


def _made_of(rows: list[tuple]) -> Assortment:
    named = defaultdict(set)
    for effect, *subject in rows:
        for kind, id_ in zip(("categories", "brands", "products"), subject, strict=True):
            if id_ is not None:
                named[effect, kind].add(id_)
    scopes = {
        effect: Scope(**{kind: frozenset(named[effect, kind]) for kind in ("categories", "brands", "products")})
        for effect in ("include", "exclude")
    }
    return Assortment(includes=scopes["include"], excludes=scopes["exclude"])


def outside_assortment(actor: Actor, product_ids: Iterable[int]) -> frozenset[int]:
    """Those of these products that `actor` may not see: what an old order or a cart may still hold.

    One query, and a second one only for who does not see everything.
    """
    assortment, asked = assortment_of(actor), set(product_ids)
    if assortment.is_everything or not asked:
        return frozenset()
    seen = Product.objects.filter(pk__in=asked).in_assortment(assortment).values_list("pk", flat=True)
    return frozenset(asked.difference(seen))


def without_page(actor: Actor, products: Iterable[Product]) -> frozenset[int]:
    """The ids of those of these products that have no page for `actor`: hidden, or outside the assortment.

    What was ordered stays readable, and is no link. As many queries as `outside_assortment` takes.
    """
    products = list(products)
    hidden = {product.pk for product in products if product.status == Product.Status.HIDDEN}
    return outside_assortment(actor, [product.pk for product in products]) | hidden


def products_seen(account_id: int) -> tuple[int, int]:
    """How many of the products on sale an account sees, and how many there are; at most three queries."""
    on_sale = Product.objects.on_sale()
    assortment, everything = assortment_of_account(account_id), on_sale.count()
    return everything if assortment.is_everything else on_sale.in_assortment(assortment).count(), everything
