"""Goods are planned into shipments, leave, and are received."""

from apps.fulfilment.services.choosing import answer_slip, settle_substitute
from apps.fulfilment.services.correcting import correct_delivery, void_delivery
from apps.fulfilment.services.deliveries import confirm_delivery
from apps.fulfilment.services.dispatching import dispatch_shipment
from apps.fulfilment.services.facts import freeze_facts, freeze_missing
from apps.fulfilment.services.inserts import choose_inserts, promise_insert, remember_complaint, withdraw_insert
from apps.fulfilment.services.messages import open_carrier_key, set_aside, signed_by, take_in, try_again
from apps.fulfilment.services.overdue import notice_overdue
from apps.fulfilment.services.picking import Packed, confirm_picks, pack
from apps.fulfilment.services.planning import cancel_shipments, choose_shipping, plan_shipments
from apps.fulfilment.services.promises import reckon_promises
from apps.fulfilment.services.proofs import Pictures, end_tour, plan_tour, prove_delivery, report_fault, token_of
from apps.fulfilment.services.slipping import follow_missing_stock, follow_supply, notice_slips, tell_of_slips
from apps.fulfilment.services.tracking import record_tracking
from apps.fulfilment.services.waves import release_wave

__all__ = [
    "Packed",
    "Pictures",
    "answer_slip",
    "cancel_shipments",
    "choose_inserts",
    "choose_shipping",
    "confirm_delivery",
    "confirm_picks",
    "correct_delivery",
    "dispatch_shipment",
    "end_tour",
    "follow_missing_stock",
    "follow_supply",
    "freeze_facts",
    "freeze_missing",
    "notice_overdue",
    "notice_slips",
    "open_carrier_key",
    "pack",
    "plan_shipments",
    "plan_tour",
    "promise_insert",
    "prove_delivery",
    "reckon_promises",
    "record_tracking",
    "release_wave",
    "remember_complaint",
    "report_fault",
    "set_aside",
    "settle_substitute",
    "signed_by",
    "take_in",
    "tell_of_slips",
    "token_of",
    "try_again",
    "void_delivery",
    "withdraw_insert",
]
