"""The demo's log-ins on the log-in page."""

from django import template

from apps.demo.logins import LOGINS

register = template.Library()


@register.inclusion_tag("registration/_demo_logins.html")
def demo_logins() -> dict:
    """Who can come in, each with a button; put it only where `demo` is true."""
    return {"logins": LOGINS}
