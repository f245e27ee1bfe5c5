"""What the product says when it will not do a thing.

A `Refusal` is an answer, not an accident: it names what was wrong and what to do, leaves everything as it was, and is
translated once into a page (`config.middleware`) and once into a problem document (`config.refusals`).
"""

from collections.abc import Mapping


class Refusal(Exception):
    """A thing asked for that will not be done.

    `code` is stable and may be relied on by machines; `title` names the kind; `detail` says what was wrong and what to
    do about it; `fields` maps a field name to its own messages; `status` is the HTTP status both faces answer with.
    """

    code = "refused"
    title = "This cannot be done"
    status = 409

    def __init__(self, detail: str = "", *, fields: Mapping[str, list[str]] | None = None, **facts):
        self.detail = str(detail) or self.title
        self.fields = dict(fields or {})
        self.facts = facts
        super().__init__(self.detail)


class NotFound(Refusal):
    """Absent and not yours sound alike."""

    code = "not_found"
    title = "There is nothing here"
    status = 404


class NotAllowed(Refusal):
    """The actor's role does not cover this."""

    code = "not_allowed"
    title = "Your role does not cover this"
    status = 403


class OnlyLooking(NotAllowed):
    """The actor looks at what somebody else sees, and does nothing there."""

    code = "only_looking"
    title = "You are only looking: nothing can be done here"


class Invalid(Refusal):
    """What was sent does not make sense."""

    code = "invalid"
    title = "Something in this needs correcting"
    status = 422


class Conflict(Refusal):
    """What was asked for was overtaken by something else."""

    code = "conflict"
    title = "This has changed in the meantime"
    status = 409
