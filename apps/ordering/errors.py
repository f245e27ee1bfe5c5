from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound


class OrderNotFound(NotFound):
    code = "order_not_found"
    title = _("There is no such order among yours")


class QuoteNotFound(NotFound):
    code = "quote_not_found"
    title = _("There is no such quote among yours")


class NoAccountChosen(NotAllowed):
    code = "no_account_chosen"
    title = _("Choose the account you are ordering for first")


class CartEmpty(Invalid):
    code = "cart_empty"
    title = _("There is nothing in the cart to order")


class NotOnSale(Invalid):
    code = "not_on_sale"
    title = _("Something here is no longer sold")


class OutsideAssortment(Invalid):
    """`facts["skus"]` names what was in the cart or the offer and has left the account's assortment since."""

    code = "outside_assortment"
    title = _("Something here is no longer in your assortment")


class PriceOnRequest(Invalid):
    """`facts["skus"]` names the SKUs without an agreed price."""

    code = "price_on_request"
    title = _("Something here has no agreed price yet: ask for a quote")


class PricesChanged(Conflict):
    """`facts["differences"]` is a tuple of `rules.carts.Difference`; nothing was ordered and the cart is untouched."""

    code = "prices_changed"
    title = _("Prices have changed since you last saw them")


class OrderTooLarge(Invalid):
    code = "order_too_large"
    title = _("The order is larger than one order can be. Split it, or ask your rep.")


class OptionRefused(Invalid):
    code = "delivery_option_refused"
    title = _("The order cannot be delivered that way")


class FreightRefused(Conflict):
    """What a delivery would cost more cannot be added to the order."""

    code = "freight_refused"
    title = _("The delivery cannot cost more")


class ShipToRefused(Invalid):
    code = "ship_to_refused"
    title = _("It cannot be sent there like that")


class WayToPayRefused(Invalid):
    code = "way_to_pay_refused"
    title = _("The order cannot be paid that way: choose another")


class DateRefused(Invalid):
    code = "date_refused"
    title = _("That date cannot be used")


class WrongStatus(Conflict):
    """The order, approval or quote has moved on since it was read."""

    code = "wrong_status"
    title = _("This has been decided already")


class OwnOrder(NotAllowed):
    code = "own_order"
    title = _("Nobody approves an order of their own")


class QuoteExpired(Conflict):
    code = "quote_expired"
    title = _("This quote is no longer valid")


class QuoteChanged(Conflict):
    """The other side has moved on since the quote was read, or the form was not the one that was shown."""

    code = "quote_changed"
    title = _("The quote has changed since you read it: look at it again. Nothing was done.")


class BlanketNotFound(NotFound):
    code = "blanket_order_not_found"
    title = _("There is no such blanket order among yours")


class BlanketRefused(Invalid):
    code = "blanket_order_refused"
    title = _("The blanket order cannot be kept like that")


class CallOffRefused(Invalid):
    """`facts["left"]` maps each SKU asked for too much of to what is left of it."""

    code = "call_off_refused"
    title = _("That cannot be called off")


class TooManyLines(Invalid):
    code = "too_many_lines"
    title = _("That is more lines than fit")


class NothingToRead(Invalid):
    code = "nothing_to_read"
    title = _("There is no code in what was sent")


class ListNotFound(NotFound):
    code = "list_not_found"
    title = _("There is no such list among yours")


class ListNotYours(NotAllowed):
    code = "list_not_yours"
    title = _("Only who made the list, or your administrator, may do that")


class ListRefused(Invalid):
    code = "list_refused"
    title = _("The list cannot be kept like that")


class StandingOrderNotFound(NotFound):
    code = "standing_order_not_found"
    title = _("There is no such standing order among yours")


class StandingOrderRefused(Invalid):
    code = "standing_order_refused"
    title = _("The standing order cannot be kept like that")


class NotTheirStep(NotAllowed):
    code = "not_their_step"
    title = _("This order waits for somebody else's yes")


class CostCentreNotFound(NotFound):
    code = "cost_centre_not_found"
    title = _("There is no such cost centre among yours")


class CostCentreRefused(Invalid):
    code = "cost_centre_refused"
    title = _("The order needs a cost centre")


class BudgetExceeded(Conflict):
    code = "budget_exceeded"
    title = _("The budget of the cost centre does not cover this order")


class PolicyNotFound(NotFound):
    code = "policy_not_found"
    title = _("There is no such approval policy among yours")


class PolicyRefused(Invalid):
    code = "policy_refused"
    title = _("Something in this approval policy needs correcting")


class DeputyNotFound(NotFound):
    code = "deputy_not_found"
    title = _("There is no such deputy among yours")


class DeputyRefused(Invalid):
    code = "deputy_refused"
    title = _("That deputy cannot be named")


class ParentDecides(NotAllowed):
    code = "parent_decides"
    title = _("That is for somebody of the account above to decide")


class NotLeftToReturn(Conflict):
    """So much was not delivered, came back already, or is under another return."""

    code = "not_left_to_return"
    title = _("So much of it is not left to be returned")


class UnderReturn(Conflict):
    """Pieces that would not have been received are back, or on their way back."""

    code = "under_return"
    title = _("Some of it is back or under a return")
