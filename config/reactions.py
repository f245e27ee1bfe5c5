"""THE page of cause and effect: the name of an event -> the tasks it starts, each with the event's id.

Delivery is at least once; every task named here is safe to repeat. An event that no line names only tells a story.
"""

REACTIONS: dict[str, tuple[str, ...]] = {
    "order.placed": (
        "apps.ordering.tasks.send_order_confirmation",
        "apps.recommendations.tasks.refresh_regulars_after_order",
    ),
    "order.approval_needed": ("apps.ordering.tasks.send_approval_needed",),
    "order.approved": ("apps.ordering.tasks.send_order_decided",),
    "order.declined": ("apps.ordering.tasks.send_order_decided",),
    "order.confirmed": ("apps.fulfilment.tasks.plan_shipments_of_order",),
    "order.cancelled": ("apps.fulfilment.tasks.cancel_shipments_of_order",),
    "quote.requested": ("apps.ordering.tasks.send_quote_requested",),
    "quote.offered": ("apps.ordering.tasks.send_quote_offered",),
    "standing_order.held": ("apps.ordering.tasks.send_standing_order_held",),
    "shipment.dispatched": (
        "apps.invoicing.tasks.issue_invoice_of_shipment",
        "apps.fulfilment.tasks.send_dispatch_notice",
    ),
    "shipment.overdue": ("apps.cases.tasks.open_case_for_overdue_shipment",),
    "shipment.delivered": (
        "apps.cases.tasks.open_case_for_failed_delivery",
        "apps.feedback.tasks.plan_invitation_after_delivery",
    ),
    "survey.answered": ("apps.feedback.tasks.close_the_loop_of_answer",),
    "review.shown": ("apps.feedback.tasks.send_review_decided",),
    "review.declined": ("apps.feedback.tasks.send_review_decided",),
    "question.asked": ("apps.cases.tasks.send_question_asked",),
    "question.answered": ("apps.cases.tasks.send_question_answered",),
    "question.declined": ("apps.cases.tasks.send_question_answered",),
    "price_match.requested": ("apps.pricing.tasks.send_match_requested",),
    "price_match.granted": ("apps.pricing.tasks.send_match_decided",),
    "price_match.declined": ("apps.pricing.tasks.send_match_decided",),
    "watch.met": ("apps.recommendations.tasks.send_watch_met",),
    "product.shared": ("apps.recommendations.tasks.send_shared_product",),
    "case.opened": ("apps.cases.tasks.send_case_opened",),
    "case.answered": ("apps.cases.tasks.send_case_answer",),
    "case.replied": ("apps.cases.tasks.send_case_reply",),
    "case.escalated": ("apps.cases.tasks.send_case_escalated",),
    "catalogue_import.received": ("apps.integrations.tasks.go_on_with_catalogue_import",),
    "catalogue_import.approved": ("apps.integrations.tasks.go_on_with_catalogue_import",),
    "catalogue_import.revoked": ("apps.integrations.tasks.go_on_with_catalogue_import",),
    "catalogue_import.paused": ("apps.integrations.tasks.go_on_with_catalogue_import",),
    "catalogue_import.committed": (
        "apps.integrations.tasks.fetch_pictures_of_import",
        "apps.insights.tasks.reckon_completeness",
    ),
    "completeness_rules.changed": ("apps.insights.tasks.reckon_completeness",),
    "product.changed": ("apps.insights.tasks.reckon_completeness_of_product",),
    "product.discontinued": ("apps.insights.tasks.reckon_completeness_of_product",),
    "product.put_on_sale": ("apps.insights.tasks.reckon_completeness_of_product",),
    "product.pictured": ("apps.insights.tasks.reckon_completeness_of_product",),
    "product.documented": ("apps.insights.tasks.reckon_completeness_of_product",),
    "pictures.received": ("apps.integrations.tasks.take_pictures",),
    "case.resolved": ("apps.feedback.tasks.replan_after_case",),
}
