"""Requests to the WSGI application that is served, in this process, without a network between."""

import gzip
import os
import time
from http.cookies import SimpleCookie
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User

TICK = os.sysconf("SC_CLK_TCK")


class Answer(NamedTuple):
    ms: float
    status: int
    body: bytes
    location: str


class Visitor:
    """Somebody who is logged in, as a browser would send their requests."""

    application = None

    def __init__(self, email: str):
        client = Client()
        client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
        self.cookie = SimpleCookie({settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value})
        Visitor.application = Visitor.application or import_module("config.wsgi").application

    def get(self, path: str) -> Answer:
        """One request, timed from the first byte read by the application to the last byte it gives."""
        environ = self._environ(path)
        heard: dict = {}

        def start_response(status, headers, _info=None):
            heard.update(status=int(status.split()[0]), headers=dict(headers))

        started = time.perf_counter()
        response = self.application(environ, start_response)
        body = b"".join(response)
        response.close()
        took = (time.perf_counter() - started) * 1000
        return Answer(took, heard["status"], body, heard["headers"].get("Location", ""))

    def page(self, path: str) -> Answer:
        """The same, refusing anything but a page."""
        answer = self.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status} {answer.location}")
        return answer

    def queries(self, path: str) -> int:
        """How many statements a page sends."""
        with CaptureQueriesContext(connection) as captured:
            self.page(path)
        return len(captured)

    def _environ(self, path: str) -> dict:
        way, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": way,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_COOKIE": self.cookie.output(header="", sep=";").strip(),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


def kilobytes(body: bytes) -> float:
    """The size of a page as it is sent, compressed."""
    return round(len(gzip.compress(body, 6)) / 1000, 1)


class Cpu:
    """Seconds of CPU: of this process and, where they can be seen, of all processes of the database server.

    Of all, because a request takes any connection of the pool, and the server may split its work among helpers.
    """

    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = _stat(cursor.fetchone()[0])
        self.sees_server = bool(backend) and backend.name == "postgres"
        self.postmaster = backend.parent if self.sees_server else 0

    def seconds(self) -> float:
        return time.process_time() + (self._server() if self.sees_server else 0.0)

    def _server(self) -> float:
        """Of those that run, and of those that ended."""
        found = [_stat(int(place.name)) for place in Path("/proc").iterdir() if place.name.isdecimal()]
        running = sum(each.spent for each in found if each and each.parent == self.postmaster)
        return (running + _stat(self.postmaster).spent_by_children) / TICK


class _Stat(NamedTuple):
    """Of a process: what it spent and what its children that ended had spent, in ticks."""

    name: str
    parent: int
    spent: int
    spent_by_children: int


def _stat(pid: int) -> _Stat | None:
    """None where there is no such process to be seen."""
    try:
        head, _, tail = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return None
    fields = tail.split()
    user, system, children_user, children_system = map(int, fields[11:15])
    return _Stat(head.partition("(")[2], int(fields[1]), user + system, children_user + children_system)
