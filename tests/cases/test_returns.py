"""Goods come back: from the question of the buyer to the credit note, over the pages that people use."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.availability.models import StockLevel
from apps.cases import tasks
from apps.cases.errors import NothingToCredit, ReceiptOfReturnRefused, ReturnMovedOn, ReturnNotFound, ReturnRefused
from apps.cases.models import NotReturnable, Return, ReturnFile, ReturnReasonTerms, ReturnReceipt, ReturnTerms
from apps.cases.selectors.return_notices import asked_return_notices, return_news_notices
from apps.cases.selectors.returns import return_for, returnables
from apps.cases.services import returns as services
from apps.cases.services.returns import Arrived, Wanted
from apps.core.errors import NotAllowed
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment.models import LineFact
from apps.fulfilment.services import confirm_delivery
from apps.invoicing.models import Invoice
from apps.invoicing.services import issue_invoice
from apps.ordering.errors import NotLeftToReturn
from apps.ordering.models import OrderLine
from apps.pricing.models import AccountTerms
from tests.ordering.trade import actor, shipped


@pytest.fixture
def order(world):
    """Ten boxes of gloves (79.00 net), received this morning and invoiced."""
    return delivered(world, (world.gloves, 10))


def delivered(world, *wishes, who=None):
    world.now = timezone.now() - timedelta(minutes=5)
    order, shipments = shipped(world, who or world.boris, *wishes)
    for shipment in shipments:
        confirm_delivery(SYSTEM, shipment, received_by="Rick", delivered_at=world.now, now=world.now)
        issue_invoice(shipment.pk, now=world.now)
    return order


def wanted(order, quantity=2, reason="changed_mind"):
    return {order.lines.first().pk: Wanted(quantity, reason)}


def ask(world, order, quantity=2, reason="changed_mind", *, who=None, key="k", **more):
    said = {"key": key, "now": world.now} | more
    return services.ask_return(actor(who or world.boris), order, wanted(order, quantity, reason), **said)


def line_of(order):
    line = order.lines.first()
    return line.delivered_quantity, line.returned_quantity, line.returning_quantity


def receive(world, shown, quantity, condition="as_new", decision="restock", key="1"):
    line = shown.lines.first()
    arrived = [Arrived(line.pk, quantity, condition, decision)]
    return services.receive_return(actor(world.otto), shown, arrived, key=key, now=world.now)


def on_hand(world):
    return StockLevel.objects.get(product=world.gloves, warehouse=world.north).on_hand


def picture() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 20), "white").save(content, "PNG")
    return SimpleUploadedFile("box.png", content.getvalue(), "image/png")


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_small_return_is_agreed_to_at_once_and_the_same_key_is_one(world, order):
    shown = ask(world, order)
    assert ask(world, order) == shown and Return.objects.count() == 1
    assert shown.status == "approved" and shown.is_automatic and shown.number.startswith("RMA-")
    assert shown.send_by == timezone.localdate(world.now) + timedelta(days=14)
    assert shown.warehouse == world.north and "Leeds" in shown.send_to and not shown.we_pay_freight
    assert line_of(order) == (10, 0, 2)
    assert [event.name for event in Event.objects.filter(subject=f"return:{shown.number}").order_by("id")] == [
        "return.requested",
        "return.approved",
    ]
    assert Event.objects.get(name="return.requested").facts["lines"] == [
        {"sku": "GLV-NIT-L", "reason": "changed_mind", "quantity": 2}
    ]


@pytest.mark.parametrize("quantity", [0, -1, 11])
def test_no_more_is_asked_for_than_is_left(world, order, quantity):
    with pytest.raises(NotLeftToReturn):
        ask(world, order, quantity)
    assert line_of(order) == (10, 0, 0) and not Return.objects.exists()


def test_what_is_under_a_return_or_back_cannot_be_returned_again(world, order):
    shown = ask(world, order, 6)
    with pytest.raises(NotLeftToReturn):
        ask(world, order, 5, key="other")
    receive(world, shown, 6)
    with pytest.raises(NotLeftToReturn):
        ask(world, order, 5, key="other")
    assert line_of(order) == (10, 6, 0)
    assert ask(world, order, 4, key="other").status == "approved"


def test_a_refusal_says_why_and_what_to_do(world, order):
    NotReturnable.objects.create(category=world.safety, why="hygiene")
    with pytest.raises(ReturnRefused, match=r"hygiene.*account manager"):
        ask(world, order)
    shown = ask(world, order, reason="damaged")
    assert shown.status == "requested" and shown.we_pay_freight  # somebody has to look at it
    NotReturnable.objects.all().delete()
    with pytest.raises(ReturnRefused, match="until"):
        ask(world, order, key="late", now=world.now + timedelta(days=40))
    for nothing in ({}, {99_999: Wanted(1, "damaged")}):
        with pytest.raises(ReturnRefused):
            services.ask_return(actor(world.boris), order, nothing, key="n", now=world.now)
    with pytest.raises(ReturnRefused):
        ask(world, order, reason="bored", key="n")


def test_a_product_of_its_own_comes_before_its_category_and_a_category_holds_what_is_below(world, order):
    fasteners = world.bolts.parent
    NotReturnable.objects.create(category=fasteners, why="cut")
    bolts = delivered(world, (world.bolt, 100), (world.oil, 1), (world.cutting, 1))
    world.oil.__class__.objects.filter(pk=world.oil.pk).update(is_dangerous=True)
    verdicts = {each.line.sku: each.verdict for each in returnables(bolts, now=world.now)}
    assert (verdicts["BLT-M8-40"].barred, verdicts["OIL-5L"].barred) == ("cut", "dangerous")
    assert verdicts["SVC-CUT"].why == "service"
    NotReturnable.objects.create(product=world.bolt, why="made")
    verdicts = {each.line.sku: each.verdict for each in returnables(bolts, now=world.now)}
    assert verdicts["BLT-M8-40"].barred == "made"


def test_terms_of_the_house_hold(world, order):
    ReturnReasonTerms.objects.update_or_create(
        reason="changed_mind", defaults={"days": 5, "fee_percent": 10, "we_pay_freight": True, "is_automatic": False}
    )
    ReturnTerms.objects.create(automatic_below=0, send_within_days=3, warehouse=world.south, address="Dock 4\nReading")
    shown = ask(world, order)
    assert shown.status == "requested" and shown.lines.get().fee_percent == 10
    services.approve_return(actor(world.sam), shown, now=world.now)
    shown.refresh_from_db()
    assert (shown.warehouse, shown.send_to) == (world.south, "Dock 4\nReading")
    assert shown.send_by == timezone.localdate(world.now) + timedelta(days=3) and shown.decided_by_name == "Sam"
    with pytest.raises(ReturnRefused):
        ask(world, order, key="late", now=world.now + timedelta(days=6))


def test_who_may_ask_decide_receive_and_credit(world, order):
    ask(world, order, who=world.rick, key="rick")  # a receiver sends back what came
    with pytest.raises(NotAllowed):
        ask(world, order, who=world.fiona, key="fiona")
    shown = ask(world, order, 8, "faulty", key="large")
    with pytest.raises(NotAllowed):
        services.approve_return(actor(world.boris), shown, now=world.now)
    with pytest.raises(ReturnNotFound):
        services.approve_return(actor(world.ruben), shown, now=world.now)
    for who in (world.sam, world.rhea):
        with pytest.raises(NotAllowed):
            services.receive_return(actor(who), shown, [], key="1", now=world.now)
        with pytest.raises(NotAllowed):
            services.credit_return(actor(who), shown, now=world.now)
    with pytest.raises(ReturnNotFound):
        return_for(actor(world.xaver), shown.number)
    with pytest.raises(ReturnNotFound):
        services.withdraw_return(actor(world.xaver), shown, now=world.now)


# --- deciding, withdrawing, ending -----------------------------------------------------------------------------------


def test_less_is_agreed_to_with_a_word_and_the_rest_is_free(world, order):
    ReturnTerms.objects.create(automatic_below=0)
    shown = ask(world, order, 6)
    line, sam = shown.lines.get(), actor(world.sam)
    for quantities, answer in (({line.pk: 7}, "x"), ({line.pk: 0}, "x"), ({line.pk: 4}, " "), ({99_999: 1}, "x")):
        with pytest.raises(ReturnRefused):
            services.approve_return(sam, shown, quantities=quantities, answer=answer, now=world.now)
    services.approve_return(sam, shown, quantities={line.pk: 4}, answer="Two are opened.", now=world.now)
    assert line_of(order) == (10, 0, 4)
    with pytest.raises(ReturnMovedOn):
        services.approve_return(sam, shown, now=world.now)
    with pytest.raises(ReturnMovedOn):
        services.refuse_return(sam, shown, answer="No.", now=world.now)


def test_a_refused_return_frees_its_pieces_and_tells_why(world, order):
    ReturnTerms.objects.create(automatic_below=0)
    shown = ask(world, order)
    with pytest.raises(ReturnRefused):
        services.refuse_return(actor(world.sam), shown, answer=" ", now=world.now)
    services.refuse_return(actor(world.sam), shown, answer="Too far gone.", now=world.now)
    assert line_of(order) == (10, 0, 0)
    [mail] = return_news_notices(Event.objects.get(name="return.refused"))
    assert mail["to"] == world.boris.email and mail["context"]["answer"] == "Too far gone."


def test_it_can_be_withdrawn_until_it_is_sent_and_ends_by_itself_where_nothing_is(world, order):
    boris = actor(world.boris)
    gone = ask(world, order, key="1")
    for _twice in range(2):
        services.withdraw_return(boris, gone, now=world.now)
    assert line_of(order) == (10, 0, 0)
    sent, kept = ask(world, order, key="2"), ask(world, order, 3, key="3")
    services.say_sent(boris, sent, tracking_code="NP1", now=world.now)
    with pytest.raises(ReturnMovedOn):
        services.withdraw_return(boris, sent, now=world.now)
    assert services.expire_returns(now=world.now + timedelta(days=14)) == 0
    assert services.expire_returns(now=world.now + timedelta(days=15)) == 1
    assert services.expire_returns(now=world.now + timedelta(days=15)) == 0
    kept.refresh_from_db()
    assert kept.status == "expired" and line_of(order) == (10, 0, 2)
    with pytest.raises(ReturnMovedOn):
        receive(world, kept, 3)
    services.approve_return(actor(world.sam), kept, now=world.now)  # it came after all
    assert line_of(order) == (10, 0, 5)


# --- receiving and crediting -----------------------------------------------------------------------------------------


def test_what_comes_in_is_counted_once_and_goes_back_on_the_shelf(world, order):
    shown, before = ask(world, order, 5), on_hand(world)
    receipt = receive(world, shown, 2)
    assert receive(world, shown, 2) == receipt and ReturnReceipt.objects.count() == 1
    assert on_hand(world) == before + 2 and line_of(order) == (10, 2, 3)
    shown.refresh_from_db()
    assert shown.status == "arriving"
    with pytest.raises(ReceiptOfReturnRefused, match="4 were counted together, and 3 are awaited"):
        receive(world, shown, 4, key="2")
    for condition, what in (("damaged", "restock"), ("not_ours", "scrap"), ("eaten", "scrap"), ("as_new", "")):
        with pytest.raises(ReceiptOfReturnRefused):
            receive(world, shown, 1, condition, what, key="2")
    receive(world, shown, 1, "damaged", "scrap", key="2")
    receive(world, shown, 2, "not_ours", "send_back", key="3")
    shown.refresh_from_db()
    assert on_hand(world) == before + 2 and line_of(order) == (10, 3, 0) and shown.status == "received"
    with pytest.raises(ReturnMovedOn):
        receive(world, shown, 1, key="4")
    assert Event.objects.filter(name="stock.adjusted").get().facts["reason"] == shown.number


def test_pieces_of_a_line_in_several_conditions_are_one_receipt(world, order, signed_in):
    shown, before = ask(world, order, 6, "damaged"), on_hand(world)
    pk, desk = shown.lines.first().pk, signed_in(world.otto)
    url = reverse("workspace:receive_return", args=[shown.number])
    assert f'id="quantity-{pk}-as_new" name="quantity-{pk}-as_new" value="6"' in desk.get(url).content.decode()
    said = {
        "key": "page",
        f"quantity-{pk}-as_new": "2", f"decision-{pk}-as_new": "restock",
        f"quantity-{pk}-opened": "", f"decision-{pk}-opened": "scrap",
        f"quantity-{pk}-damaged": "3", f"decision-{pk}-damaged": "scrap",
        f"quantity-{pk}-not_ours": "1",
    }  # fmt: skip
    for name, value, words in (
        ("not_ours", "2", "7 were counted together, and 6 are awaited"),
        ("opened", "some", "in whole numbers"),
        ("opened", "-1", "in whole numbers"),
    ):
        answer = desk.post(url, said | {f"quantity-{pk}-{name}": value})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'id="quantity-{pk}-damaged" name="quantity-{pk}-damaged" value="3"' in answer.content.decode()
    assert desk.post(url, said | {f"decision-{pk}-damaged": "restock"}).status_code == 422
    assert not ReturnReceipt.objects.exists()
    assert on_hand(world) == before
    for _twice in range(2):
        assert desk.post(url, said).status_code == 302
    told = ReturnReceipt.objects.get().lines.values_list("condition", "quantity", "decision", "is_credited")
    assert sorted(told) == [
        ("as_new", 2, "restock", True), ("damaged", 3, "scrap", True), ("not_ours", 1, "send_back", False),
    ]  # fmt: skip
    assert on_hand(world) == before + 2
    assert line_of(order) == (10, 5, 0)  # what is not from us was not returned
    [note] = services.credit_return(SYSTEM, shown, now=world.now)
    assert note.net == Decimal("-39.50")


def test_it_is_credited_once_less_what_is_kept(world, order):
    shown = ask(world, order, 5)
    receive(world, shown, 5)
    owed = AccountTerms.objects.get(account=world.brightwater).exposure
    issued = services.credit_return(SYSTEM, shown, now=world.now)
    assert services.credit_return(SYSTEM, shown, now=world.now) == []
    note, charge = issued
    assert note.is_credit_note and note.net == Decimal("-39.50") and shown.number in note.reason
    assert (charge.kind, charge.net, charge.tax) == ("invoice", Decimal("5.93"), Decimal("1.19"))  # 15 per cent
    shown.refresh_from_db()
    assert shown.status == "settled"
    fell = owed - AccountTerms.objects.get(account=world.brightwater).exposure
    assert fell == -note.gross - charge.gross


def test_a_paid_invoice_is_credited_and_the_fee_is_set_off_against_it(world, order):
    invoice = Invoice.objects.get(order=order)
    Invoice.objects.filter(pk=invoice.pk).update(paid=invoice.gross)
    shown = ask(world, order, 5)
    receive(world, shown, 5)
    note, charge = services.credit_return(SYSTEM, shown, now=world.now)
    note.refresh_from_db()
    charge.refresh_from_db()
    assert charge.open_amount == 0 and note.open_amount == note.gross + charge.gross  # what is owed to the account


def test_faults_cost_nothing_and_scrap_for_a_change_of_mind_is_not_credited(world, order):
    fault = ask(world, order, 2, "damaged", key="1")
    receive(world, fault, 2, "damaged", "scrap")
    [note] = services.credit_return(SYSTEM, fault, now=world.now)
    assert note.net == Decimal("-15.80")
    mind = ask(world, order, 2, key="2")
    receive(world, mind, 2, "damaged", "scrap")
    assert services.credit_return(SYSTEM, mind, now=world.now) == []
    mind.refresh_from_db()
    assert mind.status == "settled"


def test_what_is_not_invoiced_waits_and_can_be_settled_by_hand(world, order):
    shown = ask(world, order, 5)
    receive(world, shown, 5)
    Invoice.objects.get(order=order).lines.filter(order_line__isnull=False).update(order_line=None)
    with pytest.raises(NothingToCredit):
        services.credit_return(SYSTEM, shown, now=world.now)
    assert not Invoice.objects.filter(kind="credit_note").exists()
    services.settle_by_hand(actor(world.otto), shown, now=world.now)
    shown.refresh_from_db()
    assert shown.status == "settled"


def test_nothing_more_comes_and_the_rest_is_free(world, order):
    shown = ask(world, order, 5)
    with pytest.raises(ReturnMovedOn):
        services.end_receiving(actor(world.sam), shown, now=world.now)
    receive(world, shown, 2)
    services.end_receiving(actor(world.sam), shown, now=world.now)
    assert line_of(order) == (10, 2, 0)
    services.credit_return(SYSTEM, shown, now=world.now)
    shown.refresh_from_db()
    assert shown.status == "settled"


def test_the_table_is_the_last_wall(world, order):
    from django.db import IntegrityError, transaction

    for field, value in (("returning_quantity", 11), ("returned_quantity", 11), ("returning_quantity", -1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.filter(order=order).update(**{field: value})


def test_staff_is_told_what_waits_for_them(world, order):
    ReturnTerms.objects.create(automatic_below=0)
    ask(world, order)
    [mail] = asked_return_notices(Event.objects.get(name="return.requested"))
    assert mail["to"] == world.rhea.user.email and "GLV-NIT-L" in mail["context"]["lines"][0]


def test_damage_counts_with_the_facts_of_the_delivery_once_and_only_in_the_days_for_faults(world, order):
    def fact():
        return LineFact.objects.values_list("damaged", "wrong").get(order_line__order=order)

    ask(world, order, 2, "changed_mind", key="1")
    assert fact() == (0, 0)
    ask(world, order, 2, "damaged", key="2")
    ask(world, order, 1, "damaged", key="3")
    ask(world, order, 3, "wrong_item", key="4", now=world.now + timedelta(days=8))  # a fault has seven days
    assert fact() == (2, 0)


def test_tasks_credit_and_write_to_who_asked(world, order, mailoutbox):
    shown = ask(world, order, 5)
    receive(world, shown, 5)
    for name, task in (
        ("return.approved", tasks.send_return_news),
        ("return.received", tasks.credit_received_return),
        ("return.received", tasks.credit_received_return),
        ("return.received", tasks.send_return_news),
        ("return.credited", tasks.send_return_news),
    ):
        task(Event.objects.get(name=name).pk)
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    assert [mail.to for mail in mailoutbox] == [[world.boris.email]] * 3
    assert all(shown.number in mail.subject for mail in mailoutbox)
    assert f"/returns/{shown.number}/" in mailoutbox[0].body and "5 x GLV-NIT-L" in mailoutbox[0].body
    ReturnTerms.objects.create(automatic_below=0)
    ask(world, order, 1, key="waits")
    tasks.send_return_requested(Event.objects.filter(name="return.requested").latest("pk").pk)
    assert mailoutbox[-1].to == [world.rhea.user.email] and "Brightwater" in mailoutbox[-1].subject
    assert tasks.expire_unsent_returns() == 0


# --- over the pages --------------------------------------------------------------------------------------------------


def test_from_the_order_page_to_the_credit_note(world, order, signed_in):
    ReturnTerms.objects.create(automatic_below=0, instructions="Northern Parcels collects.")
    line = order.lines.first()
    buyer = signed_in(world.boris)
    ask_url = reverse("portal:ask_return", args=[order.number])
    assert ask_url in buyer.get(f"/orders/{order.number}/").content.decode()
    page = buyer.get(ask_url).content.decode()
    assert "We keep 15%" in page and "we pay the freight" in page and "How many of" in page
    key = re.search(r'name="key" value="([^"]+)"', page).group(1)
    said = {"key": key, f"quantity-{line.pk}": "3", f"reason-{line.pk}": "ordered_wrong", "wish": "replacement"}
    for wrong in ({f"quantity-{line.pk}": "11"}, {f"quantity-{line.pk}": "x"}, {f"quantity-{line.pk}": ""}):
        answer = buyer.post(ask_url, said | wrong)
        assert answer.status_code in (409, 422) and "Nothing was sent yet" in answer.content.decode()
    for _twice in range(2):
        answer = buyer.post(ask_url, said | {"note": "The wrong size.", "files": picture()})
    shown = Return.objects.get()
    assert answer.url == reverse("portal:return", args=[shown.number]) and ReturnFile.objects.count() == 1
    label = reverse("portal:return_label", args=[shown.number])
    assert buyer.get(label).status_code == 409  # not before somebody agreed to it
    assert shown.number in buyer.get(reverse("portal:returns")).content.decode()

    desk = signed_in(world.sam)
    assert shown.number in desk.get(reverse("workspace:returns")).content.decode()
    there = reverse("workspace:return", args=[shown.number])
    assert "The wrong size." in desk.get(there).content.decode()
    seen = reverse("portal:return_picture", args=[shown.number, shown.files.get().pk])
    assert desk.get(seen)["Content-Type"] == "image/jpeg"
    decide, agreed = reverse("workspace:decide_return", args=[shown.number]), f"agreed-{shown.lines.get().pk}"
    assert desk.post(decide, {agreed: "2"}).status_code == 422  # no button was pressed
    assert desk.post(decide, {agreed: "2", "decision": "approve"}).status_code == 422  # and no word why
    desk.post(decide, {agreed: "2", "decision": "approve", "answer": "One box is open."})

    buyer = signed_in(world.boris)
    page = buyer.get(answer.url).content.decode()
    assert "One box is open." in page and "Northern Parcels collects." in page and label in page
    paper = buyer.get(label)
    assert paper.content.startswith(b"%PDF") and paper["Content-Type"] == "application/pdf"
    assert signed_in(world.xaver).get(label).status_code == 404
    assert signed_in(world.xaver).get(seen).status_code == 404
    buyer = signed_in(world.boris)
    buyer.post(reverse("portal:return_sent", args=[shown.number]), {"tracking": "NP-7"})
    assert buyer.post(reverse("portal:return_again", args=[shown.number])).url == reverse("portal:cart")
    assert "GLV-NIT-L" in buyer.get(reverse("portal:cart")).content.decode()

    warehouse, before = signed_in(world.otto), on_hand(world)
    scanned = warehouse.get(reverse("workspace:receiving"), {"scan": shown.number.lower()})
    assert scanned.url == reverse("workspace:receive_return", args=[shown.number])
    pk = shown.lines.get().pk
    came = {f"quantity-{pk}-opened": "2", f"decision-{pk}-opened": "restock", "key": "page"}
    assert warehouse.post(scanned.url, came | {f"quantity-{pk}-opened": "3"}).status_code == 422
    for _twice in range(2):
        assert warehouse.post(scanned.url, came).status_code == 302
    assert on_hand(world) == before + 2
    warehouse.post(reverse("workspace:credit_return", args=[shown.number]), {"decision": "credit"})
    note = Invoice.objects.get(kind="credit_note")
    assert note.net == Decimal("-15.80") and note.number in warehouse.get(there).content.decode()
    assert note.number in signed_in(world.boris).get(answer.url).content.decode()


def test_pages_ask_as_often_for_many_as_for_few(world, order, signed_in, django_assert_max_num_queries):
    buyer = signed_in(world.boris)
    for at in range(4):
        ask(world, order, 1, key=str(at))
    with django_assert_max_num_queries(12):
        buyer.get(reverse("portal:returns"))
    many = delivered(world, (world.gloves, 2), (world.bolt, 100), (world.oil, 2), (world.bolt_long, 100))
    with django_assert_max_num_queries(18):
        buyer.get(reverse("portal:ask_return", args=[many.number]))
