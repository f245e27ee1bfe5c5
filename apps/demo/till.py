"""Money of the demo: ways to pay, an invoice in instalments, a statement of the bank, a finance desk of the family.

What the bank says is taken in and confirmed by the same services as everywhere.
"""

from datetime import timedelta
from decimal import Decimal

from django.db.models import F

from apps.accounts.models import Account, Consent, Contact
from apps.core.events import only_told
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.demo.house import LETTERHEAD
from apps.invoicing import services
from apps.invoicing.models import DunningLevel, Instalment, Invoice, Payment, Receipt
from apps.invoicing.selectors.receipts import proposals_for
from apps.ordering.models import Order, PaymentPlan
from apps.ordering.rules.payment import AHEAD, INSTALMENTS, parts_of

CASHIER = Actor(role="operations", name="Olive Penrose")
THIRDS = "3X30"


def save_till(clock: Clock) -> None:
    family = Account.objects.get(pk=STAGE).lineage[0]
    _plans(family)
    DunningLevel.objects.update(is_active=True)
    unpaid = Invoice.objects.filter(account__path__startswith=f"/{family}/", kind=Invoice.Kind.INVOICE)
    unpaid = list(unpaid.exclude(paid=F("gross")).select_related("account", "order").order_by("due_on", "pk"))
    _instalments([invoice for invoice in unpaid if invoice.account_id == STAGE], clock)
    with only_told():
        _bank(unpaid, clock)
    _finance_of(family, clock)


def _plans(family: int) -> None:
    PaymentPlan.objects.bulk_create(
        [
            PaymentPlan(
                code=THIRDS, name="Three monthly parts", kind=INSTALMENTS, parts=3, first_days=14, every_days=30,
                fee_percent=Decimal("1.50"), minimum=250, position=1,
            ),
            PaymentPlan(
                code="FAMILY-2", name="Two parts without a fee", kind=INSTALMENTS, parts=2, first_days=30,
                every_days=30, account_id=family, position=2,
            ),
            PaymentPlan(code="AHEAD", name="Pay ahead", kind=AHEAD, position=3),
        ]
    )  # fmt: skip


def _instalments(unpaid: list[Invoice], clock: Clock) -> None:
    """One of the buyer's invoices is paid in parts, of which the first is due or over."""
    old = [invoice for invoice in unpaid if invoice.issued_on <= clock.day(-16)] or unpaid
    if not old:
        return
    invoice, way = max(old, key=lambda each: each.gross), PaymentPlan.objects.get(code=THIRDS).way
    parts = parts_of(invoice.gross, way, invoiced_on=invoice.issued_on, currency=invoice.currency)
    Instalment.objects.bulk_create(
        Instalment(invoice=invoice, position=turn, due_on=part.due_on, amount=part.amount)
        for turn, part in enumerate(parts, start=1)
    )
    paid = {"payment_kind": INSTALMENTS, "payment_name": way.name}
    terms = {"net_days": way.days, "discount_percent": 0, "discount_days": 0}
    Order.objects.filter(pk=invoice.order_id).update(**paid, **terms, instalments=3, instalment_days=30)
    Invoice.objects.filter(pk=invoice.pk).update(
        **paid, due_on=parts[0].due_on, discount_percent=0, discount_until=None
    )


def _bank(unpaid: list[Invoice], clock: Clock) -> None:
    """Yesterday's statement: a part that is booked, and the rest of it waiting to be confirmed."""
    if len(unpaid) < 3:
        return
    part, whole, *others = unpaid
    rows = [
        (part.gross / 2, part.account.name, f"First half of {part.number}", "0001"),
        (whole.gross, whole.account.name, f"Inv {whole.number}", "0002"),
        (others[0].gross + 25, others[0].account.name, "On account, thank you", "0003"),
        (Decimal("48.30"), "M. Sorrel", "Deposit refund", "0004"),
    ]
    day, iban = clock.day(-1), LETTERHEAD["iban"].replace(" ", "")
    lines = [
        f"{day.isoformat()};{amount:.2f};GBP;STM-{day:%Y%m%d}-{number};{name};{text};{iban}"
        for amount, name, text, number in rows
    ]
    head = "Value date;Amount;Currency;Bank reference;Payer;Description;Our account"
    content = "\n".join([head, *lines, f"{day.isoformat()};-1250.00;GBP;;Rent;;{iban}"])
    services.take_in_file(
        CASHIER, name=f"statement-{day.isoformat()}.csv", content=content.encode(), now=clock.now - timedelta(hours=2)
    )
    first = Receipt.objects.get(bank_reference__endswith="-0001")
    proposal = proposals_for([first])[first.pk]
    services.book_receipt(CASHIER, first, account_id=proposal.account_id, parts=proposal.parts, now=clock.now)
    # The same day makes the same demo: no chance, and no clock but its own.
    Payment.objects.filter(receipt=first).update(booking=first.bank_reference)
    told = Event.objects.filter(actor_name=CASHIER.name, name__in=("bank_file.taken_in", "payment.received"))
    told.update(recorded_at=F("occurred_at"), dispatched_at=F("occurred_at"))


def _finance_of(family: int, clock: Clock) -> None:
    """The buyer's finance contact reads the figures of the whole family, too."""
    fiona = Contact.objects.filter(account=STAGE, role=Contact.Role.FINANCE, user__isnull=False).first()
    if fiona and family != STAGE:
        again = Contact.objects.create(
            account_id=family, user=fiona.user, name=fiona.name, email=fiona.email, role=Contact.Role.FINANCE,
            persona=fiona.persona, job_title=fiona.job_title,
        )  # fmt: skip
        told = {"purpose": "survey", "basis": "soft_opt_in", "country": "GB", "source": Consent.Source.STAFF}
        Consent.objects.create(contact=again, is_given=False, said_at=clock.now, **told)
