"""Returns: asked for, decided, sent, received, credited."""

from apps.cases.services.returns.again import order_again
from apps.cases.services.returns.asking import MOST_PHOTOS, Wanted, ask_return, say_sent, withdraw_return
from apps.cases.services.returns.crediting import credit_return, settle_by_hand
from apps.cases.services.returns.deciding import approve_return, expire_returns, refuse_return
from apps.cases.services.returns.receiving import Arrived, end_receiving, receive_return

__all__ = [
    "MOST_PHOTOS",
    "Arrived",
    "Wanted",
    "approve_return",
    "ask_return",
    "credit_return",
    "end_receiving",
    "expire_returns",
    "order_again",
    "receive_return",
    "refuse_return",
    "say_sent",
    "settle_by_hand",
    "withdraw_return",
]
