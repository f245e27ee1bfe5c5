"""What operations enter in rows below an option, refused in words where the rows do not fit together."""

from collections.abc import Callable
from itertools import combinations

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _

from apps.delivery.rules import ENDS, FROM_VALUE, TWICE, RateRow, flaws


class _Rows(BaseInlineFormSet):
    """The rows as they would stand; nothing more is said while one of them is wrong by itself.

    A kind of rows says what must hold of them together: `check_together` raises `ValidationError`.
    """

    check_together: Callable[[list], None]

    def clean(self):
        super().clean()
        if not any(self.errors):
            kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
            self.check_together([form.instance for form in kept])


class RateRows(_Rows):
    """A rate table without rows that say the same, and without goods of which no row says anything."""

    def check_together(self, rows: list) -> None:
        table = [RateRow(**{name: getattr(row, name) for name in RateRow._fields}) for row in rows]
        named = {row.zone_id: row.zone.name for row in rows if row.zone_id}
        found = flaws(table, self.instance.max_weight_kg)
        if found:
            raise ValidationError(
                [self._words(kind, row, named.get(row.zone_id, _("anywhere"))) for kind, row in found]
            )

    def _words(self, kind: str, row: RateRow, zone: str) -> str:
        words = {
            TWICE: _("%(zone)s: two rows have the same limits, and only the cheaper would ever count."),
            FROM_VALUE: _("%(zone)s: there is no rate below a net value of %(value)s. Add a row that begins at 0."),
            ENDS: _("%(zone)s: the rates end at %(limit)s kg, but the option says it carries up to %(most)s kg."),
        }[kind]
        said = {"zone": zone, "value": row.from_net, "limit": row.up_to_kg, "most": self.instance.max_weight_kg}
        return words % said


class WindowRows(_Rows):
    """Time slots of which no two are at the same time: a van is in one place."""

    def check_together(self, rows: list) -> None:
        meeting = [pair for pair in combinations(rows, 2) if pair[0].meets(pair[1])]
        if meeting:
            words = _("%(one)s and %(other)s are at the same time on one of their weekdays.")
            raise ValidationError([words % {"one": one, "other": other} for one, other in meeting])
