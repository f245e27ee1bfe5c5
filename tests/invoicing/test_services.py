from datetime import timedelta
from decimal import Decimal as D

import pytest

from apps.accounts.errors import PermissionMissing
from apps.core.models import Event
from apps.fulfilment.services import dispatch_shipment
from apps.invoicing import services, tasks
from apps.invoicing.errors import CreditRefused, InvoiceNotFound, NotShipped, PaymentRefused
from apps.invoicing.models import Invoice, InvoiceLine
from apps.invoicing.selectors import (
    ageing_of,
    early_payment,
    invoice_for,
    invoices_of,
    invoices_of_order,
    totals_of,
)
from apps.pricing.models import AccountTerms, ContractPrice, Price
from tests.ordering.test_races import at_once
from tests.ordering.trade import actor, confirmed, fill, shipped


def exposure(world):
    return AccountTerms.objects.get(account=world.brightwater).exposure


def invoiced(world, *args, **kwargs):
    _order, shipments = shipped(world, *args, **kwargs)
    return [services.issue_invoice(shipment.pk, now=world.now) for shipment in shipments]


def pay(world, invoice, amount, after=0, who=None):
    on = world.today + timedelta(days=after)
    return services.record_payment(who or actor(world.otto), invoice, amount=D(amount), received_on=on, now=world.now)


def test_a_shipment_is_invoiced_as_it_was_ordered(world):
    [invoice] = invoiced(world, world.anna, (world.gloves, 10), (world.cutting, 2))
    lines = [(line.sku, line.name, line.net) for line in invoice.lines.all()]
    assert lines == [
        ("GLV-NIT-L", "Nitrile gloves large, box of 100", D("79.00")),
        ("SVC-CUT", "Cutting to length", D("2.50")),
        ("", "Delivery", D("6.90")),
    ]
    assert (invoice.net, invoice.tax, invoice.gross) == (D("88.40"), D("17.68"), D("106.08"))
    assert (invoice.due_on - invoice.issued_on).days == 30
    assert invoice.discount_until == world.today + timedelta(days=10)
    assert exposure(world) == invoice.gross == invoice.order.gross
    assert Event.objects.get(name="invoice.issued").facts["shipment"] == invoice.shipment.number


def test_it_is_invoiced_once_however_often_asked(world):
    [invoice] = invoiced(world)
    event = Event.objects.get(name="shipment.dispatched")
    for _delivered_twice in range(2):
        tasks.issue_invoice_of_shipment(event.pk)
    assert Invoice.objects.get() == invoice


@pytest.mark.django_db(transaction=True)
def test_two_shipments_at_once_carry_freight_once():
    from tests.world import build

    world = build()
    order, shipments = shipped(world, world.boris, (world.gloves, 1), (world.oil, 1))
    at_once(lambda shipment: services.issue_invoice(shipment.pk, now=world.now), shipments * 4)
    assert Invoice.objects.count() == 2
    assert InvoiceLine.objects.filter(sku="").count() == 1
    assert sum(invoice.net for invoice in Invoice.objects.all()) == order.goods_net + order.freight_net


def test_what_has_not_left_is_not_invoiced(world):
    _order, [shipment] = confirmed(world)
    with pytest.raises(NotShipped):
        services.issue_invoice(shipment.pk, now=world.now)


def test_parts_add_up_to_the_order_and_roundings_are_settled(world):
    ContractPrice.objects.filter(min_quantity=1).update(unit_price="0.0333")
    order, shipments = confirmed(world, world.anna, (world.gloves, 51), (world.bolt, 100))
    assert len(shipments) == 2  # forty boxes now, eleven with the incoming supply
    for shipment in shipments:
        shipment = dispatch_shipment(actor(world.otto), shipment, now=world.now)
        services.issue_invoice(shipment.pk, now=world.now)
    invoices = invoices_of_order(actor(world.anna), order)
    assert sum(invoice.net for invoice in invoices) == order.goods_net + order.freight_net
    assert exposure(world) == sum(invoice.gross for invoice in invoices)


def test_a_payment_settles_and_frees_credit(world):
    [invoice] = invoiced(world)
    assert pay(world, invoice, "50", after=20).open_amount == D("53.08")
    assert exposure(world) == D("53.08")
    assert pay(world, invoice, "53.08", after=20).open_amount == 0
    assert exposure(world) == 0
    with pytest.raises(PaymentRefused):
        pay(world, invoice, "0.01")


def test_paying_early_takes_the_discount_off(world):
    [invoice] = invoiced(world)
    reduced = early_payment(invoice)
    assert reduced == D("101.02")
    paid = pay(world, invoice, reduced, after=10)
    assert (paid.open_amount, exposure(world)) == (0, 0)
    assert {(each.kind, each.amount) for each in paid.payments.all()} == {
        ("received", D("101.02")),
        ("discount", D("2.06")),
    }


def test_who_may_not_book_money_is_refused(world):
    [invoice] = invoiced(world)
    with pytest.raises(PermissionMissing):
        pay(world, invoice, "1", who=actor(world.fiona))


@pytest.mark.django_db(transaction=True)
def test_the_same_payment_at_once_is_never_more_than_is_open():
    from tests.world import build

    world = build()
    [invoice] = invoiced(world)
    at_once(lambda _n: pay(world, invoice, "60", after=20), range(4))
    invoice.refresh_from_db()
    assert invoice.paid == D(60)
    assert exposure(world) == invoice.gross - D(60)


