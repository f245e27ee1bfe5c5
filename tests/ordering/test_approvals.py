from decimal import Decimal as D

import pytest

from apps.accounts.errors import PermissionMissing
from apps.accounts.models import Contact
from apps.availability.models import Reservation
from apps.core.models import Event
from apps.ordering import services
from apps.ordering.errors import OrderNotFound, OwnOrder, WrongStatus
from apps.ordering.selectors import approvals_waiting
from apps.pricing.models import AccountTerms
from tests.ordering.trade import acting, actor, place


@pytest.fixture
def big(world):
    """An order of Anna's above her limit of 1,000 net."""
    return place(world, world.anna, (world.oil, 40))


@pytest.fixture
def tight(world):
    AccountTerms.objects.filter(account=world.brightwater).update(credit_limit=100)
    return world


def exposure(world):
    return AccountTerms.objects.get(account=world.brightwater).exposure


def test_above_the_spend_limit_an_order_waits_with_its_stock_and_credit_held(world, big):
    assert big.status == "awaiting_approval"
    assert [approval.reason for approval in big.approvals.all()] == ["spend_limit"]
    assert Reservation.objects.filter(state="held").exists()
    assert exposure(world) == big.gross
    assert Event.objects.get(name="order.approval_needed").facts["reasons"] == ["spend_limit"]
    assert not Event.objects.filter(name="order.placed").exists()


def test_an_approver_lets_it_pass(world, big):
    assert approvals_waiting(actor(world.boris), world.today) == [big]
    order = services.approve(actor(world.boris), big, comment="fine", now=world.now)
    approval = order.approvals.get()
    assert order.status == "placed"
    assert (approval.state, approval.decided_by_name, approval.comment) == ("approved", "Boris", "fine")
    assert [event.name for event in Event.objects.order_by("id")][-2:] == ["order.approved", "order.placed"]
    assert not approvals_waiting(actor(world.boris), world.today)


def test_an_approver_says_no_and_everything_is_free_again(world, big):
    order = services.decline(actor(world.boris), big, comment="not this month", now=world.now)
    assert order.status == "declined"
    assert not Reservation.objects.filter(state="held").exists()
    assert exposure(world) == 0


def test_it_is_decided_once(world, big):
    services.approve(actor(world.boris), big, now=world.now)
    for decide in (services.approve, services.decline):
        with pytest.raises(WrongStatus):
            decide(actor(world.boris), big, now=world.now)
    assert exposure(world) == big.gross


def test_nobody_approves_their_own(world):
    Contact.objects.filter(pk=world.boris.pk).update(spend_limit=10)
    own = place(world, world.boris, (world.gloves, 10))
    with pytest.raises(OwnOrder):
        services.approve(actor(world.boris), own, now=world.now)
    assert not approvals_waiting(actor(world.boris), world.today)


def test_a_second_contact_of_the_same_person_does_not_approve_either(world, big):
    second = Contact.objects.create(account=world.brightwater, user=world.anna.user, name="Anna again", role="approver")
    with pytest.raises(OwnOrder):
        services.approve(actor(world.anna).__class__(
            role="approver", user_id=world.anna.user_id, account_id=world.brightwater.pk,
            account_ids=(world.brightwater.pk,), contact_id=second.pk, name="Anna again",
        ), big, now=world.now)  # fmt: skip


def test_who_has_no_say_is_refused(world, big):
    with pytest.raises(PermissionMissing):
        services.approve(actor(world.fiona), big, now=world.now)
    with pytest.raises(PermissionMissing):
        services.approve(acting(world.rhea, world.boris), big, now=world.now)
    Contact.objects.filter(pk=world.xaver.pk).update(role="approver")
    with pytest.raises(OrderNotFound):
        services.approve(actor(world.xaver), big, now=world.now)


def test_a_removed_approvers_link_is_dead(world, big):
    Contact.objects.filter(pk=world.boris.pk).update(is_active=False)
    with pytest.raises(PermissionMissing):
        services.approve(actor(world.boris), big, now=world.now)


