"""A form with several buttons is decided by the one that was pressed, and by nothing else."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid


class NothingDecided(Invalid):
    """A form came without any of its buttons, or with one that it does not have."""

    code = "nothing_decided"
    title = _("Which button was pressed could not be told")


def decision(request: HttpRequest, *buttons: str) -> str:
    """The button of the form that was pressed, one of `buttons`; `NothingDecided` for none and for any other."""
    pressed = request.POST.get("decision", "")
    if pressed not in buttons:
        raise NothingDecided(_("Go back and press one of the buttons; nothing was changed."))
    return pressed
