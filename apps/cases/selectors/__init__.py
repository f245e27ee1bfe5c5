"""Cases, what was said in them, follow-ups and the mails about them, as far as the asker may see them."""

from apps.cases.selectors.cases import (
    NEXT_DEADLINE,
    Sought,
    case_for,
    cases_of,
    cases_opened,
    closed_page,
    messages_of,
    open_cases,
    page_of_cases,
    title_for,
    who_may_own,
)
from apps.cases.selectors.follow_ups import follow_up_for, follow_ups_of
from apps.cases.selectors.improvements import (
    Improved,
    improvement_for,
    improvements_measured,
    improvements_told,
    improvements_under_way,
    owners_of_improvements,
)
from apps.cases.selectors.macros import filled_for, macros_for
from apps.cases.selectors.mails import Waiting, case_file, count_waiting, said_in, waiting_file, waiting_mails
from apps.cases.selectors.notices import (
    answer_notice,
    assigned_notices,
    escalation_notices,
    opening_notices,
    refused_files_notice,
    reply_notices,
    resolved_notice,
    trouble_notices,
    wrong_price_notices,
)
from apps.cases.selectors.questions import (
    Asked,
    answered_notices,
    asked_notices,
    question_for,
    questions_at_desk,
    questions_of,
)
from apps.cases.selectors.said_and_done import Done, done_for
from apps.cases.selectors.service_levels import Service, service_of
from apps.cases.selectors.sourcing import sourcing_file, sourcing_of

__all__ = [
    "NEXT_DEADLINE",
    "Asked",
    "Done",
    "Improved",
    "Service",
    "Sought",
    "Waiting",
    "answer_notice",
    "answered_notices",
    "asked_notices",
    "assigned_notices",
    "case_file",
    "case_for",
    "cases_of",
    "cases_opened",
    "closed_page",
    "count_waiting",
    "done_for",
    "escalation_notices",
    "filled_for",
    "follow_up_for",
    "follow_ups_of",
    "improvement_for",
    "improvements_measured",
    "improvements_told",
    "improvements_under_way",
    "macros_for",
    "messages_of",
    "open_cases",
    "opening_notices",
    "owners_of_improvements",
    "page_of_cases",
    "question_for",
    "questions_at_desk",
    "questions_of",
    "refused_files_notice",
    "reply_notices",
    "resolved_notice",
    "said_in",
    "service_of",
    "sourcing_file",
    "sourcing_of",
    "title_for",
    "trouble_notices",
    "waiting_file",
    "waiting_mails",
    "who_may_own",
    "wrong_price_notices",
]
