"""What the tests of orders do again and again: who acts, and an order on its way."""

from uuid import uuid4

from apps.accounts.selectors import actor_for
from apps.core.scoping import SYSTEM
from apps.fulfilment.services import dispatch_shipment, plan_shipments
from apps.ordering import services


def actor(who):
    """The actor of a contact, a rep or a log-in."""
    return actor_for(getattr(who, "user", who))


def acting(rep, contact):
    """A rep who acts for a contact."""
    return actor_for(rep.user, acting_contact_id=contact.pk)


def fill(world, who, *wishes):
    """Put (product, quantity) into the cart of a contact."""
    return services.add_lines(actor(who), [(product.pk, quantity) for product, quantity in wishes], now=world.now)


def place(world, who=None, *wishes, key=None, ship_to=None, **more):
    """An order of a contact (else Anna's, of gloves), from the cart to the yes."""
    who = who or world.anna
    if wishes or not key:
        fill(world, who, *(wishes or [(world.gloves, 10)]))
    return services.place_order(
        more.pop("by", None) or actor(who),
        ship_to_id=(ship_to or world.dock).pk,
        option_id=more.pop("option", world.standard).pk,
        key=key or str(uuid4()),
        now=more.pop("now", world.now),
        **more,
    )


def confirmed(world, *args, **kwargs):
    """An order that operations have confirmed, with its shipments planned."""
    order = services.confirm_order(SYSTEM, place(world, *args, **kwargs), now=world.now)
    return order, plan_shipments(order.pk, now=world.now)


def shipped(world, *args, **kwargs):
    """An order of which everything has left."""
    order, shipments = confirmed(world, *args, **kwargs)
    return order, [dispatch_shipment(SYSTEM, shipment, now=world.now) for shipment in shipments]
