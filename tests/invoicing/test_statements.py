"""Statements and ageing: of an account, and of all below it."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from apps.invoicing.selectors import ageing_by_account, statement_of
from apps.invoicing.services import issue_credit_note
from apps.invoicing.statement_pdf import statement_csv, statement_pdf
from apps.ordering.models import PaymentPlan
from tests.invoicing.test_receipts import book, received
from tests.invoicing.test_services import invoiced, pay
from tests.ordering.trade import actor


def statement(world, who=None, account=None, **period):
    said = {"since": world.today - timedelta(days=30), "until": world.today, "on": world.today} | period
    return statement_of(actor(who or world.fiona), account or world.brightwater, **said)


def test_the_balance_is_what_is_open_less_credit(world, django_assert_max_num_queries):
    one, two = invoiced(world)[0], invoiced(world, world.anna, (world.gloves, 3))[0]
    book(world, received(world, "150.00", one.number))  # 46.92 stay with the account
    pay(world, two, "10", after=0)
    issue_credit_note(
        actor(world.otto), one, quantities={one.lines.get(sku="GLV-NIT-L").pk: 1}, reason="=torn", now=world.now
    )
    with django_assert_max_num_queries(11):
        [sheet] = statement(world).sheets
    two.refresh_from_db()
    assert sheet.closing == two.open_amount - D("9.48") - D("46.92")
    kinds = [(row.kind, row.amount) for row in sheet.rows]
    assert kinds == [
        ("credit_note", D("-9.48")), ("invoice", one.gross), ("invoice", two.gross),
        ("on_account", D("-46.92")), ("received", -one.gross), ("received", D(-10)),
    ]  # fmt: skip


def test_what_was_before_the_period_is_brought_forward(world):
    [invoice] = invoiced(world)
    later = world.today + timedelta(days=40)
    [sheet] = statement(world, since=later, until=later, on=later).sheets
    assert (sheet.opening, sheet.rows, sheet.closing) == (invoice.gross, (), invoice.gross)


def test_a_parent_sees_all_below_it_and_a_stranger_nothing(world):
    own, below = invoiced(world)[0], invoiced(world, world.lena, (world.oil, 1), ship_to=world.leeds_dock)[0]
    [over_tree] = statement(world, over_tree=True).sheets
    [alone] = statement(world).sheets
    assert (over_tree.closing, alone.closing) == (own.gross + below.gross, own.gross)
    assert {row.account for row in over_tree.rows} == {"Brightwater Facilities", "Brightwater Leeds"}
    [theirs] = statement(world, who=world.lena, account=world.leeds, over_tree=True).sheets
    assert theirs.closing == below.gross
    assert [sheet.rows for sheet in statement(world, who=world.xaver, account=world.calder, over_tree=True).sheets] == [
        ()
    ]


def test_instalments_age_part_by_part(world, django_assert_num_queries):
    PaymentPlan.objects.create(code="3X", name="Thirds", kind="instalments", parts=3, first_days=30, every_days=30)
    [invoice] = invoiced(world, world.boris, (world.gloves, 10), payment="3X")  # 34.36, 34.36, 34.36
    invoiced(world, world.lena, (world.oil, 1), ship_to=world.leeds_dock)
    pay(world, invoice, "40", after=0)  # the first, and 5.64 of the second
    on = world.today + timedelta(days=61)
    ids = [world.brightwater.pk, world.leeds.pk]
    with django_assert_num_queries(3):
        rows = {row.account.pk: row.ageing for row in ageing_by_account(ids, on)}
    mine = rows[world.brightwater.pk]
    assert (mine.not_due, mine.days_1_30, mine.days_31_60) == (D("34.36"), D("28.72"), 0)
    assert rows[world.leeds.pk].days_31_60 == rows[world.leeds.pk].total
    assert {row.account.pk for row in ageing_by_account(None, on)} == set(ids)


def test_a_table_for_machines_starts_no_formula(world):
    [invoice] = invoiced(world)
    issue_credit_note(actor(world.otto), invoice, quantities=None, reason="=1+1", now=world.now)
    text = statement_csv(statement(world)).decode("utf-8-sig")
    assert "'=1+1" in text and ",=1+1" not in text
    assert text.splitlines()[-1].endswith(",0.00")
    assert "2026-03-04,credit_note,CN-" in text


@pytest.mark.parametrize("language", ["en", "th", "ko", "vi", "fa"])
def test_a_statement_is_set_in_every_language(language, world):
    invoiced(world)
    assert statement_pdf(statement(world, over_tree=True), language).startswith(b"%PDF-")


def test_a_finance_contact_reads_statements_of_the_family_and_orders_nothing(world, signed_in):
    own, below = invoiced(world)[0], invoiced(world, world.lena, (world.oil, 1), ship_to=world.leeds_dock)[0]
    fiona = signed_in(world.fiona)
    period = {"since": "2026-01-01", "until": "2026-12-31"}
    page = fiona.get(reverse("portal:statement"), period).content.decode()
    assert own.number in page and below.number in page and "Brightwater Leeds" in page
    assert f'<th scope="rowgroup" colspan="6">{own.issued_on:%B %Y}</th>' in page
    one = fiona.get(reverse("portal:statement"), period | {"of": "AC-2"}).content.decode()
    assert own.number not in one and below.number in one
    assert own.number in fiona.get(reverse("portal:statement_csv"), period).content.decode()
    assert fiona.get(reverse("portal:statement_pdf"), period).content.startswith(b"%PDF-")
    assert fiona.get(reverse("portal:cart")).status_code == 403
    strange = fiona.get(reverse("portal:statement"), period | {"of": "AC-3"}).content.decode()
    assert own.number in strange and "Calder" not in strange


@pytest.mark.parametrize(
    ("period", "why"),
    [
        ({"since": "2026-03-05", "until": "2026-03-04"}, "begins after it ends"),
        ({"since": "2016-03-05", "until": "2026-03-04"}, "at most three years"),
        ({"since": "soon"}, "Enter a valid date"),
    ],
)
def test_a_period_that_cannot_be_is_said(period, why, world, signed_in):
    fiona = signed_in(world.fiona)
    answer = fiona.get(reverse("portal:statement"), period)
    assert answer.status_code == 422 and why in answer.content.decode()
    assert fiona.get(reverse("portal:statement_csv"), period).status_code == 422


def test_operations_see_who_owes_and_since_when(world, signed_in):
    invoiced(world)
    page = signed_in(world.otto).get(reverse("admin:invoicing_invoice_ageing")).content.decode()
    assert "Brightwater Facilities" in page
    pdf = signed_in(world.otto).get(reverse("admin:invoicing_invoice_statement", args=[world.brightwater.pk]))
    assert pdf.content.startswith(b"%PDF-")
