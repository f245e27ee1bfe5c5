"""A small web server that stands for somebody else's: what is fetched in tests comes from it, over real sockets."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.core import fetching


class Elsewhere:
    """What it answers by path: bytes, an address to go on to, a status, or an action of its own."""

    def __init__(self):
        self.answers: dict[str, object] = {}
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _handler(self):
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                elsewhere.asked.append(self.path)
                answer = elsewhere.answers.get(self.path, 404)
                if callable(answer):
                    answer(self)
                elif isinstance(answer, bytes):
                    self._say(200, ("Content-Length", str(len(answer))), body=answer)
                elif isinstance(answer, str):
                    self._say(302, ("Location", answer))
                else:
                    self._say(answer)

            def _say(self, status, *headers, body=b""):
                self.send_response(status)
                for header in headers:
                    self.send_header(*header)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words):
                pass

        return Handler


@pytest.fixture
def elsewhere(monkeypatch) -> Iterator[Elsewhere]:
    """The server, which for once counts as one of the open internet; every other rule holds."""
    server = Elsewhere()
    monkeypatch.setattr(fetching, "PORTS", {"http": server.port, "https": 443})
    public = fetching.is_public
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1" or public(address))
    yield server
    server.server.shutdown()
    server.server.server_close()


def dripping(handler) -> None:
    """An answer that never ends, a byte at a time."""
    handler.send_response(200)
    handler.end_headers()
    for _drop in range(100):
        try:
            handler.wfile.write(b".")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.02)
