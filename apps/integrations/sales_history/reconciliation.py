"""How a file adds up: lines and amounts of each part, to the line and the penny.

Amounts are quantity times price as sent, not rounded, in the currency of the file; a line that cannot be read counts
with an amount of zero. The five parts share no line and leave none out.
"""

from decimal import Decimal

from django.db.models import Count, F, Sum

from apps.core.money import ZERO
from apps.integrations.models import SalesHistoryImport, SalesHistoryLine

PARTS = ("goods", "cancellations", "charges", "quarantined", "duplicates")


def reconcile(run: SalesHistoryImport) -> dict:
    """The whole and its parts: `lines` and `amount`; quarantined by reason, charges by code, what was netted."""
    found = _sums(run.lines, "kind")
    report = {
        "lines": sum(part["lines"] for part in found.values()),
        "amount": _plain(sum((part["amount"] for part in found.values()), ZERO)),
        **{part: _figures(found.get(part)) for part in PARTS},
    }
    quarantined = run.lines.filter(kind=SalesHistoryLine.Kind.QUARANTINED)
    charges = run.lines.filter(kind=SalesHistoryLine.Kind.CHARGE)
    report["quarantined"]["reasons"] = {r: _figures(part) for r, part in _sums(quarantined, "reason").items()}
    report["charges"]["codes"] = {code: _figures(part) for code, part in _sums(charges, "sku").items()}
    report["cancellations"] |= _netted(run)
    return report


def adds_up(report: dict) -> bool:
    """Whether the parts of a reconciliation make its whole."""
    lines = sum(report[part]["lines"] for part in PARTS)
    amount = sum((Decimal(str(report[part]["amount"])) for part in PARTS), ZERO)
    return (lines, amount) == (report["lines"], Decimal(str(report["amount"])))


def _sums(lines, by: str) -> dict[str, dict]:
    rows = lines.values(by).annotate(count=Count("pk"), amount=Sum(F("quantity") * F("unit_price"))).order_by(by)
    return {row[by]: {"lines": row["count"], "amount": row["amount"] or ZERO} for row in rows}


def _figures(part: dict | None) -> dict:
    return {"lines": part["lines"], "amount": _plain(part["amount"])} if part else {"lines": 0, "amount": 0}


def _netted(run: SalesHistoryImport) -> dict:
    cancelled = run.lines.filter(kind=SalesHistoryLine.Kind.CANCELLATION)
    matched = cancelled.filter(netted__gt=0)
    netted = matched.aggregate(amount=Sum(F("netted") * F("unit_price")))["amount"]
    return {
        "netted_lines": matched.count(),
        "netted_amount": _plain(-(netted or ZERO)),
        "unmatched_lines": cancelled.filter(netted=0).count(),
    }


def _plain(amount: Decimal) -> float:
    """A JSON number that reads back as the same decimal: amounts have far fewer digits than a double carries."""
    return float(amount.normalize())
