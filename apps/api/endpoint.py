"""What every endpoint has: who asks, what their role must cover, and the time."""

from datetime import datetime

from django.http import Http404
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.views import APIView

from apps.accounts.selectors import actor_for
from apps.accounts.services import demand
from apps.api.strict import Json
from apps.core.scoping import Actor


class MachineKey(TokenAuthentication):
    """`Authorization: Token tw_...`, issued in the admin."""

    def authenticate_credentials(self, token: bytes):
        try:
            return super().authenticate_credentials(token)
        except UnicodeDecodeError as error:
            raise AuthenticationFailed() from error


class Endpoint(APIView):
    """`needs` maps a method to the permission a role must cover; what no method names is refused by the framework."""

    authentication_classes = [MachineKey, SessionAuthentication]
    parser_classes = [Json]
    needs: dict[str, str] = {}
    actor: Actor
    now: datetime

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if any("\x00" in str(value) for value in kwargs.values()):
            raise Http404
        self.now = timezone.now()
        self.actor = actor_for(request.user) if request.auth else request._request.actor
        if request.method in self.needs:
            demand(self.actor, self.needs[request.method])

    def asked(self, serializer_class, **options) -> dict:
        """The body, or for a GET the parameters, as `serializer_class` reads them; refused field by field."""
        data = self.request.query_params if self.request.method == "GET" else self.request.data
        serializer = serializer_class(data=data, **options)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
