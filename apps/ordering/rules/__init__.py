"""Verdicts about carts, totals, approvals and statuses."""
