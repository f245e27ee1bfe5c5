"""The small demo, seeded once: the same twice, and true to the rules of the house."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from django.test import override_settings
from django.utils import timezone

from apps.accounts.models import Account, Contact, User
from apps.accounts.selectors import actor_for
from apps.availability.models import Reservation, StockLevel
from apps.cases.models import Case, FollowUp
from apps.catalogue.models import Product
from apps.catalogue.selectors import products_seen
from apps.core.models import Event
from apps.core.money import line_net, tax_by_rate
from apps.core.numbers import next_number
from apps.demo.logins import LOGINS
from apps.demo.seeding import SEEDED, Seeding, clear
from apps.demo.sizes import SMALL
from apps.feedback.models import Answer, Fatigue, Invitation, Programme
from apps.feedback.selectors import open_questions
from apps.fulfilment.models import Shipment
from apps.fulfilment.selectors import facts_of
from apps.invoicing.models import Invoice
from apps.ordering.models import Approval, CallOff, CostCentre, Order, OrderLine, Quote
from apps.ordering.selectors import budgets_of
from apps.pricing.models import AccountTerms
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)  # a Wednesday
# A salt, a secret and what is hashed with it, when the row was really written, how long a training took and in how much
# memory, and words whose order says nothing.
VARIES = ("password", "sealed", "address_hash", "created_at", "updated_at", "recorded_at", "marked_at", "transaction",
          "took_seconds", "peak_mib")  # fmt: skip


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small demo in a transaction that is rolled back after the last test of this module."""
    media = tmp_path_factory.mktemp("media")
    kept = override_settings(MEDIA_ROOT=str(media), PRIVATE_ROOT=str(media))
    with django_db_blocker.unblock(), kept, transaction.atomic():
        clear()
        Seeding(SMALL, NOW, say=lambda *words, **how: None).run()
        yield media
        transaction.set_rollback(True)


def checksums() -> dict[str, str]:
    found = {}
    with connection.cursor() as cursor:
        for model in (model for label in SEEDED for model in apps.get_app_config(label).get_models()):
            less = "".join(f" - '{name}'" for name in VARIES)
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(row, '|' ORDER BY row), ''))"
                f" FROM (SELECT (to_jsonb(t){less})::text AS row FROM {model._meta.db_table} t) rows"
            )
            found[model._meta.label] = cursor.fetchone()[0]
    return found


def test_the_same_day_seeds_the_same_data(seeded):
    first = checksums()
    with transaction.atomic():
        clear()
        Seeding(SMALL, NOW, say=lambda *words, **how: None).run()
        again = checksums()
        transaction.set_rollback(True)
    assert again == first


def test_sizes_are_as_wished(seeded):
    assert Product.objects.count() == SMALL.skus
    assert Account.objects.count() == SMALL.accounts


def test_everybody_of_the_log_ins_gets_in(seeded):
    for login in LOGINS:
        user = User.objects.get(email=login.email)
        assert user.check_password(login.password)
        assert actor_for(user).role == login.role


def test_an_account_of_anybody_is_not_overwritten(seeded):
    with pytest.raises(CommandError, match="--fresh"):
        call_command("seed_demo", small=True)


def test_reserved_is_what_reservations_hold(seeded):
    held = Reservation.objects.filter(state=Reservation.State.HELD, stock__isnull=False)
    sums = dict(held.values_list("stock").annotate(Sum("quantity")))
    assert sums
    assert sums == dict(StockLevel.objects.filter(reserved__gt=0).values_list("pk", "reserved"))


def test_orders_add_up(seeded):
    for order in Order.objects.prefetch_related("lines"):
        lines = list(order.lines.all())
        assert all(line.net == line_net(line.quantity, line.unit_price, order.currency) for line in lines)
        assert order.goods_net == sum(line.net for line in lines)
        taxed = [(line.tax_percent, line.net) for line in lines] + [(order.freight_tax_percent, order.freight_net)]
        assert order.tax == sum(tax for _, tax in tax_by_rate(taxed, order.currency).values())
        assert order.gross == order.goods_net + order.freight_net + order.tax


