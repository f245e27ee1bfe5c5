"""The papers of a return, as PDF: the label for the parcel and the slip that lies inside.

Both stand on one sheet, the label above: it is cut off along the line. They are in the language of the account; the
RMA number stands on each as Code 128, so that goods-in scans what came.
"""

from pathlib import Path

from django.utils import translation
from django.utils.translation import get_language, get_language_bidi, pgettext
from django.utils.translation import gettext as _

from apps.cases.models import Return
from apps.cases.return_words import reason_words
from apps.core.formatting import long_date, number_writer
from apps.core.typesetting import font_names, set_pdf
from apps.fulfilment.rules.code128 import widths

_TEMPLATE = Path(__file__).parent / "typst" / "return.typ"
_ISOLATE, _END = "\u2068", "\u2069"  # first-strong isolate and its end (UAX #9)


def return_papers(shown: Return) -> bytes:
    """Label and slip of an agreed return, which comes from `selectors.returns.return_for`."""
    with translation.override(shown.account.language):
        return set_pdf(_TEMPLATE, _document(shown))


def _sender(shown: Return) -> list[str]:
    """The address from which it comes back: where each of its lines was brought to."""
    places = dict.fromkeys((line.order_line.destination or shown.order).ship_to_text for line in shown.lines.all())
    return [line for place in places for line in place.splitlines() if line.strip()]


def _document(shown: Return) -> dict:
    write = number_writer(get_language()).write
    day = long_date(shown.send_by, get_language()) if shown.send_by else ""
    freight = _("The freight is paid by us.") if shown.we_pay_freight else _("The freight is paid by the sender.")
    return {
        "language": (get_language() or "en").split("-")[0],
        "rtl": get_language_bidi(),
        "fonts": font_names(),
        "title": _("Return slip"),
        "number": shown.number,
        "barcode": widths(shown.number),
        "send_to": [_own_way(line) for line in shown.send_to.splitlines() if line.strip()],
        "account": shown.account.name,
        "sender": [_own_way(line) for line in _sender(shown)],
        "notes": [_("Send it by %(day)s.") % {"day": day} if day else "", freight, _("Put this slip into the parcel.")],
        "facts": [
            (_("RMA number"), _own_way(shown.number)),
            (_("Order number"), _own_way(shown.order.number)),
            (_("Account"), _own_way(shown.account.number)),
        ],
        "labels": {
            "to": _("To"),
            "from": _("From"),
            "cut": _("Cut here: the part above goes onto the parcel"),
            "label": _("Return label"),
        },
        "columns": [_("Product"), _("Reason"), _("Quantity"), pgettext("of a line that is packed", "Done")],
        "lines": [
            {
                "name": line.order_line.name,
                "sku": line.order_line.sku,
                "reason": reason_words(line.reason),
                "quantity": write(line.approved_quantity),
                "uom": line.order_line.uom,
            }
            for line in shown.lines.all()
            if line.approved_quantity
        ],
    }


def _own_way(text: str) -> str:
    return f"{_ISOLATE}{text}{_END}"
