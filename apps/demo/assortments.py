"""What some accounts may buy: the framework of public buyers, colleges without hazards, lists that were tendered.

The family of the demo's buyer sees everything. An assortment is all rules for one account, tree or group; the first one
is that of the public buyers, a third are colleges, the others follow in turn.
"""

from collections.abc import Iterator

from apps.accounts.rules import ids_on_path
from apps.catalogue.models import AssortmentRule
from apps.demo.accounts import GROUP_OF, Party
from apps.demo.catalogue.tree import Tree
from apps.demo.chance import dice, spread
from apps.demo.clock import Clock
from apps.demo.load import copy_rows
from apps.demo.sizes import Size
from apps.demo.trade import Trade

COLUMNS = (
    "effect", "category_id", "brand_id", "product_id", "account_id", "tree_id", "group_id", "valid_from", "note"
)  # fmt: skip
FREE = 1  # the root of the tree that no rule reaches
PUBLIC = "Public sector"
FRAMEWORK = (
    ("Safety",), ("Cleaning & hygiene",), ("Electrical",), ("HVAC & plumbing",), ("Tools",), ("Packaging",),
    ("Storage & handling",), ("Lubricants & chemicals",), ("Services",),
)  # fmt: skip
HAZARDOUS = (
    ("Lubricants & chemicals",),
    ("Cleaning & hygiene", "Cleaning agents"),
    ("Tools", "Power tools", "Grinders & saws"),
)
LEAST_TENDERED = 12


def save_assortments(size: Size, tree: Tree, trade: Trade, parties: list[Party], clock: Clock) -> None:
    copy_rows(AssortmentRule, COLUMNS, rules_of(size, tree, trade, parties, clock))


def rules_of(size: Size, tree: Tree, trade: Trade, parties: list[Party], clock: Clock) -> Iterator[tuple]:
    """The first `size.assortments` assortments, rule by rule; they began a month ago."""
    since = clock.day(-30)
    for path in FRAMEWORK:
        whom = (None, None, GROUP_OF[PUBLIC])
        yield "include", tree.categories[path], None, None, *whom, since, "Lots of the public framework agreement"
    schools, others = _reached(parties)
    count = size.assortments - 1
    single = schools[: -(-count // 3)]
    single += [others[at] for at in spread(len(others), count - len(single))]
    for turn, party in enumerate(single):
        kinds = [_without_hazards] if party in schools else [_one_make_less, _some_categories, _tendered]
        for subject, note in kinds[turn % len(kinds)](party, tree, trade):
            whom = (None, party.pk, None) if _has_subsidiaries(party, parties) else (party.pk, None, None)
            yield *subject, *whom, since, note


def _reached(parties: list[Party]) -> tuple[list[Party], list[Party]]:
    """Colleges, and firms outside the framework; none of the free tree."""
    free = [party for party in parties if FREE not in ids_on_path(party.path)]
    schools = [party for party in free if party.segment == PUBLIC and "College" in party.name]
    return schools, [party for party in free if party.segment != PUBLIC]


def _has_subsidiaries(party: Party, parties: list[Party]) -> bool:
    return party.pk < len(parties) and parties[party.pk].parent == party.pk


def _without_hazards(party: Party, tree: Tree, trade: Trade) -> Iterator[tuple]:
    for path in HAZARDOUS:
        yield ("exclude", tree.categories[path], None, None), "A school: no hazardous chemicals, no cutting machines"


def _one_make_less(party: Party, tree: Tree, trade: Trade) -> Iterator[tuple]:
    brand = dice(f"assortment {party.pk}").choice(sorted(tree.brands.values()))
    yield ("exclude", None, brand, None), "Not approved by their engineering"


def _some_categories(party: Party, tree: Tree, trade: Trade) -> Iterator[tuple]:
    tops = sorted(path for path in tree.categories if len(path) == 1)
    for path in dice(f"assortment {party.pk}").sample(tops, 6):
        yield ("include", tree.categories[path], None, None), "What their head office has released"


def _tendered(party: Party, tree: Tree, trade: Trade) -> Iterator[tuple]:
    """What they buy anyway, and all services; some categories where that would be too short a list."""
    products = sorted(set(trade.regulars_of(party).products.tolist()))
    if len(products) < LEAST_TENDERED:
        yield from _some_categories(party, tree, trade)
        return
    for product in products:
        yield ("include", None, None, product), "Call-off list of the tender"
    yield ("include", tree.categories["Services",], None, None), "Call-off list of the tender"
