"""A buyer asks for better prices and both sides name theirs, round by round, until one offer is accepted, once.

1. A request is the cart handed over, or lines named one by one (a product's page, a list). With it go a comment for
   each line and files.
2. The rep offers a unit price for each line until a day. The account accepts, declines, or names its own prices: then
   the offer no longer stands, and it is the rep's turn again.
3. Each turn is kept as it was sent. Whoever acts says which round they read: where the other side has moved on since,
   nothing happens.
4. Accepting makes an order at exactly the prices of the offer, through the one way every order goes.
5. Until it is accepted the account may withdraw a request and the rep an offer.
"""

from apps.ordering.services.quotes.asking import MOST_LINES, request_quote, request_quote_for
from apps.ordering.services.quotes.ending import (
    accept_quote,
    decline_quote,
    expire_quotes,
    warn_of_expiry,
    withdraw_offer,
)
from apps.ordering.services.quotes.files import MOST_FILES, attach_to_quote
from apps.ordering.services.quotes.keeping import LONGEST_NOTE, LONGEST_WORDS
from apps.ordering.services.quotes.rounds import counter_quote, offer_quote

__all__ = [
    "LONGEST_NOTE",
    "LONGEST_WORDS",
    "MOST_FILES",
    "MOST_LINES",
    "accept_quote",
    "attach_to_quote",
    "counter_quote",
    "decline_quote",
    "expire_quotes",
    "offer_quote",
    "request_quote",
    "request_quote_for",
    "warn_of_expiry",
    "withdraw_offer",
]
