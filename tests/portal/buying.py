"""What a buyer does in a browser, as requests."""

import re

from django.urls import reverse


def add(client, product, quantity=None, **headers):
    """Press "Add" beside a product."""
    quantity = product.order_multiple if quantity is None else quantity
    return client.post(reverse("portal:cart_add"), {"sku": product.sku, "quantity": quantity}, **headers)


def checkout_form(client) -> dict:
    """What the checkout's form would send as it stands."""
    page = client.get(reverse("portal:checkout")).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page).group(1)
    chosen = re.findall(r'name="(ship_to|option)"[^>]*value="(\d+)"[^>]*checked', page)
    return {"key": key, **dict(chosen)}


def place(client, **changes):
    """Press "Place the order"; returns the answer."""
    return client.post(reverse("portal:checkout"), checkout_form(client) | {"place": "1"} | changes)


def placed(client, product, quantity=None, **changes) -> str:
    """Order one product from the catalogue to the confirmation; returns the order's number."""
    add(client, product, quantity)
    answer = place(client, **changes)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url.rstrip("/").rpartition("/")[2]
