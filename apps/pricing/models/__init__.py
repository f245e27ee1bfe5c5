from apps.pricing.models.agreements import (
    SINCE_ALWAYS,
    Contract,
    ContractDiscount,
    ContractPrice,
    Price,
    PriceList,
    Promotion,
)
from apps.pricing.models.coupons import Coupon, CouponRedemption
from apps.pricing.models.matches import PriceMatch
from apps.pricing.models.papers import Kind, PriceListFile, PriceListSchedule
from apps.pricing.models.proposals import PriceProposal, ProposalLimit
from apps.pricing.models.terms import AccountTerms, ExchangeRate, ProductCost, TaxRate

__all__ = [
    "SINCE_ALWAYS",
    "AccountTerms",
    "Contract",
    "ContractDiscount",
    "ContractPrice",
    "Coupon",
    "CouponRedemption",
    "ExchangeRate",
    "Kind",
    "Price",
    "PriceList",
    "PriceListFile",
    "PriceListSchedule",
    "PriceMatch",
    "PriceProposal",
    "ProductCost",
    "Promotion",
    "ProposalLimit",
    "TaxRate",
]  # fmt: skip
