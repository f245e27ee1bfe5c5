"""The page to compare with: what anybody would write in plain Django, 24 cards from five queries.

Categories, products, their brands, prices, stock, and session and user before them: through the same server and
middleware, with the ORM and Django's templates. No promise, no contract, no facet.
"""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.availability.models import StockLevel
from apps.catalogue.models import Category, Product
from apps.pricing.models import Price

CARDS = 24


def floor(request: HttpRequest) -> HttpResponse:
    """24 products with a price and what is on hand."""
    popular = Product.objects.filter(status="active").order_by("-popularity", "id")
    products = list(popular.prefetch_related("brand")[:CARDS])
    prices = {
        price.product_id: price for price in Price.objects.filter(product__in=products, price_list_id=1, min_quantity=1)
    }
    on_hand: dict[int, int] = defaultdict(int)
    for level in StockLevel.objects.filter(product__in=products):
        on_hand[level.product_id] += level.on_hand - level.reserved
    cards = [
        {"product": product, "price": prices.get(product.pk), "on_hand": on_hand[product.pk]} for product in products
    ]
    return render(request, "bench/floor.html", {"cards": cards, "categories": Category.objects.filter(parent=None)})
