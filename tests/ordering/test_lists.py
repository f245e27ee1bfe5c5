"""Lists: who sees them, what is done with them, and what of them is ordered."""

import pytest

from apps.accounts.errors import PermissionMissing
from apps.catalogue.models import AssortmentRule
from apps.ordering.errors import ListNotFound, ListNotYours, ListRefused
from apps.ordering.models import BuyingListLine, CartLine
from apps.ordering.selectors import list_for, lists_of
from apps.ordering.services import lists as services
from tests.ordering.trade import acting, actor


@pytest.fixture
def stores(world):
    """Anna's shared list: gloves and bolts with pars, oil without."""
    lines = [(world.gloves.pk, 5, 20, ""), (world.bolt.pk, 100, 500, "Bay 4"), (world.oil.pk, 1, None, "")]
    return services.make_list(actor(world.anna), name="Stores", shared=True, lines=lines, now=world.now)


@pytest.fixture
def own(world):
    return services.make_list(actor(world.anna), name="Anna's bench", now=world.now)


def names(who) -> list[str]:
    return [kept.name for kept in lists_of(who)]


def test_who_sees_a_list(world, stores, own):
    assert names(actor(world.anna)) == ["Anna's bench", "Stores"]
    for who in (actor(world.boris), actor(world.rick), acting(world.rhea, world.anna)):
        assert names(who) == ["Stores"]
        with pytest.raises(ListNotFound):
            list_for(who, own.pk)
    for stranger in (actor(world.xaver), actor(world.lena), actor(world.rhea)):
        assert names(stranger) == []
        with pytest.raises(ListNotFound):
            list_for(stranger, stores.pk)


def test_who_made_it_names_and_deletes_it(world, stores):
    said = {"name": "Ours", "note": "", "shared": True, "now": world.now}
    with pytest.raises(ListNotYours):
        services.change_list(actor(world.boris), stores, **said)
    with pytest.raises(ListNotYours):
        services.delete_list(acting(world.rhea, world.anna), stores, now=world.now)
    with pytest.raises(PermissionMissing):
        services.delete_list(actor(world.rick), stores, now=world.now)
    assert services.change_list(actor(world.anna), stores, **said).name == "Ours"
    services.delete_list(actor(world.anna), stores, now=world.now)
    assert names(actor(world.boris)) == []


def test_what_is_made_on_somebodys_behalf_is_everybodys(world):
    made = services.make_list(acting(world.rhea, world.anna), name="From Rhea", now=world.now)
    assert (made.owner_id, made.is_shared) == (None, True)
    services.delete_list(actor(world.boris), made, now=world.now)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_list_needs_a_name(world, name):
    with pytest.raises(ListRefused):
        services.make_list(actor(world.anna), name=name, now=world.now)


def test_what_is_on_it_stays_and_what_is_not_sold_is_told(world, stores):
    AssortmentRule.objects.create(effect="exclude", account=world.brightwater, product=world.drill)
    wishes = [(world.gloves.pk, 9), (world.bolt_long.pk, 100), (world.drill.pk, 1)]
    put = services.put_on_list(actor(world.boris), stores, wishes, now=world.now)
    assert (put.added, put.there, put.unsold) == (1, 1, 1)
    assert stores.lines.get(product=world.gloves).quantity == 5


def test_lines_are_copied_with_their_pars_and_notes(world, stores, own):
    bolt = stores.lines.get(product=world.bolt)
    put = services.copy_lines(actor(world.anna), stores, own, [bolt.pk], now=world.now)
    again = services.copy_lines(actor(world.anna), stores, own, now=world.now)
    assert (put.added, again.added, again.there) == (1, 2, 1)
    assert own.lines.values_list("quantity", "par", "note").get(product=world.bolt) == (100, 500, "Bay 4")


def test_a_stranger_copies_nothing_onto_a_list(world, stores):
    theirs = services.make_list(actor(world.xaver), name="Calder", now=world.now)
    with pytest.raises(ListNotFound):
        services.copy_lines(actor(world.xaver), theirs, stores, now=world.now)


def test_a_line_is_changed_or_refused_with_its_rule(world, stores):
    line = stores.lines.get(product=world.gloves)
    services.change_lines(actor(world.boris), stores, {line.pk: ("7", "", "Ask Rick")}, now=world.now)
    line.refresh_from_db()
    assert (line.quantity, line.par, line.note) == (7, None, "Ask Rick")
    with pytest.raises(ListRefused, match="GLV-NIT-L"):
        services.change_lines(actor(world.anna), stores, {line.pk: ("1.000", "", "")}, now=world.now)


def test_ordering_raises_to_what_can_be_ordered_and_leaves_out_what_is_gone(world, stores):
    type(world.oil).objects.filter(pk=world.oil.pk).update(status="discontinued")
    typed = {line.pk: "60" for line in stores.lines.all()}
    ordered = services.order_list(actor(world.anna), stores, typed, now=world.now)
    assert ordered.gone == ["OIL-5L"]
    assert dict(CartLine.objects.values_list("product__sku", "quantity")) == {"GLV-NIT-L": 60, "BLT-M8-40": 100}


def test_what_is_missing_up_to_par_is_ordered(world, stores):
    shelf = dict(zip(stores.lines.order_by("pk").values_list("pk", flat=True), ("20", "130", ""), strict=True))
    ordered = services.fill_to_par(actor(world.anna), stores, shelf, now=world.now)
    assert (ordered.full, ordered.uncounted) == (1, 1)
    assert CartLine.objects.values_list("product__sku", "quantity").get() == ("BLT-M8-40", 400)


def test_a_list_holds_only_so_many_products(world, own, monkeypatch):
    monkeypatch.setattr(services, "MOST_LINES", 1)
    with pytest.raises(ListRefused, match="1 products at most"):
        services.put_on_list(actor(world.anna), own, [(world.bolt.pk, 1), (world.oil.pk, 1)], now=world.now)
    assert not BuyingListLine.objects.exists()
