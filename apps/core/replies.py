"""The address that a mail is answered to: it says what it was about, and is proof that the mail was received.

1. An address is `name+kind-number-proof@domain`, where name and domain are those of `settings.REPLY_TO` and proof is 20
   hexadecimal digits of an HMAC over kind and number, under a key derived from SECRET_KEY. It opens nothing else: the
   link to vote is another secret.
2. Case does not matter, as servers may change it. An address made under a former key still works while that is listed
   in SECRET_KEY_FALLBACKS.
"""

import re
from email.utils import parseaddr
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "core.replies"
_ADDRESS = re.compile(r"\+([a-z]{1,8})-([0-9]{1,18})-([0-9a-f]{20})@", re.IGNORECASE)


def reply_address(kind: str, number: int) -> str:
    """Where an answer about it is sent to; empty where the house takes no mail in. `kind` is in small letters."""
    name, _, domain = parseaddr(settings.REPLY_TO)[1].rpartition("@")
    return f"{name}+{kind}-{number}-{_proof(kind, number, settings.SECRET_KEY)}@{domain}" if name else ""


def reply_headers(kind: str, number: int) -> dict[str, str]:
    """The header of a mail that can be answered; none where the house takes no mail in."""
    address = reply_address(kind, number)
    return {"Reply-To": address} if address else {}


def meant_by(address: str) -> tuple[str, int] | None:
    """(kind, number) of an address that was made here; None for any other."""
    found = _ADDRESS.search(address)
    if found is None:
        return None
    kind, number, proof = found[1].lower(), int(found[2]), found[3].lower()
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return (kind, number) if any(compare_digest(_proof(kind, number, key), proof) for key in keys) else None


def _proof(kind: str, number: int, key: str) -> str:
    return salted_hmac(_SALT, f"{kind} {number}", secret=key, algorithm="sha256").hexdigest()[:20]
