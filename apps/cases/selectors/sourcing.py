from apps.cases.errors import CaseNotFound
from apps.cases.models import Case, SourcingRequest
from apps.cases.selectors.cases import case_for
from apps.core.scoping import Actor


def sourcing_of(case: Case) -> SourcingRequest | None:
    """What a case asks to be found, without the content of its file; None for every other case. One query."""
    return SourcingRequest.objects.defer("file").select_related("product").filter(case=case).first()


def sourcing_file(actor: Actor, number: str) -> SourcingRequest:
    """The request of that case with its file; `CaseNotFound` where the case is not the actor's or has none."""
    found = SourcingRequest.objects.filter(case=case_for(actor, number)).exclude(file_kind="").first()
    if found is None:
        raise CaseNotFound()
    return found
