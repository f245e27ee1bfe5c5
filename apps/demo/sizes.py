"""How much of everything: three sizes and what lies between."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Size:
    """Numbers of rows to aim at. Everything else follows from them."""

    skus: int = 5_000
    accounts: int = 120
    reps: int = 8
    warehouses: int = 4
    months: int = 12  # of history, up to today
    orders_per_month: float = 4.0  # of an average account
    price_lists: int = 12
    list_share: float = 0.2  # of the catalogue, on a list that is not the base list
    contract_prices: int = 4_000
    assortments: int = 12  # accounts or groups that do not see everything
    story_days: int = 400  # tracking and timeline are kept for as long
    document_families: int = 1_000  # families with data sheets and certificates: all of them

    @property
    def orders(self) -> int:
        """About how many orders that makes."""
        return round(self.accounts * self.months * self.orders_per_month)


DEMO = Size()
SMALL = Size(
    skus=200,
    accounts=8,
    reps=3,
    warehouses=2,
    months=6,
    orders_per_month=3.0,
    price_lists=6,
    contract_prices=60,
    assortments=2,
    document_families=3,
)
FULL = Size(
    skus=1_000_000,
    accounts=10_000,
    reps=60,
    warehouses=5,
    months=36,
    orders_per_month=2.8,
    price_lists=200,
    list_share=0.015,
    contract_prices=2_000_000,
    assortments=200,
    story_days=60,
)


def size_of(skus: int | None, accounts: int | None, *, small: bool = False) -> Size:
    """The size for the wished numbers of SKUs and accounts: that of the demo, or in the manner of the benchmarks where
    either is far beyond it."""
    manner = SMALL if small else FULL if (skus or 0) > 100_000 or (accounts or 0) > 2_000 else DEMO
    size = replace(manner, skus=skus or manner.skus, accounts=accounts or manner.accounts)
    if manner is FULL:
        return replace(
            size,
            contract_prices=FULL.contract_prices * size.accounts // FULL.accounts,
            assortments=max(DEMO.assortments, FULL.assortments * size.accounts // FULL.accounts),
            price_lists=max(DEMO.price_lists, FULL.price_lists * size.accounts // FULL.accounts),
        )
    return size
