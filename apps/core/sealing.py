"""A secret of the house kept in the database, closed with the house's own key, which is not.

1. 32 random bytes are closed by adding a keystream (HMAC-SHA256 of a nonce, under a key derived from SECRET_KEY); a
   second HMAC over nonce and closed bytes tells whether it was opened with the right key. Each nonce is used once.
2. It opens with SECRET_KEY or any of SECRET_KEY_FALLBACKS, and says which: what opened with a former key is sealed anew
   while that key is still listed. So the secret stays the same for good, whatever becomes of the house's key.
"""

import hmac
import secrets

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac

SIZE = 32  # bytes of a secret, and of a SHA-256
_STREAM, _PROOF = "core.sealing.stream", "core.sealing.proof"


def new_secret() -> bytes:
    return secrets.token_bytes(SIZE)


def seal(secret: bytes) -> str:
    """`secret` (32 bytes) as text that only this house's key opens."""
    if len(secret) != SIZE:
        raise ValueError(len(secret))
    nonce = secrets.token_hex(16)
    closed = _added(secret, _digest(_STREAM, nonce, settings.SECRET_KEY)).hex()
    return f"{nonce}.{closed}.{_digest(_PROOF, nonce + closed, settings.SECRET_KEY).hex()}"


def opened(sealed: str) -> tuple[bytes, bool]:
    """(the secret, whether the present key opened it); ImproperlyConfigured where neither it nor a former one does."""
    nonce, closed, proof = sealed.split(".")
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(_digest(_PROOF, nonce + closed, key).hex(), proof):
            return _added(bytes.fromhex(closed), _digest(_STREAM, nonce, key)), key == settings.SECRET_KEY
    raise ImproperlyConfigured("A sealed secret opens with no key: list the former SECRET_KEY in SECRET_KEY_FALLBACKS.")


def _digest(salt: str, value: str, key: str) -> bytes:
    return salted_hmac(salt, value, secret=key, algorithm="sha256").digest()


def _added(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
