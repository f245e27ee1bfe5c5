"""The letters that ask and remind, built cheaply for tens of thousands.

1. For each kind and language, and for a customer with a look of their own, the templates are rendered once, with a
   slot in the place of everything that differs from reader to reader; the styles are inlined once.
2. For each reader the slots are filled, escaped in the HTML. What a reader's name contains is never read as a slot.
3. Links carry the token; the figures of the scale carry a score as well, which only preselects it on the page.
"""

import re
from binascii import b2a_qp
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from email.header import Header
from email.utils import formatdate
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.selectors.branding import Brand, brand_in
from apps.cases.rules import zone_of
from apps.core.formatting import after, long_date
from apps.core.replies import reply_headers
from apps.feedback.models import Programme, scale_words, worded
from apps.feedback.rules import SCALES
from apps.feedback.services.handover import hash_of

_SLOTS = ("name", "account", "reference", "order", "subject", "day", "until", "rep", "rest_days", "link")
_RTL = "\u200f"  # RIGHT-TO-LEFT MARK
_SLOT = re.compile(r"@@(\w+)@@")


class Form:
    """A letter ("survey_invitation", "survey_reminder") in one language with its slots open, about a kind of subject as
    `Programme.Kind` names it."""

    def __init__(self, name: str, kind: str, language: str, question: str, brand: Brand | None) -> None:
        template = f"survey_{kind}" if name == "survey_invitation" else name
        scale = SCALES[Programme(kind=kind).scale]
        slots = {name: f"@@{name}@@" for name in _SLOTS}
        with translation.override(language):
            low, high = scale_words(kind)
            context = {
                **slots,
                "kind": kind,
                "brand": brand,
                "low": scale.lowest,
                "high": scale.highest,
                "low_words": low,
                "high_words": high,
                "question": question,
                "scores": [{"figure": figure, "url": f"{slots['link']}?score={figure}"} for figure in scale.figures],
                "stop_link": f"{slots['link']}stop/",
                "portal_url": settings.PORTAL_URL,
            }
            self.subject = _split(" ".join(render_to_string(f"email/{template}_subject.txt", context).split()))
            self.text = _split(render_to_string(f"email/{template}.txt", context).strip() + "\n")
            self.html = _split(css_inline.inline(render_to_string(f"email/{template}.html", context)))

    def fill(self, values: Mapping[str, str]) -> tuple[str, str, str]:
        """Subject, text and HTML for one reader."""
        escaped = {name: escape(value) for name, value in values.items()}
        return _filled(self.subject, values), _filled(self.text, values), _filled(self.html, escaped)


def _split(text: str) -> list[str]:
    return _SLOT.split(text)


def _filled(parts: list[str], values: Mapping[str, str]) -> str:
    """Every second part is the name of a slot."""
    return "".join(values[part] if index % 2 else part for index, part in enumerate(parts))


@lru_cache(maxsize=256)
def form_for(name: str, kind: str, language: str, question: str, brand: Brand | None, _portal_url: str) -> Form:
    return Form(name, kind, language, question, brand)


class Letter(EmailMultiAlternatives):
    """A message whose bytes are put together here: the general way costs ten times as much. Any backend can send it."""

    def message(self):
        return _Written(self)


