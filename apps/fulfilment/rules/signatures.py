"""Whether a message was signed by whoever knows the secret, and just now.

1. The header reads `t=<seconds since 1970>,v1=<hex>`; v1 is HMAC-SHA256 of "<t>.<body>" with the secret.
2. A message signed more than five minutes ago or ahead is stale: it may be one that somebody heard and sends again.
3. Signatures are compared in constant time. Several secrets may hold while one replaces another.
"""

import hashlib
import hmac
from collections.abc import Iterable

TOLERANCE = 300
STALE, WRONG = "stale", "wrong"


def sign(secret: str, body: bytes, at: int) -> str:
    """The header of a message that is sent at `at`, in seconds since 1970."""
    return f"t={at},v1={_digest(secret, body, at)}"


def distrust(header: str, body: bytes, secrets: Iterable[str], now: int) -> str:
    """Why a message is not trusted ("stale", "wrong"), or ""."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    at, given = parts.get("t", ""), parts.get("v1", "")
    if not (at.isascii() and at.isdigit() and len(at) < 12 and given.isascii()):
        return WRONG
    if not any(hmac.compare_digest(_digest(secret, body, int(at)), given) for secret in secrets):
        return WRONG
    return STALE if abs(now - int(at)) > TOLERANCE else ""


def _digest(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
