"""From the order to the invoice by reactions alone, each delivered twice: every effect happens once."""

from collections import Counter

from celery import current_app
from django.conf import settings
from django.core import mail

from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment.models import Shipment
from apps.fulfilment.services import confirm_delivery, dispatch_shipment
from apps.invoicing.models import Invoice
from apps.ordering.services import confirm_order
from tests.ordering.trade import place


class Outbox:
    """Starts the reactions of what has happened since, as often as told."""

    def __init__(self):
        current_app.loader.import_default_modules()
        self.seen = 0

    def deliver(self, times: int = 2):
        while event := Event.objects.filter(pk__gt=self.seen).order_by("pk").first():
            self.seen = event.pk
            for name in settings.REACTIONS.get(event.name, ()):
                for _again in range(times):
                    current_app.tasks[name](event.pk)


def test_every_effect_happens_once(world):
    outbox = Outbox()
    order = place(world)
    outbox.deliver()
    confirm_order(SYSTEM, order, now=world.now)
    outbox.deliver()
    shipment = Shipment.objects.get()
    dispatch_shipment(SYSTEM, shipment, now=world.now)
    outbox.deliver()
    confirm_delivery(SYSTEM, shipment, received_by="Rick", delivered_at=world.now, now=world.now)
    outbox.deliver()
    order.refresh_from_db()
    assert order.status == "delivered"
    assert Invoice.objects.get().gross == order.gross
    happened = Counter(Event.objects.values_list("name", flat=True))
    for name in ("order.placed", "order.confirmed", "shipment.dispatched", "shipment.delivered", "invoice.issued"):
        assert happened[name] == 1, name
    subjects = Counter(letter.subject for letter in mail.outbox)
    assert subjects and set(subjects.values()) == {1}
    assert len(mail.outbox) == 3  # the confirmation, the dispatch notice, and the invoice to who pays
