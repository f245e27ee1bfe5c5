"""What is done about a case: opened once for each cause, acknowledged, answered, resolved; and what follows up."""

from apps.cases.services.assigning import assign_case
from apps.cases.services.deliveries import (
    follow_corrected_delivery,
    note_voided_delivery,
    open_case_for_delivery,
    open_case_for_fault,
    open_case_for_overdue,
)
from apps.cases.services.follow_ups import propose_follow_up, set_task, settle_by_itself, settle_follow_up
from apps.cases.services.improvements import keep_improvement
from apps.cases.services.mails import discard_mail, place_mail
from apps.cases.services.merging import merge_cases
from apps.cases.services.opening import LONGEST_MESSAGE, open_case, report_problem
from apps.cases.services.owners import reassign_orphans
from apps.cases.services.prices import (
    find_price_errors,
    open_cases_for_wrong_prices,
    own_undone_prices,
    products_ordered_at_list_prices,
)
from apps.cases.services.questions import answer_question, ask_question, decline_question
from apps.cases.services.rating import rate_case
from apps.cases.services.recoveries import judge_recoveries
from apps.cases.services.sourcing import request_sourcing
from apps.cases.services.stuck import follow_failed_upload, follow_held_standing_order
from apps.cases.services.working import (
    acknowledge,
    add_note,
    answer_case,
    escalate,
    note_once,
    reply_to_case,
    resolve_case,
)
from apps.core.attachments import LARGEST_FILE

__all__ = [
    "LARGEST_FILE",
    "LONGEST_MESSAGE",
    "acknowledge",
    "add_note",
    "answer_case",
    "answer_question",
    "ask_question",
    "assign_case",
    "decline_question",
    "discard_mail",
    "escalate",
    "find_price_errors",
    "follow_corrected_delivery",
    "follow_failed_upload",
    "follow_held_standing_order",
    "judge_recoveries",
    "keep_improvement",
    "merge_cases",
    "note_once",
    "note_voided_delivery",
    "open_case",
    "open_case_for_delivery",
    "open_case_for_fault",
    "open_case_for_overdue",
    "open_cases_for_wrong_prices",
    "own_undone_prices",
    "place_mail",
    "products_ordered_at_list_prices",
    "propose_follow_up",
    "rate_case",
    "reassign_orphans",
    "reply_to_case",
    "report_problem",
    "request_sourcing",
    "resolve_case",
    "set_task",
    "settle_by_itself",
    "settle_follow_up",
]
