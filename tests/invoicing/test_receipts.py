"""Money of the bank: taken in, matched, confirmed, taken back; what is owed follows it to the penny."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from apps.accounts.errors import PermissionMissing
from apps.fulfilment.services import dispatch_shipment, plan_shipments
from apps.invoicing import services
from apps.invoicing.errors import ReceiptRefused, UndoRefused
from apps.invoicing.models import BankFile, Invoice, Payment, Receipt
from apps.invoicing.selectors.receipts import proposals_for
from apps.invoicing.services import issue_credit_note, issue_invoice
from apps.ordering.models import Order, PaymentPlan
from apps.ordering.services import cancel_order, confirm_order
from apps.pricing.models import AccountTerms
from tests.invoicing.statements import camt, entry
from tests.invoicing.test_services import exposure, invoiced
from tests.ordering.test_invariants import owed
from tests.ordering.test_races import at_once, lines_of
from tests.ordering.trade import actor, place


def take_in(world, *entries, name="march.xml"):
    return services.take_in_file(actor(world.otto), name=name, content=camt(*entries), now=world.now)


def received(world, amount, text="", reference="BR-1", days=0):
    """One line of a statement, waiting."""
    take_in(world, entry(amount, text, reference=reference), name=reference)
    receipt = Receipt.objects.get(bank_reference=reference)
    if days:
        receipt.received_on = world.today + timedelta(days=days)
        receipt.save()
    return receipt


def book(world, receipt, parts=None, account=None):
    proposal = proposals_for([receipt])[receipt.pk]
    chosen = proposal.parts if parts is None else [(number, D(amount)) for number, amount in parts]
    account_id = (account or world.brightwater).pk
    return services.book_receipt(actor(world.otto), receipt, account_id=account_id, parts=chosen, now=world.now)


def fresh(row):
    row.refresh_from_db()
    return row


@pytest.fixture
def invoice(world):
    return invoiced(world)[0]  # 103.08 gross, 101.02 until the tenth day


def test_a_statement_is_taken_in_once_and_nothing_is_booked(world, invoice):
    first = take_in(world, entry("101.02", invoice.number), entry("3.00", side="DBIT"))
    again = take_in(world, entry("101.02", invoice.number), entry("3.00", side="DBIT"))
    longer = take_in(world, entry("101.02", invoice.number), entry("20.00", reference="BR-2"))
    assert first == again and (first.new, first.known, first.outgoing) == (1, 0, 1)
    assert (longer.new, longer.known) == (1, 1)
    assert Receipt.objects.count() == 2 and not Payment.objects.exists()
    assert exposure(world) == invoice.gross


BOOKED = [  # what comes in and when, what of it is left, what is open then, the discount
    ("103.08", 0, "0", "0", "0"),
    ("101.02", 10, "0", "0", "2.06"),  # in time
    ("101.02", 11, "0", "2.06", "0"),  # too late: the discount stays open
    ("60.00", 0, "0", "43.08", "0"),  # a part
    ("110.00", 0, "6.92", "0", "0"),  # more: it stays with the account
]


@pytest.mark.parametrize(("amount", "days", "left", "still_open", "discount"), BOOKED)
def test_what_comes_in_is_booked_as_it_is_confirmed(amount, days, left, still_open, discount, world, invoice):
    receipt = book(world, received(world, amount, f"inv {invoice.number}", days=days))
    assert (receipt.state, receipt.unapplied, receipt.account) == ("booked", D(left), world.brightwater)
    assert fresh(invoice).open_amount == exposure(world) == D(still_open)
    sums = sum(each.amount for each in Payment.objects.filter(kind="discount"))
    assert sums == D(discount)


def test_money_without_a_reference_is_known_by_its_iban_and_name(world, invoice):
    unknown = received(world, "55.00")
    assert (unknown.match, unknown.account) == ("oldest", world.brightwater)  # by its name
    book(world, unknown)
    other = invoiced(world, world.anna, (world.gloves, 3))[0]
    known = received(world, str(other.gross), "thanks", reference="BR-2")
    assert (known.match, known.account) == ("amount", world.brightwater)


def test_matching_many_costs_no_more_queries_than_one(world, invoice, django_assert_max_num_queries):
    take_in(world, *(entry(f"{n}.00", invoice.number, reference=f"BR-{n}") for n in range(1, 9)))
    receipts = list(Receipt.objects.all())
    with django_assert_max_num_queries(6):
        assert len(proposals_for(receipts)) == 8


def test_a_credit_note_named_with_its_invoice_is_set_off(world, invoice):
    other = invoiced(world, world.anna, (world.gloves, 3))[0]
    book(world, received(world, str(other.gross), other.number, reference="BR-0"))
    note = issue_credit_note(actor(world.otto), other, quantities=None, now=world.now)
    assert (note.open_amount, exposure(world)) == (-other.gross, invoice.gross)  # owed to the account, off nothing yet
    receipt = received(world, str(invoice.gross - other.gross), f"{invoice.number} less {note.number}")
    book(world, receipt)
    assert fresh(invoice).open_amount == fresh(note).open_amount == exposure(world) == 0
    services.undo_receipt(actor(world.otto), receipt, now=world.now)
    assert (fresh(invoice).open_amount, fresh(note).open_amount) == (invoice.gross, note.gross)
    assert exposure(world) == invoice.gross


def test_money_entered_by_hand_is_entered_once_and_never_as_something_else(world, invoice):
    def enter(amount):
        said = {"amount": D(amount), "received_on": world.today, "reference": "Cheque 7", "now": world.now}
        return services.enter_receipt(actor(world.otto), world.brightwater, **said)

    assert enter("50") == enter("50.00")
    for amount in ("51", "0", "-1", "NaN"):
        with pytest.raises(ReceiptRefused):
            enter(amount)
    book(world, enter("50"))
    assert exposure(world) == invoice.gross - 50


def test_what_is_left_is_applied_later(world, invoice):
    receipt = book(world, received(world, "150.00", invoice.number))
    later = invoiced(world, world.anna, (world.gloves, 3))[0]
    assert exposure(world) == later.gross
    book(world, fresh(receipt), parts=[(later.number, "30.00")])
    assert fresh(receipt).unapplied == D("16.92")
    assert exposure(world) == fresh(later).open_amount == later.gross - 30


def test_a_parent_pays_for_its_subsidiary(world):
    theirs = invoiced(world, world.lena, (world.oil, 1), ship_to=world.leeds_dock)[0]
    book(world, received(world, str(theirs.gross), theirs.number), account=world.brightwater)
    assert fresh(theirs).open_amount == AccountTerms.objects.get(account=world.leeds).exposure == 0


REFUSED = [
    ([("IN", "103.09")], "103.08 is open"),
    ([("IN", "-1")], "103.08 is open"),
    ([("IN", "NaN")], "103.08 is open"),
    ([("IN", "100"), ("OTHER", "10")], "more than came in"),
    ([("STRANGER", "1")], "no document of"),
    ([("IN-9", "1")], "no document of"),
    ([("IN", "1"), ("IN", "1")], "named twice"),
]


@pytest.mark.parametrize(("parts", "why"), REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_booked(parts, why, world, invoice):
    numbers = {
        "IN": invoice.number,
        "OTHER": invoiced(world, world.anna, (world.gloves, 3))[0].number,
        "STRANGER": invoiced(world, world.xaver, (world.oil, 1), ship_to=world.calder_dock)[0].number,
    }
    before = exposure(world)
    receipt = received(world, "103.08")
    with pytest.raises(ReceiptRefused) as refusal:
        book(world, receipt, parts=[(numbers.get(number, number), amount) for number, amount in parts])
    assert why in str(refusal.value.detail)
    assert (fresh(receipt).state, exposure(world)) == ("waiting", before) and not Payment.objects.exists()


def test_undoing_puts_everything_back_once_and_leaves_its_trace(world, invoice):
    receipt = book(world, received(world, "101.02", invoice.number))
    otto = actor(world.otto)
    services.undo_receipt(otto, receipt, now=world.now)
    assert (fresh(receipt).state, receipt.unapplied, fresh(invoice).paid) == ("waiting", 0, 0)
    assert exposure(world) == invoice.gross
    assert sum(each.amount for each in Payment.objects.all()) == 0 and Payment.objects.count() == 4
    with pytest.raises(UndoRefused):
        services.undo_receipt(otto, receipt, now=world.now)
    book(world, receipt)  # and it can be booked again, with its discount
    assert fresh(invoice).open_amount == exposure(world) == 0


def test_a_payment_entered_by_hand_is_undone_with_its_discount(world, invoice):
    otto = actor(world.otto)
    services.record_payment(otto, invoice, amount=D("101.02"), received_on=world.today, now=world.now)
    paid = Payment.objects.get(kind="received")
    services.undo_payment(otto, paid, now=world.now)
    assert (fresh(invoice).paid, exposure(world)) == (0, invoice.gross)
    with pytest.raises(UndoRefused):
        services.undo_payment(otto, paid, now=world.now)


def test_instalments_are_due_one_after_the_other_as_they_are_paid(world):
    PaymentPlan.objects.create(code="3X", name="Thirds", kind="instalments", parts=3, first_days=30, every_days=30)
    [invoice] = invoiced(world, world.boris, (world.gloves, 10), payment="3X")
    first, second, last = (part.due_on for part in invoice.parts)
    receipt = book(world, received(world, "40.00", invoice.number))
    assert (fresh(invoice).due_on, invoice.open_amount) == (second, D("63.08"))
    services.undo_receipt(actor(world.otto), receipt, now=world.now)
    assert fresh(invoice).due_on == first
    book(world, receipt, parts=[(invoice.number, "40.00")])
    book(world, received(world, "63.08", reference="BR-2"), parts=[(invoice.number, "63.08")])
    assert (fresh(invoice).due_on, exposure(world)) == (last, 0)


@pytest.fixture
def ahead(world):
    PaymentPlan.objects.create(code="AHEAD", name="Pay ahead", kind="ahead")
    return place(world, world.boris, (world.gloves, 10), payment="AHEAD")


def hold(world, receipt, order):
    return services.hold_for_order(actor(world.otto), receipt, order, now=world.now)


def test_an_order_paid_ahead_goes_on_when_all_of_its_money_is_there(world, ahead):
    receipt = received(world, "100.00", ahead.number)
    assert proposals_for([receipt])[receipt.pk].order == ahead.number
    hold(world, receipt, ahead)
    assert fresh(ahead).status == "awaiting_payment"
    rest = received(world, "5.00", ahead.number, reference="BR-2")
    hold(world, rest, ahead)
    assert (fresh(ahead).status, exposure(world)) == ("placed", 0)
    with pytest.raises(UndoRefused):
        services.undo_receipt(actor(world.otto), receipt, now=world.now)
    confirm_order(actor(world.otto), ahead, now=world.now)
    [shipment] = plan_shipments(ahead.pk, now=world.now)
    dispatch_shipment(actor(world.otto), shipment, now=world.now)
    invoice = issue_invoice(shipment.pk, now=world.now)
    assert (fresh(invoice).open_amount, exposure(world)) == (0, 0)
    assert (fresh(receipt).unapplied, fresh(rest).unapplied) == (0, D("1.92"))  # 105.00 came, 103.08 were due


def test_money_for_an_order_that_is_cancelled_is_free_again(world, ahead):
    receipt = hold(world, received(world, "50.00", ahead.number), ahead)
    cancel_order(actor(world.otto), ahead, now=world.now)
    other = invoiced(world, world.anna, (world.gloves, 10))[0]
    book(world, fresh(receipt), parts=[(other.number, "50.00")])
    assert exposure(world) == other.gross - 50


def test_who_may_not_book_money_is_refused_everywhere(world, invoice):
    receipt, fiona = received(world, "1.00"), actor(world.fiona)
    deeds = (
        lambda: services.take_in_file(fiona, name="x", content=camt(), now=world.now),
        lambda: services.book_receipt(fiona, receipt, account_id=world.brightwater.pk, parts=[], now=world.now),
        lambda: services.set_aside(fiona, receipt, note="no", now=world.now),
        lambda: services.undo_receipt(fiona, receipt, now=world.now),
    )
    for deed in deeds:
        with pytest.raises(PermissionMissing):
            deed()


def test_operations_take_in_confirm_and_undo_at_their_desk(world, signed_in, invoice):
    otto = signed_in(world.otto)
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("march.xml", camt(entry("101.02", invoice.number), entry("-1", reference="BR-2")))
    answer = otto.post(reverse("admin:invoicing_bankfile_add"), {"file": upload})
    file = otto.get(answer.url).content.decode()
    assert "cannot be read" in file and BankFile.objects.get().new == 1
    receipt = Receipt.objects.get()
    address = reverse("admin:invoicing_receipt_change", args=[receipt.pk])
    page = otto.get(address).content.decode()
    assert invoice.number in page and 'value="101.02"' in page
    refused = otto.post(address, {"decision": "book", invoice.number: "200"}).content.decode()
    assert "less than or equal to 103.08" in refused
    otto.post(address, {"decision": "book", invoice.number: "101.02"})
    assert (fresh(receipt).state, fresh(invoice).open_amount) == ("booked", 0)
    otto.post(address, {"decision": "undo"})
    otto.post(address, {"decision": "set_aside", "note": "not ours"})
    assert (fresh(receipt).state, receipt.note) == ("set_aside", "not ours")
    chosen = {"action": "confirm", "_selected_action": [receipt.pk]}
    otto.post(address, {"decision": "undo"})
    otto.post(reverse("admin:invoicing_receipt_changelist"), chosen)
    assert (fresh(receipt).state, exposure(world)) == ("booked", 0)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_confirm_order_pay_and_undo_and_what_is_owed_is_exact():
    from tests.world import build

    world = build()
    AccountTerms.objects.filter(account=world.calder).update(credit_limit=500)
    invoice = invoiced(world, world.xaver, (world.gloves, 10), ship_to=world.calder_dock)[0]
    receipt = received(world, "60.00", invoice.number)
    otto, order = actor(world.otto), lines_of(world, world.xaver, world.gloves, 1, world.calder_dock)

    def confirm(_n):
        return book(world, receipt, parts=[(invoice.number, "60.00")], account=world.calder)

    def pay(n):
        on = world.today + timedelta(days=20)
        return services.record_payment(otto, invoice, amount=D("10.00"), received_on=on, key=f"{n % 3}", now=world.now)

    deeds = [confirm, pay, order, lambda n: services.undo_receipt(otto, receipt, now=world.now)]
    at_once(lambda n: deeds[n % 4](n), range(32), threads=16)
    terms = AccountTerms.objects.get(account=world.calder)
    paid = sum(each.amount for each in Payment.objects.filter(invoice=invoice))
    assert Invoice.objects.get(pk=invoice.pk).paid == paid
    assert paid in (D(30), D(90))
    assert terms.exposure == owed(world.calder) <= terms.credit_limit
    assert Order.objects.filter(account=world.calder).count() == 9