def test_a_credit_note_takes_back_what_was_invoiced(world):
    [invoice] = invoiced(world)
    gloves = invoice.lines.get(sku="GLV-NIT-L")
    note = services.issue_credit_note(
        actor(world.otto), invoice, quantities={gloves.pk: 4}, reason="damaged", now=world.now
    )
    invoice.refresh_from_db()
    assert (note.kind, note.gross, note.corrects) == ("credit_note", D("-37.92"), invoice)
    assert (invoice.open_amount, note.open_amount) == (D("65.16"), 0)
    assert exposure(world) == D("65.16")
    with pytest.raises(CreditRefused):
        services.issue_credit_note(actor(world.otto), invoice, quantities={gloves.pk: 7}, now=world.now)


def test_a_line_credited_in_parts_is_credited_to_the_penny(world):
    Price.objects.filter(product=world.gloves).update(unit_price="0.0450")  # each alone rounds up to 0.05
    [invoice] = invoiced(world, world.anna, (world.gloves, 3))
    gloves = invoice.lines.get(sku="GLV-NIT-L")
    notes = [
        services.issue_credit_note(actor(world.otto), invoice, quantities={gloves.pk: 1}, now=world.now)
        for _each in range(3)
    ]
    assert gloves.net == D("0.14")
    assert [note.net for note in notes] == [D("-0.05"), D("-0.05"), D("-0.04")]


def credit(world, invoice, quantities=None, **more):
    return services.issue_credit_note(actor(world.otto), invoice, quantities=quantities, now=world.now, **more)


def test_notes_for_parts_never_come_to_more_than_the_invoice_tax_included(world):
    Price.objects.filter(product=world.gloves).update(unit_price="0.1300")  # 20% of each alone rounds up to 0.03
    [invoice] = invoiced(world, world.anna, (world.gloves, 5))
    gloves = invoice.lines.get(sku="GLV-NIT-L")
    notes = [credit(world, invoice, {gloves.pk: 1}) for _each in range(5)] + [credit(world, invoice)]

    assert [-note.tax for note in notes[:5]] == [D("0.03"), D("0.02"), D("0.03"), D("0.02"), D("0.03")]
    assert sum(note.net for note in notes) == -invoice.net
    assert sum(note.tax for note in notes) == -invoice.tax
    assert sum(note.gross for note in notes) == -invoice.gross
    for note in notes:
        shown = totals_of(note)
        assert (shown.tax, shown.gross) == (note.tax, note.gross)
        assert sum(tax.tax for tax in shown.taxes) == note.tax
    invoice.refresh_from_db()
    assert invoice.open_amount == 0 and exposure(world) == 0
    with pytest.raises(CreditRefused):
        credit(world, invoice)


def test_a_credit_note_is_issued_once_however_often_its_page_is_sent(world):
    [invoice] = invoiced(world)
    gloves = invoice.lines.get(sku="GLV-NIT-L")

    first, again = (credit(world, invoice, {gloves.pk: 1}, key="page-1") for _ in range(2))

    assert first == again and credit(world, invoice, {gloves.pk: 1}, key="page-2") != first


def test_two_lines_of_one_name_are_credited_each_for_itself(world):
    [invoice] = invoiced(world)
    for position in (8, 9):
        InvoiceLine.objects.create(invoice=invoice, position=position, name="Pallet", quantity=1, unit_price=5, net=5)
    pallets = list(invoice.lines.filter(name="Pallet"))

    assert [credit(world, invoice, {line.pk: 1}).net for line in pallets] == [D(-5), D(-5)]


def test_a_credit_for_what_was_paid_is_owed_to_the_account(world):
    [invoice] = invoiced(world)
    pay(world, invoice, invoice.gross)
    gloves = invoice.lines.get(sku="GLV-NIT-L")
    note = services.issue_credit_note(actor(world.otto), invoice, quantities={gloves.pk: 10}, now=world.now)
    assert note.open_amount == D("-94.80")


def test_invoices_are_the_accounts_own_and_found_by_their_state(world, django_assert_num_queries):
    [invoice] = invoiced(world)
    me = actor(world.fiona)
    later = world.today + timedelta(days=31)
    with django_assert_num_queries(1):
        assert invoices_of(me, status="open", on=world.today).rows == (invoice,)
    assert not invoices_of(me, status="overdue", on=world.today).rows
    assert invoices_of(me, status="overdue", on=later).rows == (invoice,)
    assert not invoices_of(me, status="paid", on=world.today).rows
    assert invoices_of(me, text=invoice.order.number, on=world.today).rows == (invoice,)
    assert [invoice.state_on(day) for day in (world.today, later)] == ["open", "overdue"]
    [age] = ageing_of(me.account_ids, later)
    assert (age.days_1_30, age.not_due) == (invoice.gross, 0)
    stranger = actor(world.xaver)
    assert not invoices_of(stranger, on=world.today).rows
    with pytest.raises(InvoiceNotFound):
        invoice_for(stranger, invoice.number)


def test_issuing_costs_the_same_for_one_line_and_for_many(world, django_assert_max_num_queries):
    _order, [one] = shipped(world)
    fill(world, world.boris, (world.bolt, 100))
    _order, [many] = shipped(world, world.boris, (world.bolt, 100), (world.gloves, 1), (world.cutting, 1))
    with django_assert_max_num_queries(20) as counted:
        services.issue_invoice(one.pk, now=world.now)
    with django_assert_max_num_queries(len(counted)):
        services.issue_invoice(many.pk, now=world.now)


def test_tax_is_shown_for_each_rate(world):
    [invoice] = invoiced(world)
    [tax] = totals_of(invoice).taxes
    assert (tax.percent, tax.net, tax.tax) == (D(20), invoice.net, invoice.tax)