def test_invoices_add_up_and_payments_are_booked(seeded):
    for invoice in Invoice.objects.prefetch_related("lines", "payments"):
        assert invoice.net == sum(line.net for line in invoice.lines.all())
        assert invoice.gross == invoice.net + invoice.tax
        assert invoice.paid == sum(payment.amount for payment in invoice.payments.all())


def test_exposure_is_open_orders_and_unpaid_invoices(seeded):
    for terms in AccountTerms.objects.all():
        assert terms.exposure == _owed(terms.account_id)
        assert terms.credit_limit is None or terms.exposure <= terms.credit_limit


def _owed(account_id: int) -> Decimal:
    owed = Decimal(0)
    counted = Order.objects.filter(account_id=account_id).exclude(status__in=("cancelled", "declined"))
    for order in counted.prefetch_related("invoices__lines", "lines"):
        invoices = [each for each in order.invoices.all() if not each.is_credit_note]
        invoiced = sum(line.quantity for each in invoices for line in each.lines.all() if line.order_line_id)
        is_whole = invoiced == sum(line.quantity for line in order.lines.all())
        owed += sum(each.gross for each in invoices) if is_whole else order.gross
        owed -= sum(each.paid for each in invoices)
    return owed


def test_verdicts_on_deliveries_are_those_of_the_rules(seeded):
    delivered = Shipment.objects.filter(status="delivered").select_related("order__account", "order__ship_to")
    for shipment in delivered.filter(fact__isnull=False).prefetch_related("lines__order_line"):
        facts = facts_of(shipment)
        assert (shipment.is_late, shipment.is_short, shipment.is_damaged) == (
            facts["late"],
            facts["short"],
            facts["damaged"],
        )
    assert delivered.filter(Q(is_late=True) | Q(is_short=True) | Q(is_damaged=True)).exists()


def test_answers_carry_the_facts_of_their_delivery(seeded):
    answers = Answer.objects.filter(invitation__shipment__fact__isnull=False)
    answers = answers.select_related("invitation__shipment__order").order_by("-pk")[:20]
    assert answers
    for answer in answers:
        assert answer.facts == facts_of(answer.invitation.shipment)


def test_each_delivery_was_decided_about_once(seeded):
    decisions = Count("invitations", filter=Q(invitations__programme__kind="delivery"))
    delivered = Shipment.objects.filter(status="delivered").annotate(decisions=decisions)
    assert not delivered.exclude(decisions=1).exists()
    about_deliveries = Invitation.objects.filter(programme__kind="delivery")
    assert not about_deliveries.exclude(shipment__status="delivered").exists()
    assert Invitation.objects.filter(state="suppressed").exclude(reason="").exists()


def test_shipped_is_never_more_than_ordered_and_open_orders_wait_for_the_rest(seeded):
    lines = OrderLine.objects.annotate(on_its_way=Sum("shipment_lines__quantity"))
    assert not lines.filter(order__status="delivered").exclude(on_its_way=F("quantity")).exists()
    assert not lines.filter(shipped_quantity__gt=F("quantity")).exists()


def test_nothing_of_the_past_is_published_again(seeded):
    assert Event.objects.exists()
    assert not Event.objects.filter(dispatched_at=None).exists()
    assert not Event.objects.filter(occurred_at__gt=NOW).exists()


def test_numbers_go_on_after_those_given_out(seeded):
    for prefix, model in (("SO", Order), ("SH", Shipment), ("IN", Invoice), ("QU", Quote)):
        assert not model.objects.filter(number=next_number(prefix)).exists()


def test_the_buyer_and_the_approver_find_something_to_do(seeded):
    buyer = Contact.objects.get(user__email=LOGINS[0].email)
    actor = actor_for(buyer.user)
    assert {question.programme.kind for question in open_questions(actor, now=NOW)} == {"case", "delivery"}
    orders = Order.objects.filter(account=buyer.account)
    assert set(orders.values_list("status", flat=True)) >= {"awaiting_approval", "placed", "confirmed", "shipped"}
    waiting = Approval.objects.filter(order__account=buyer.account, state="waiting").order_by("pk")
    assert [(step.reason, step.position) for step in waiting] == [("spend_limit", 0), ("policy", 1)]
    [budgeted, refusing] = CostCentre.objects.filter(account=buyer.account).select_related("account")
    assert budgets_of([budgeted, refusing], NOW)[budgeted.pk].used > 0
    assert Quote.objects.filter(account=buyer.account, status="offered").exists()
    assert Invoice.objects.filter(account=buyer.account, paid=0).exists()


