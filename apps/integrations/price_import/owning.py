"""What was ordered by prices that were taken back is put right before the customers ask."""

from datetime import datetime

from apps.cases.services import own_undone_prices, products_ordered_at_list_prices
from apps.integrations.models import PriceImport, PriceImportChange


def own_what_it_priced(run_id: int, *, now: datetime) -> int:
    """Cases for the accounts that ordered at a price of this undone run while it was live; how many were opened."""
    run = PriceImport.objects.get(pk=run_id)
    if run.step != PriceImport.Step.UNDONE or run.committed_at is None:
        return 0
    # From the first row that may have gone live until the last one was taken back: right prices differ by nothing.
    period = {"since": run.started_at, "until": now}
    ordered = products_ordered_at_list_prices(**period)
    undone = run.changes.filter(state=PriceImportChange.State.UNDONE, product_ref__in=ordered)
    products = set(undone.values_list("product_ref", flat=True))
    return own_undone_prices(products, **period, now=now) if products else 0
