"""Who is stopped from guessing a password, and what they are told.

1. A try counts against the name that was typed, from the network it came from: nobody can shut out a company, or
   somebody who sits elsewhere.
2. A name that belongs to nobody is counted and answered like one that does.
3. During the wait even the right password is refused, and no try lengthens the wait.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LONGEST_NAME = 254  # of an e-mail address (RFC 5321), and within what the record of tries keeps


def name_tried(request: HttpRequest, credentials: dict | None = None) -> str:
    """The name that tries are counted under, however it was typed."""
    name = (credentials or request.POST).get("username") or ""
    return name.strip().lower()[:LONGEST_NAME]


def locked_out(request: HttpRequest, _answer: HttpResponse, _credentials: dict | None) -> HttpResponse:
    """The page that says how long to wait; it names nobody."""
    wait = settings.AXES_COOLOFF_TIME
    context = {"minutes": int(wait.total_seconds() // 60)}
    response = render(request, "registration/locked_out.html", context, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response
