"""How an order is paid is chosen at the checkout, and kept."""

from decimal import Decimal as D

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.models import AccountGroup
from apps.core.models import Event
from apps.fulfilment.services import dispatch_shipment, plan_shipments
from apps.invoicing.models import Issuer
from apps.invoicing.services import issue_invoice
from apps.ordering import services, tasks
from apps.ordering.errors import WayToPayRefused
from apps.ordering.models import Order, PaymentPlan
from apps.ordering.selectors import ways_to_pay
from apps.pricing.models import AccountTerms
from apps.pricing.selectors import terms_of
from tests.ordering.trade import actor, place
from tests.portal import buying


@pytest.fixture
def plans(world):
    world.thirds = PaymentPlan.objects.create(
        code="3X30", name="Three parts", kind="instalments", parts=3, first_days=30, every_days=30, fee_percent="1.5"
    )
    world.ahead = PaymentPlan.objects.create(code="AHEAD", name="Pay ahead", kind="ahead", position=1)
    return world


def exposure(world, account=None):
    return AccountTerms.objects.get(account=account or world.brightwater).exposure


def codes(account):
    return [way.code for way in ways_to_pay(account, terms_of(account.pk))]


def test_an_account_is_offered_its_own_terms_and_the_plans_for_it(plans, django_assert_num_queries):
    group = AccountGroup.objects.create(code="G", name="Group")
    common = {"name": "x", "kind": "instalments", "parts": 2}
    PaymentPlan.objects.create(code="TREE", account=plans.brightwater, position=2, **common)
    PaymentPlan.objects.create(code="GROUP", group=group, position=3, **common)
    PaymentPlan.objects.create(code="OLD", is_active=False, **common)
    assert codes(plans.brightwater) == codes(plans.leeds) == ["", "3X30", "AHEAD", "TREE"]  # it reaches below
    assert codes(plans.calder) == ["", "3X30", "AHEAD"]
    plans.calder.group = group
    terms = terms_of(plans.calder.pk)
    with django_assert_num_queries(1):
        assert ways_to_pay(plans.calder, terms)[-1].code == "GROUP"


def test_instalments_are_kept_on_the_order_and_written_on_the_invoice(plans):
    order = place(plans, plans.boris, (plans.gloves, 10), payment="3X30")
    assert (order.payment_kind, order.payment_name, order.instalments) == ("instalments", "Three parts", 3)
    assert (order.fee_net, order.tax, order.gross) == (D("1.29"), D("17.44"), D("104.63"))  # 79.00 + 6.90 + 1.29
    assert exposure(plans) == order.gross
    plans.thirds.delete()  # what was agreed stays as it was
    services.confirm_order(actor(plans.otto), order, now=plans.now)
    [shipment] = plan_shipments(order.pk, now=plans.now)
    dispatch_shipment(actor(plans.otto), shipment, now=plans.now)
    invoice = issue_invoice(shipment.pk, now=plans.now)
    parts = [(str(each.due_on), each.amount) for each in invoice.instalments.all()]
    assert parts == [("2026-04-03", D("34.87")), ("2026-05-03", D("34.87")), ("2026-06-02", D("34.89"))]
    assert (invoice.gross, str(invoice.due_on), invoice.discount_until) == (order.gross, "2026-04-03", None)
    assert [line.name for line in invoice.lines.filter(sku="")] == ["Delivery", "Fee for instalments"]
    assert exposure(plans) == invoice.gross


def test_what_is_paid_ahead_waits_for_its_money_and_takes_no_credit(plans):
    order = place(plans, plans.boris, (plans.gloves, 10), payment="AHEAD")
    assert (order.status, order.approvals.get().reason, exposure(plans)) == ("awaiting_payment", "prepayment", 0)
    services.cancel_order(actor(plans.boris), order, now=plans.now)
    assert exposure(plans) == 0


def test_whoever_pays_ahead_is_told_where_and_how_much(plans, signed_in):
    Issuer.objects.create(name="Harrow & Vale", iban="GB33 BUKB 2020 1555 5555 55")
    order = place(plans, plans.boris, (plans.gloves, 10), payment="AHEAD")
    for _delivered_twice in range(2):
        tasks.send_approval_needed(Event.objects.get(name="order.approval_needed").pk)
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([plans.boris.email], f"Please pay order {order.number}: £103.08")
    page = signed_in(plans.boris).get(reverse("portal:order", args=[order.number])).content.decode()
    assert "GB33 BUKB 2020 1555 5555 55" in page and "£103.08" in page
    assert "Who says yes" not in page  # nobody of the account does, its money does


def test_who_has_no_credit_left_may_pay_ahead_instead_of_waiting(plans):
    AccountTerms.objects.filter(account=plans.brightwater).update(credit_limit=10)
    assert place(plans, plans.boris, (plans.gloves, 10)).status == "awaiting_release"
    assert place(plans, plans.boris, (plans.gloves, 10), payment="AHEAD").status == "awaiting_payment"


@pytest.mark.parametrize("payment", ["NOT-MINE", "OFF", "LARGE", "'; --"])
def test_a_way_that_is_not_offered_is_refused_and_nothing_is_ordered(payment, plans):
    common = {"name": "x", "kind": "instalments", "parts": 2}
    PaymentPlan.objects.create(code="NOT-MINE", account=plans.calder, **common)
    PaymentPlan.objects.create(code="OFF", is_active=False, **common)
    PaymentPlan.objects.create(code="LARGE", minimum=5000, **common)
    with pytest.raises(WayToPayRefused):
        place(plans, plans.boris, (plans.gloves, 10), payment=payment)
    assert not Order.objects.exists() and exposure(plans) == 0


def test_the_checkout_says_what_each_choice_means_and_takes_the_one_chosen(plans, signed_in):
    boris = signed_in(plans.boris)
    buying.add(boris, plans.gloves, 10)
    page = boris.get(reverse("portal:checkout")).content.decode()
    for said in ("On invoice, 30 days net", "£103.08", "£101.02", "you save", "Three parts", "£34.87", "£104.63",
                 "With a fee of", "Pay ahead", "No credit is taken"):  # fmt: skip
        assert said in page, said
    shown = boris.post(reverse("portal:checkout"), buying.checkout_form(boris) | {"payment": "3X30", "show": "1"})
    assert "Fee for instalments" in shown.content.decode()
    answer = buying.place(boris, payment="AHEAD")
    told = boris.get(answer.url).content.decode()
    assert "waiting for your payment" in told and "Please pay" in told
    assert Order.objects.get().payment_kind == "ahead"


def test_a_tampered_choice_is_said_on_the_page(plans, signed_in):
    boris = signed_in(plans.boris)
    buying.add(boris, plans.gloves, 10)
    answer = buying.place(boris, payment="NOBODYS")
    assert answer.status_code == 422 and "cannot be paid that way" in answer.content.decode()
