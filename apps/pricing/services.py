"""What changes agreements and credit."""

from collections.abc import Iterable
from decimal import Decimal


def take_credit(account_id: int, amount: Decimal) -> bool:
    """Add `amount` to what the account owes if its limit allows; False says it does not, and nothing was taken."""


def add_exposure(account_id: int, amount: Decimal) -> None:
    """Add `amount` whatever the limit says: somebody at the credit desk released it."""


def release_credit(account_id: int, amount: Decimal) -> None:
    """Take `amount` off what the account owes: cancelled, credited or paid."""


def load_prices(price_list, rows: Iterable[tuple]) -> int:
    """Set prices of a list: rows of (product_id, min_quantity, unit_price, valid_from, valid_until); rows written."""


def load_contract_prices(rows: Iterable[tuple]) -> int:
    """Set contract prices: rows of (contract_id, product_id, min_quantity, unit_price); how many were written."""