def test_who_decides_at_the_buyers_finds_the_question_of_the_half_year(seeded):
    waits = {"approver": "relationship"}
    emails = {login.role: login.email for login in LOGINS}
    for role, kind in waits.items():
        user = User.objects.get(email=emails[role])
        actors = [actor_for(user, account_id=contact.account_id) for contact in user.contacts.all()]
        kinds = [question.programme.kind for actor in actors for question in open_questions(actor, now=NOW)]
        assert (role, kinds) == (role, [kind])
        assert actor_for(user).account_id == Account.objects.get(name="Ashgrove Facilities").pk


def test_programmes_of_every_kind_are_on_and_have_asked(seeded):
    answered = dict(Answer.objects.order_by().values_list("invitation__programme__kind").annotate(Count("pk")))
    assert answered["delivery"] > 5 and answered["case"] >= 3
    asked = Invitation.objects.filter(programme__kind="relationship", contact__isnull=False)
    assert asked.exists() and not asked.exclude(contact__persona__in=["decision_maker", "gatekeeper"]).exists()
    assert set(Programme.objects.values_list("is_active", flat=True)) == {True}
    assert Programme.objects.get(code="large-deliveries").translations.count() == 4
    assert Fatigue.objects.get().contact_year_cap == 12


def test_answers_that_call_for_somebody_have_a_case_or_a_call(seeded):
    hard = Answer.objects.filter(invitation__programme__kind="case", score__lte=3)
    low = Answer.objects.filter(invitation__programme__kind="relationship", score__lte=6)
    calls = set(FollowUp.objects.filter(kind="call").values_list("source_ref", flat=True))
    cases = set(Case.objects.filter(origin="survey").values_list("source_ref", flat=True))
    assert {f"answer:{pk}" for pk in hard.values_list("pk", flat=True)} <= calls
    assert {f"answer:{pk}" for pk in low.values_list("pk", flat=True)} <= cases


def test_two_reps_are_to_find_who_is_missing(seeded):
    missing = FollowUp.objects.filter(kind="missing_role", state="open")
    assert missing.values("owner").distinct().count() == 2


def test_pictures_and_documents_are_there(seeded):
    for product in Product.objects.only("picture"):
        assert (seeded / product.picture.name).read_text().startswith("<svg")
    pdf = next((seeded / "documents").glob("*.pdf"))
    assert pdf.read_bytes().startswith(b"%PDF")


def test_some_accounts_see_less_and_the_buyer_of_the_demo_sees_everything(seeded):
    everything = Product.objects.on_sale().count()
    seen = {account.name: products_seen(account.pk)[0] for account in Account.objects.all()}
    assert {seen[name] for name in ("Ashgrove Group", "Ashgrove Facilities", "Ashgrove Kitchens")} == {everything}
    assert len({name for name, number in seen.items() if number < everything}) == SMALL.assortments
    assert all(number >= 10 for number in seen.values())


def test_the_past_replays_from_what_was_agreed(seeded):
    asked = defaultdict(list)
    lines = OrderLine.objects.select_related("order").filter(order__placed_at__date__lt=NOW.date())
    for line in lines.exclude(price_source__in=["quote", "blanket"]):
        asked[line.order.account_id, timezone.localdate(line.order.placed_at)].append(line)
    wrong = []
    for (account, on), found in asked.items():
        prices = prices_for_account(account, [Ask(line.product_id, line.quantity) for line in found], on)
        told = [(prices[Ask(line.product_id, line.quantity)], line) for line in found]
        wrong += [
            line
            for price, line in told
            if (price.unit_price, price.source_ref) != (line.unit_price, line.price_source_ref)
        ]
    assert len(asked) > 20
    assert wrong == []


def test_what_was_called_off_has_the_price_of_its_blanket_order(seeded):
    calls = CallOff.objects.select_related("line__blanket", "order")
    assert len(calls) > 5
    for call in calls:
        line = call.order.lines.get(product=call.line.product_id)
        said = (line.quantity, line.unit_price, line.price_source_ref)
        assert said == (call.quantity, call.line.unit_price, call.line.blanket.number)
