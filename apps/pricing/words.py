"""A price decision in words."""

from apps.pricing.rules import Decision


def explain(decision: Decision) -> list[str]:
    """Sentences, lazily translated: which price holds, what was passed over and why, what more would save."""
