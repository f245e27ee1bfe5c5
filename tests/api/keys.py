"""A client that calls the API with a key, as a machine does."""

import json

from django.test import Client
from knox.models import AuthToken

from apps.accounts.services import issue_key, open_machine


class Machine:
    """`get` and `post` answer (status, document); the last response is kept."""

    def __init__(self, key: str):
        self.client, self.headers = Client(), {"Authorization": f"Token {key}"}

    def get(self, path: str, **parameters):
        return self._read(self.client.get(f"/api/v1/{path}", parameters, headers=self.headers))

    def post(self, path: str, body, **headers):
        text = body if isinstance(body, str) else json.dumps(body)
        said = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self._read(self.client.post(f"/api/v1/{path}", text, content_type="application/json", headers=said))

    def put(self, path: str, body):
        said = {"content_type": "application/json", "headers": self.headers}
        return self._read(self.client.put(f"/api/v1/{path}", json.dumps(body), **said))

    def patch(self, path: str, body):
        said = {"content_type": "application/json", "headers": self.headers}
        return self._read(self.client.patch(f"/api/v1/{path}", json.dumps(body), **said))

    def delete(self, path: str):
        return self._read(self.client.delete(f"/api/v1/{path}", headers=self.headers))

    def _read(self, response):
        self.response = response
        is_json = "json" in response.headers.get("Content-Type", "")
        return response.status_code, response.json() if is_json else response.content


def machine(world, role: str = "machine", account=None, carrier="Northern Parcels") -> Machine:
    """A machine of an account, one of the distributor's own, or one of a carrier."""
    whose = {"carrier": carrier} if role == "carrier" else {"account": account}
    made = open_machine(purpose=f"{role} system", role=role, **{"account": None} | whose)
    return Machine(issue_key(made, days=30, now=world.now))


def person(contact) -> Machine:
    """The same calls, as a contact."""
    _token, key = AuthToken.objects.create(contact.user)
    return Machine(key)
