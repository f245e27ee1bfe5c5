"""The database goes away in the middle of an order: no half order, and the retry goes through."""

import pytest
from django.db import DatabaseError, connection

from apps.availability.models import Reservation
from apps.ordering.models import Order
from apps.ordering.selectors import cart_count
from apps.ordering.services import placing
from apps.pricing.models import AccountTerms
from tests.ordering.trade import actor, fill, place
from tests.world import build

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_connection_cut_in_the_last_step_leaves_nothing_half_done(monkeypatch):
    world = build()
    fill(world, world.anna, (world.gloves, 10))

    def cut(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as broken, pytest.raises(DatabaseError):
        broken.setattr(placing, "record", cut)
        place(world, key="k-1")
    connection.close()

    assert not Order.objects.exists() and not Reservation.objects.exists()
    assert AccountTerms.objects.get(account=world.brightwater).exposure == 0
    assert cart_count(actor(world.anna)) == 1
    order = place(world, key="k-1")
    assert place(world, key="k-1") == order  # the reply was lost, the order was not