def test_a_parents_approver_approves_for_the_subsidiary(world):
    Contact.objects.filter(pk=world.lena.pk).update(spend_limit=10)
    order = place(world, world.lena, (world.gloves, 10), ship_to=world.leeds_dock)
    assert services.approve(actor(world.boris), order, now=world.now).status == "placed"


def test_the_lowest_limit_holds_where_nobody_in_person_orders(world):
    machine = actor(world.anna).__class__(
        role="machine", account_id=world.brightwater.pk, account_ids=(world.brightwater.pk,), name="ERP of Brightwater"
    )
    order = services.place_lines(
        machine,
        lines=[(world.oil.pk, 40)],
        ship_to_id=world.dock.pk,
        option_id=world.standard.pk,
        key="m",
        now=world.now,
    )
    assert order.status == "awaiting_approval"
    assert order.placed_by_name == "ERP of Brightwater"


def test_a_rep_on_behalf_of_an_approver_orders_as_a_buyer_and_the_approver_decides(world):
    order = place(world, world.boris, (world.oil, 40), by=acting(world.rhea, world.boris))
    assert (order.status, order.contact, order.placed_by_name) == ("awaiting_approval", world.boris, "Rhea")
    with pytest.raises(PermissionMissing):
        services.approve(acting(world.rhea, world.boris), order, now=world.now)
    assert approvals_waiting(actor(world.boris), world.today) == [order]
    assert services.approve(actor(world.boris), order, now=world.now).status == "placed"


def test_what_the_approver_has_a_limit_for_themselves_is_decided_by_another(world):
    Contact.objects.filter(pk=world.boris.pk).update(spend_limit=2000)
    order = place(world, world.boris, (world.oil, 40), by=acting(world.rhea, world.boris))
    assert order.status == "awaiting_approval", "the lowest limit of the account holds"
    with pytest.raises(OwnOrder):
        services.approve(actor(world.boris), order, now=world.now)


def test_in_person_the_approvers_word_is_enough(world):
    assert place(world, world.boris, (world.oil, 40)).status == "placed"


def test_a_rep_on_behalf_orders_at_once_what_a_buyer_could(world):
    assert place(world, world.boris, (world.gloves, 10), by=acting(world.rhea, world.boris)).status == "placed"
    assert place(world, world.anna, (world.gloves, 10), by=acting(world.rhea, world.anna)).status == "placed"


def test_above_the_credit_limit_an_order_waits_for_the_credit_desk(tight):
    order = place(tight)
    assert order.status == "awaiting_release"
    assert exposure(tight) == 0  # nothing was taken
    assert Reservation.objects.filter(state="held").exists()
    with pytest.raises(PermissionMissing):
        services.release_credit_hold(actor(tight.boris), order, now=tight.now)
    released = services.release_credit_hold(actor(tight.otto), order, now=tight.now)
    assert released.status == "placed"
    assert exposure(tight) == order.gross


def test_a_declined_hold_gives_back_no_credit_it_never_took(tight):
    order = place(tight)
    services.decline_credit(actor(tight.rhea), order, now=tight.now)
    assert exposure(tight) == D(0)
    assert not Reservation.objects.filter(state="held").exists()


def test_above_both_limits_the_accounts_own_approver_comes_first(tight):
    order = place(tight, tight.anna, (tight.oil, 40))
    assert order.status == "awaiting_approval"
    order = services.approve(actor(tight.boris), order, now=tight.now)
    assert order.status == "awaiting_release"
    assert Event.objects.filter(name="order.approval_needed").last().facts["reasons"] == ["credit_limit"]
    order = services.release_credit_hold(actor(tight.otto), order, now=tight.now)
    assert (order.status, exposure(tight)) == ("placed", order.gross)


def test_a_released_order_that_its_approver_declines_gives_its_credit_back(tight):
    order = place(tight, tight.anna, (tight.oil, 40))
    order = services.release_credit_hold(actor(tight.otto), order, now=tight.now)
    assert order.status == "awaiting_approval"
    services.decline(actor(tight.boris), order, now=tight.now)
    assert exposure(tight) == 0