class _Written:
    """What a backend does with a message: turn it into bytes."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter

    def get_charset(self) -> str:
        return "utf-8"

    def as_bytes(self, unixfrom: bool = False, policy=None, linesep: str = "\n") -> bytes:
        letter, line = self.letter, linesep.encode()
        boundary = f"letter-{letter.extra_headers['Message-ID'].strip('<>').partition('@')[0]}"
        head = {
            "From": _sender(letter.from_email),
            "To": sanitize_address(letter.to[0], "utf-8"),
            "Subject": _header(letter.subject),
            "Date": formatdate(),
            **letter.extra_headers,
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        }
        parts = [("plain", letter.body), ("html", letter.alternatives[0].content)]
        lines = [f"{name}: {value}" for name, value in head.items()]
        for kind, text in parts:
            lines += ["", f"--{boundary}", f"Content-Type: text/{kind}; charset=utf-8", _QUOTED, "", _quoted(text)]
        lines += [f"--{boundary}--", ""]
        return "\n".join(lines).encode("ascii").replace(b"\n", line)


@lru_cache(maxsize=4)
def _sender(address: str) -> str:
    return sanitize_address(address, "utf-8")


_QUOTED = "Content-Transfer-Encoding: quoted-printable"


def _quoted(text: str) -> str:
    return b2a_qp(text.encode(), istext=True).decode("ascii")


def _header(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=200).encode()


def letter(row: Mapping, token: str, *, kind: str = "survey_invitation") -> Letter:
    """The message for one row of `handover.claim_due`, with the link that `token` opens and one-click objection."""
    language = row["contact__language"]
    link = f"{settings.PORTAL_URL}/s/{token}/"
    words = row["version__words"] or {"": {"question": row["programme__question"]}}
    with translation.override(language):
        question = worded(words, "question")
    form = form_for(kind, row["programme__kind"], language, question, brand_in(row, "account__"), settings.PORTAL_URL)
    with translation.override(language):
        subject, text, html = form.fill(_values(row, link))
    domain = settings.PORTAL_URL.partition("://")[2].partition(":")[0]
    message = Letter(
        subject=" ".join(subject.split()),
        body=text,
        to=[row["contact__email"]],
        headers={
            "Message-ID": f"<survey-{row['id']}-{hash_of(token)[:16]}@{domain}>",
            "List-Unsubscribe": f"<{link}stop/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            **reply_headers("question", row["id"]),
        },
    )
    message.metadata = {"key": f"survey-{row['id']}-{hash_of(token)[:16]}"}  # a provider's report names it
    message.attach_alternative(html, "text/html")
    return message


def _values(row: Mapping, link: str) -> dict[str, str]:
    zone = zone_of(row["contact__time_zone"])
    last_moment = row["expires_at"] - timedelta(seconds=1)  # open to the end of the day before it closes at midnight
    return {
        "name": row["contact__name"],
        "account": row["account__name"],
        "until": _day(last_moment, zone, row),
        "rep": row["account__rep__user__name"] or "Tradewell",
        "rest_days": str(row["programme__contact_rest_days"]),
        "link": link,
        **dict.fromkeys(("reference", "order", "subject", "day"), ""),
        **_ABOUT[row["programme__kind"]](row, zone),
    }


def _delivery(row: Mapping, _zone: ZoneInfo) -> dict[str, str]:
    po_number = row["shipment__order__po_number"]
    reference = row["shipment__number"]
    if po_number:
        named = after(po_number, _("PO"))
        reference = _("%(shipment)s (your %(po)s)") % {"shipment": reference, "po": named}
        if translation.get_language_bidi():
            reference = _RTL + reference  # isolated as it stands, it would run as its first letters do
    place = row["shipment__destination__ship_to__time_zone"] or row["shipment__order__ship_to__time_zone"]
    there = zone_of(place or row["contact__time_zone"])
    delivered = _day(row["shipment__delivered_at"], there, row)
    return {"reference": reference, "order": row["shipment__order__number"], "day": delivered}


def _case(row: Mapping, zone: ZoneInfo) -> dict[str, str]:
    """A case that is gone meanwhile is still known by the name of the question."""
    number = row["case__number"] or row["subject_ref"].split(":")[1]
    day = _day(row["case__resolved_at"] or row["due_at"], zone, row)
    return {"reference": number, "subject": row["case__title"] or number, "day": day}


def _account(_row: Mapping, _zone: ZoneInfo) -> dict[str, str]:
    return {}


def _first_order(row: Mapping, _zone: ZoneInfo) -> dict[str, str]:
    return {"reference": row["order__number"] or row["subject_ref"].split(":")[1]}


def _silence(row: Mapping, _zone: ZoneInfo) -> dict[str, str]:
    last_on = date.fromisoformat(row["subject_ref"].split(":")[3])
    return {"day": long_date(last_on, row["contact__language"])}


_ABOUT = {
    "delivery": _delivery,
    "case": _case,
    "relationship": _account,
    "first_order": _first_order,
    "lapsed": _silence,
}


def _day(instant: datetime, zone: ZoneInfo, row: Mapping) -> str:
    return long_date(instant.astimezone(zone).date(), row["contact__language"])
