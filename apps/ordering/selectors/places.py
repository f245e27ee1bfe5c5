"""The ship-tos that a list names: see `rules.places`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.accounts.models import ShipTo
from apps.accounts.selectors import ship_tos_of
from apps.core.scoping import Actor
from apps.ordering.rules.places import Meant, Place, alike, meant
from apps.ordering.rules.sheets import Wish


@dataclass(frozen=True, slots=True)
class Places:
    """What is meant by each ship-to that wishes name, and the account's ship-tos by their ids, the main one first."""

    meant: Mapping[str, Meant]
    by_id: Mapping[int, ShipTo]

    @property
    def main_id(self) -> int:
        return next(iter(self.by_id), 0)

    def of(self, wish: Wish) -> int | None:
        """Where it goes, as `rules.quick_orders` has it."""
        means = self.meant.get(wish.place, Meant())
        if means.refused:
            return None
        return means.place.id if means.place and means.place.id != self.main_id else 0


def places_of(actor: Actor, wishes: Sequence[Wish]) -> Places:
    """The ship-tos that wishes name; one query, none where they name none."""
    written = {wish.place for wish in wishes} - {""}
    known = ship_tos_of(actor) if written else []
    return Places(meant(written, [_place(each) for each in known]), {each.pk: each for each in known})


def alike_to(actor: Actor, answers: Iterable) -> dict[str, tuple[Place, ...]]:
    """For the ship-tos in these answers of a quick order that are none of the account's, or several, what was likely
    meant. One query where there is such a one."""
    lost = {each.wish.place: each.place.candidates for each in answers if each.place.refused}
    known = [_place(each) for each in ship_tos_of(actor)] if lost else []
    return {text: candidates or alike(text, known) for text, candidates in lost.items()}


def _place(ship_to: ShipTo) -> Place:
    return Place(ship_to.pk, ship_to.code, ship_to.name, ship_to.country)
