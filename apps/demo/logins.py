"""Who can log in to the demo; `manage.py demo` prints them."""

from typing import NamedTuple


class Login(NamedTuple):
    role: str
    email: str
    password: str


LOGINS: tuple[Login, ...] = (
    Login("buyer", "buyer@demo.example", "tradewell-demo"),
    Login("approver", "approver@demo.example", "tradewell-demo"),
    Login("rep", "rep@demo.example", "tradewell-demo"),
    Login("operations", "ops@demo.example", "tradewell-demo"),
)
