"""What the data set holds, beside what its size promises."""

from django.apps import apps

from tests.bench.figures import Figure, Plan

# By table: what the full size is to hold.
FULL = {
    "catalogue.Product": 1_000_000,
    "accounts.Account": 10_000,
    "accounts.Contact": 40_000,
    "pricing.PriceList": 200,
    "pricing.Price": None,
    "pricing.ContractPrice": 2_000_000,
    "availability.Warehouse": 5,
    "availability.StockLevel": None,
    "ordering.Order": None,
    "ordering.OrderLine": 5_000_000,
    "fulfilment.Shipment": 1_000_000,
    "invoicing.Invoice": None,
    "feedback.Invitation": None,
    "feedback.Answer": 200_000,
    "cases.Case": None,
    "core.Event": None,
}


def measure(plan: Plan) -> list[Figure]:
    return [_counted(label, wished if plan.size == "full" else None) for label, wished in FULL.items()]


def _counted(label: str, wished: int | None) -> Figure:
    model = apps.get_model(label)
    return Figure(
        "counts", model._meta.model_name, model._base_manager.count(), "rows", f"{wished:,}" if wished else ""
    )
