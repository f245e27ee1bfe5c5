"""What is reckoned ahead of its readers: how the house does, how complete product data is."""

from apps.insights.services.account_sums import (
    account_sums_differing,
    count_accounts,
    count_stale_accounts,
    mark_accounts_stale,
    rebuild_account_sums,
    slide_account_sums,
)
from apps.insights.services.completeness import (
    ensure_usual_rules,
    reckon_completeness,
    reckon_completeness_of,
    reckon_completeness_of_priced,
    rules_changed,
)
from apps.insights.services.counting import count_answers, count_missed, keep_months, rebuild_scores, slide_windows
from apps.insights.services.digests import choose_digests, send_digests
from apps.insights.services.effects import reckon_effects
from apps.insights.services.house import keep_house_figures
from apps.insights.services.journey import (
    count_journey,
    count_recent_journey,
    journey_differences,
    rebuild_journey,
)
from apps.insights.services.needs import gather_needs, may_settle, merge_needs, settle_need

__all__ = [
    "account_sums_differing",
    "choose_digests",
    "count_accounts",
    "count_answers",
    "count_journey",
    "count_missed",
    "count_recent_journey",
    "count_stale_accounts",
    "ensure_usual_rules",
    "gather_needs",
    "journey_differences",
    "keep_house_figures",
    "keep_months",
    "mark_accounts_stale",
    "may_settle",
    "merge_needs",
    "rebuild_account_sums",
    "rebuild_journey",
    "rebuild_scores",
    "reckon_completeness",
    "reckon_completeness_of",
    "reckon_completeness_of_priced",
    "reckon_effects",
    "rules_changed",
    "send_digests",
    "settle_need",
    "slide_account_sums",
    "slide_windows",
]
