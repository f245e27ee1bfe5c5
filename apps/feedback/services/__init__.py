"""What is done about asking: planned once for each delivery, handed over once, answered once, closed."""

from apps.feedback.services.advocacy import (
    agree_to_be_named,
    blank_referrals,
    end_references,
    refer,
    say_next_need,
    withdraw_reference,
)
from apps.feedback.services.answering import answer, object_to_surveys, revise
from apps.feedback.services.asking import (
    delivery_programme,
    plan_invitation,
    plan_invitations,
    plan_undecided,
)
from apps.feedback.services.closing import close_the_loop
from apps.feedback.services.comments import read_all_comments, read_comment, vocabulary_changed
from apps.feedback.services.efforts import cancel_effort, plan_effort, plan_missed_efforts
from apps.feedback.services.first_orders import plan_first_order, plan_missed_first_orders, replan_first_order
from apps.feedback.services.half_years import plan_half_years
from apps.feedback.services.handover import (
    bring_forward,
    claim_due,
    expire,
    hash_of,
    new_token,
    postpone_missed,
    postpone_reminders,
    reconcile,
)
from apps.feedback.services.inbox import refuse_large, take_in
from apps.feedback.services.missing_roles import find_missing_roles
from apps.feedback.services.offers import approve_offer, decline_offer, end_offers, follow_use, propose_offer
from apps.feedback.services.programmes import ensure_programmes
from apps.feedback.services.replanning import follow_delivery, replan_after_case
from apps.feedback.services.reviews import decline_review, show_review, write_review
from apps.feedback.services.silences import plan_silences
from apps.feedback.services.voting import Page, press_everything, settle_vote, settle_votes, vote

__all__ = [
    "Page",
    "agree_to_be_named",
    "answer",
    "approve_offer",
    "blank_referrals",
    "bring_forward",
    "cancel_effort",
    "claim_due",
    "close_the_loop",
    "decline_offer",
    "decline_review",
    "delivery_programme",
    "end_offers",
    "end_references",
    "ensure_programmes",
    "expire",
    "find_missing_roles",
    "follow_delivery",
    "follow_use",
    "hash_of",
    "new_token",
    "object_to_surveys",
    "plan_effort",
    "plan_first_order",
    "plan_half_years",
    "plan_invitation",
    "plan_invitations",
    "plan_missed_efforts",
    "plan_missed_first_orders",
    "plan_silences",
    "plan_undecided",
    "postpone_missed",
    "postpone_reminders",
    "press_everything",
    "propose_offer",
    "read_all_comments",
    "read_comment",
    "reconcile",
    "refer",
    "refuse_large",
    "replan_after_case",
    "replan_first_order",
    "revise",
    "say_next_need",
    "settle_vote",
    "settle_votes",
    "show_review",
    "take_in",
    "vocabulary_changed",
    "vote",
    "withdraw_reference",
    "write_review",
]
