"""What runs when: the sweepers. Each claims what is due, so that a missed or doubled run does no harm.

The times are seconds. A run that could not start before the next one is due is dropped (`expires`), or a stopped worker
would find a day of identical messages.
"""


def every(seconds: int, task: str) -> dict:
    """One line of the schedule: `task` each `seconds`, dropped when it has not begun by the time of the next."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


MINUTE, HOUR = 60, 3600

SCHEDULE: dict[str, dict] = {
    "relay events": every(5, "apps.core.tasks.relay_events"),
    "try parked reactions again": every(HOUR, "apps.core.tasks.try_parked_again"),
    "settle stale mail": every(5 * MINUTE, "apps.core.tasks.settle_stale_mail"),
    "end acting that ran out": every(MINUTE, "apps.accounts.tasks.end_outrun_acting"),
    "forget what has served its purpose": every(24 * HOUR, "apps.privacy.tasks.forget_what_has_served"),
    "keep the key of addresses": every(HOUR, "apps.accounts.tasks.keep_key_of_addresses"),
    "send digests of news": every(10 * MINUTE, "apps.accounts.tasks.send_notice_digests"),
    # surveys
    "settle votes": every(10, "apps.feedback.tasks.settle_votes"),
    "send due invitations": every(20, "apps.feedback.tasks.send_due_invitations"),
    "reconcile invitations": every(2 * MINUTE, "apps.feedback.tasks.reconcile_invitations"),
    "expire invitations": every(HOUR, "apps.feedback.tasks.expire_invitations"),
    "end offers": every(HOUR, "apps.feedback.tasks.end_offers"),
    "plan questions of accounts": every(24 * HOUR, "apps.feedback.tasks.plan_questions_of_accounts"),
    "find missing roles": every(24 * HOUR, "apps.feedback.tasks.find_missing_roles"),
    # service cases
    "escalate cases": every(5 * MINUTE, "apps.cases.tasks.escalate_cases"),
    "reassign orphans": every(HOUR, "apps.cases.tasks.reassign_orphans"),
    "find price errors": every(24 * HOUR, "apps.cases.tasks.find_price_errors"),
    "notice missed call-backs": every(5 * MINUTE, "apps.cases.tasks.notice_missed_call_backs"),
    "watch the house": every(10 * MINUTE, "apps.cases.tasks.watch_the_house"),
    "tell what was said": every(MINUTE, "apps.cases.tasks.tell_what_was_said"),
    "judge recoveries": every(HOUR, "apps.cases.tasks.judge_recoveries"),
    "expire unsent returns": every(HOUR, "apps.cases.tasks.expire_unsent_returns"),
    # goods and money
    "notice overdue shipments": every(15 * MINUTE, "apps.fulfilment.tasks.notice_overdue_shipments"),
    "chase prepayments": every(HOUR, "apps.invoicing.tasks.chase_prepayments"),
    "remind of overdue invoices": every(HOUR, "apps.cases.tasks.remind_of_overdue_invoices"),
    "tell of invoices due soon": every(HOUR, "apps.invoicing.tasks.tell_of_due"),
    "warn of offers that run out": every(HOUR, "apps.ordering.tasks.warn_of_expiry"),
    "expire quotes": every(HOUR, "apps.ordering.tasks.expire_quotes"),
    "warn of ends of blanket orders": every(HOUR, "apps.ordering.tasks.warn_of_ends"),
    "lapse blanket orders": every(HOUR, "apps.ordering.tasks.lapse_blankets"),
    "place standing orders": every(5 * MINUTE, "apps.ordering.tasks.place_standing_orders"),
    "forget quick orders": every(24 * HOUR, "apps.ordering.tasks.forget_quick_orders"),
    "forget answered requests": every(24 * HOUR, "apps.core.tasks.forget_answers"),
    "sweep search marks": every(24 * HOUR, "apps.catalogue.tasks.sweep_search_marks"),
    "forget missed searches": every(24 * HOUR, "apps.catalogue.tasks.forget_missed_searches"),
    "gather needs": every(HOUR, "apps.insights.tasks.gather_needs"),
    "fetch due pictures": every(MINUTE, "apps.integrations.tasks.fetch_due_pictures"),
    "meet watches": every(5 * MINUTE, "apps.recommendations.tasks.meet_watches"),
    "reckon promises kept": every(24 * HOUR, "apps.fulfilment.tasks.reckon_promises"),
    "freeze facts of deliveries": every(24 * HOUR, "apps.fulfilment.tasks.freeze_missing_facts"),
    "keep the house's figures": every(5 * MINUTE, "apps.insights.tasks.keep_house_figures"),
    "slide the windows of scores": every(MINUTE, "apps.insights.tasks.slide_windows"),
    "count missed answers": every(HOUR, "apps.insights.tasks.count_missed_answers"),
    "count the recent journey": every(24 * HOUR, "apps.insights.tasks.count_recent_journey"),
    "keep the health of accounts": every(10 * MINUTE, "apps.insights.tasks.keep_health"),
    "thin out the health of accounts": every(24 * HOUR, "apps.insights.tasks.thin_out_health"),
    "carry out hand-overs": every(MINUTE, "apps.insights.tasks.carry_out_hand_overs"),
    "send digests": every(10 * MINUTE, "apps.insights.tasks.send_digests"),
    "reckon what failures cost": every(24 * HOUR, "apps.insights.tasks.reckon_effects"),
    "reckon completeness": every(24 * HOUR, "apps.insights.tasks.reckon_all_completeness"),
    "make due price lists": every(HOUR, "apps.pricing.tasks.make_due_price_lists"),
    "rebuild regular SKUs": every(24 * HOUR, "apps.recommendations.tasks.rebuild_all_regulars"),
    "look for shortages": every(24 * HOUR, "apps.recommendations.tasks.look_for_all_shortages"),
    "send letters about next orders": every(10 * MINUTE, "apps.recommendations.tasks.send_next_order_letters"),
    "keep what suggestions earn": every(HOUR, "apps.recommendations.tasks.keep_lifts"),
    "train the next order": every(24 * HOUR, "apps.recommendations.tasks.train_next_order"),
}
