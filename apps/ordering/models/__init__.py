"""The waist: carts, quick orders, lists, quotes, orders and their approvals, and how a company buys."""

from apps.ordering.models.blankets import BlanketLine, BlanketOrder, CallOff
from apps.ordering.models.carts import Cart, CartLine, CartSplit
from apps.ordering.models.company import ApprovalPolicy, BuyingRules, CostCentre, Deputy, PolicyStep
from apps.ordering.models.destinations import Destination
from apps.ordering.models.lists import BuyingList, BuyingListLine
from apps.ordering.models.orders import Approval, Order, OrderLine
from apps.ordering.models.payment import PaymentPlan
from apps.ordering.models.quick_orders import QuickOrder, QuickOrderLine
from apps.ordering.models.quotes import Quote, QuoteFile, QuoteLine, QuoteVersion, QuoteVersionLine
from apps.ordering.models.standing import StandingOrder, StandingOrderLine

__all__ = [
    "Approval",
    "ApprovalPolicy",
    "BlanketLine",
    "BlanketOrder",
    "BuyingList",
    "BuyingListLine",
    "BuyingRules",
    "CallOff",
    "Cart",
    "CartLine",
    "CartSplit",
    "CostCentre",
    "Deputy",
    "Destination",
    "Order",
    "OrderLine",
    "PaymentPlan",
    "PolicyStep",
    "QuickOrder",
    "QuickOrderLine",
    "Quote",
    "QuoteFile",
    "QuoteLine",
    "QuoteVersion",
    "QuoteVersionLine",
    "StandingOrder",
    "StandingOrderLine",
]
