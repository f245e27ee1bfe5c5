from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict


class SlotTaken(Conflict):
    """Somebody else has the last place in a slot."""

    code = "slot_taken"
    title = _("That time slot has just been taken. Nothing was ordered.")
