from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotFound, Refusal


class ShipmentNotFound(NotFound):
    code = "shipment_not_found"
    title = _("There is no such shipment among yours")


class ShipmentMovedOn(Conflict):
    """The shipment has been dispatched, delivered or cancelled since it was read."""

    code = "shipment_moved_on"
    title = _("This shipment has moved on")


class DeliveryRefused(Invalid):
    """What is said about a delivery cannot be so: a date to come, more than was shipped, a line of another shipment."""

    code = "delivery_refused"
    title = _("That cannot be what was delivered")


class DeliverySettled(Conflict):
    """What was delivered has been credited: the credit says how much came, and cannot be taken back by itself."""

    code = "delivery_settled"
    title = _("This delivery has been credited")


class WaveNotFound(NotFound):
    code = "wave_not_found"
    title = _("There is no such wave")


class NothingToRelease(Conflict):
    """No shipment of the warehouse is due with all its goods there."""

    code = "nothing_to_release"
    title = _("There is nothing to be picked there now")


class PickRefused(Invalid):
    """More than is wanted, a line of another shipment, parcels that hold more than there is."""

    code = "pick_refused"
    title = _("That cannot be what was picked")


class NotTrusted(Refusal):
    """A message that nobody who knows the secret signed, or that was signed too long ago."""

    code = "not_trusted"
    title = _("The signature does not hold")
    status = 401


class TourNotFound(NotFound):
    code = "tour_not_found"
    title = _("This link opens no tour")


class FaultRefused(Invalid):
    """A fault of what has not arrived, after the agreed days, or of more than was shipped."""

    code = "fault_refused"
    title = _("That cannot be reported")


class SlipOver(Conflict):
    """The line is no longer late, or nothing can be chosen about its order any more."""

    code = "slip_over"
    title = _("There is nothing to choose about this line now")


class SlipMoved(Conflict):
    """The day was another when the page was read; `facts["comes_on"]` is the one that holds."""

    code = "slip_moved"
    title = _("The day has changed since you looked")


class AlreadyChosen(Conflict):
    """Somebody chose before; `facts["choice"]` is what."""

    code = "already_chosen"
    title = _("This was decided already")


class ChoiceRefused(Invalid):
    code = "choice_refused"
    title = _("That cannot be chosen here")
