"""The pages history is written on: rows for each table, collected for some accounts and loaded together."""

import json
from collections import defaultdict
from collections.abc import Iterator

from django.db import models

from apps.availability.models import StockLevel
from apps.cases.models import Case, CaseMessage, FollowUp
from apps.core.models import Event
from apps.demo.history.days import stamp
from apps.demo.load import as_csv, copy_rows
from apps.feedback.models import Answer, Invitation
from apps.fulfilment.models import Shipment, ShipmentLine, TrackingEvent
from apps.invoicing.models import Invoice, InvoiceLine, Payment
from apps.ordering.models import Approval, Order, OrderLine, Quote, QuoteLine

# In the order in which they may refer to one another.
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Order: (
        "id", "number", "account_id", "contact_id", "placed_by_name", "ship_to_id", "ship_to_text", "country",
        "channel", "status", "po_number", "currency", "delivery_option_id", "requested_on", "promised_on", "net_days",
        "discount_percent", "discount_days", "goods_net", "freight_net", "freight_tax_percent", "tax", "gross",
        "placed_at",
    ),
    OrderLine: (
        "id", "order_id", "position", "product_id", "sku", "name", "quantity", "uom", "unit_price", "price_source",
        "price_source_ref", "net", "tax_percent", "promised_on", "ready_on", "shipped_quantity", "delivered_quantity",
    ),
    Approval: ("order_id", "reason", "state", "decided_by_name", "decided_at", "comment"),
    Quote: (
        "id", "number", "account_id", "contact_id", "status", "currency", "message", "answer", "valid_until",
        "requested_at", "offered_at", "order_id",
    ),
    QuoteLine: ("quote_id", "product_id", "quantity", "current_price", "offered_price"),
    Shipment: (
        "id", "number", "order_id", "account_id", "warehouse_id", "status", "carrier", "tracking_code", "promised_on",
        "ready_on", "shipped_at", "delivered_at", "received_by", "is_late", "is_short", "is_damaged", "overdue_at",
        "created_at",
    ),
    ShipmentLine: ("shipment_id", "order_line_id", "quantity", "delivered_quantity", "damaged_quantity"),
    TrackingEvent: ("shipment_id", "kind", "place", "source", "message_id", "happened_at", "heard_at"),
    Invoice: (
        "id", "number", "kind", "account_id", "order_id", "shipment_id", "issued_on", "due_on", "discount_percent",
        "discount_until", "currency", "net", "tax", "gross", "paid",
    ),
    InvoiceLine: (
        "invoice_id", "position", "order_line_id", "sku", "name", "quantity", "uom", "unit_price", "net",
        "tax_percent",
    ),
    Payment: ("kind", "invoice_id", "amount", "received_on", "reference"),
    Invitation: (
        "id", "programme_id", "subject_ref", "shipment_id", "account_id", "contact_id", "state", "reason", "due_at",
        "expires_at", "window_ends_at", "rest", "claimed_at", "sent_at", "reminder_due_at", "reminded_at", "decided_at",
    ),
    Answer: (
        "id", "invitation_id", "account_id", "contact_id", "shipment_id", "order_id", "score", "drivers", "comment",
        "channel", "facts", "answered_at",
    ),
    Case: (
        "id", "number", "account_id", "contact_id", "shipment_id", "order_id", "origin", "source_ref", "cause",
        "status", "title", "owner_id", "opened_at", "acknowledge_by", "answer_by", "resolve_by", "acknowledged_at",
        "answered_at", "resolved_at", "resolution",
    ),
    CaseMessage: ("case_id", "author_name", "from_staff", "is_internal", "body", "written_at"),
    FollowUp: (
        "id", "account_id", "contact_id", "owner_id", "kind", "state", "title", "detail", "source_ref", "due_on",
        "created_at", "settled_at", "outcome",
    ),
    Event: (
        "name", "subject", "account_ref", "actor_user_ref", "actor_name", "acting_for_ref", "facts", "occurred_at",
        "recorded_at", "dispatched_at",
    ),
}  # fmt: skip
TOUCHED = (*COLUMNS, StockLevel)


# Ids kept for each expected order, where accounts are told about in several places at once: far more than are needed.
_IDS_AN_ORDER = {OrderLine: 10}
_IDS_OF_OTHERS = 2


class Pages:
    """Rows by table. Ids are counted on from one batch of accounts to the next."""

    def __init__(self, story_from: int):
        self.rows: dict[type[models.Model], list[tuple]] = defaultdict(list)
        self.ids: dict[type[models.Model], int] = defaultdict(int)  # the last given out
        self._ends: dict[type[models.Model], int] = {}
        self.story_from = story_from  # events and tracking from this instant on are told, older ones are not kept

    def keep_ids(self, orders: int, batch: int) -> None:
        """Let the ids that follow come from the range of the `batch`-th batch of so many expected orders."""
        for model in COLUMNS:
            size = orders * _IDS_AN_ORDER.get(model, _IDS_OF_OTHERS)
            self.ids[model], self._ends[model] = size * batch, size * (batch + 1)

    def next_id(self, model: type[models.Model]) -> int:
        self.ids[model] += 1
        return self.ids[model]

    def add(self, model: type[models.Model], *values) -> None:
        self.rows[model].append(values)

    def is_told(self, at: int) -> bool:
        """Whether what happened then is still told; saves making the facts of what is not."""
        return at >= self.story_from

    def tell(self, name: str, subject: str, account: int, at: int, facts: dict, who: tuple = (None, "", None)) -> None:
        """An event; `who` is user id, name, and the contact acted for."""
        if self.is_told(at):
            when = stamp(at)
            self.rows[Event].append((name, subject, account, *who, json.dumps(facts), when, when, when))

    def load(self) -> None:
        """Write what was collected and start anew."""
        for model, columns in COLUMNS.items():
            if self.rows[model]:
                copy_rows(model, columns, self.rows[model])
        self.rows.clear()

    def written_out(self) -> Iterator[tuple[str, bytes]]:
        """The same for another process to load: label of the model and rows as CSV."""
        for model, end in self._ends.items():
            if self.ids[model] > end:
                raise RuntimeError(f"More rows of {model._meta.label} than there are ids kept for them.")
        for model, columns in COLUMNS.items():
            if self.rows[model]:
                yield model._meta.label, as_csv(model, columns, self.rows.pop(model))
