"""An SMTP server that takes everything and keeps who it was for: light, so that what is measured is the sender.

It runs in a process of its own. It speaks the protocol as far as a client that sends mail uses it: EHLO, MAIL, RCPT,
DATA, RSET, QUIT; a thread for each connection.
"""

import multiprocessing
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_context = multiprocessing.get_context("spawn")


@dataclass
class Sink:
    """`taken` says how often each address got a letter, once the context is left."""

    port: int
    taken: Counter[str] = field(default_factory=Counter)


@contextmanager
def sink() -> Iterator[Sink]:
    """A server that is ready for mail."""
    pipe, theirs = _context.Pipe()
    process = _context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    found = Sink(pipe.recv())
    try:
        yield found
        pipe.send("enough")
        found.taken.update(pipe.recv())
    finally:
        process.kill()
        process.join()


def _serve(pipe) -> None:
    with _Server(("127.0.0.1", 0), _Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pipe.send(server.server_address[1])
        pipe.recv()
        server.shutdown()
        pipe.send(sum(server.taken, Counter()))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, *arguments):
        self.taken: list[Counter[str]] = []  # one for each connection
        super().__init__(*arguments)


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        self.taken: Counter[str] = Counter()
        self.server.taken.append(self.taken)
        self._answer(b"220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                self.address = line.partition(b"<")[2].partition(b">")[0].decode()
            if verb == b"DATA":
                self._take()
            self._answer({b"EHLO": b"250 SMTPUTF8", b"QUIT": b"221 bye"}.get(verb, b"250 so be it"))
            if verb == b"QUIT":
                return

    def _take(self) -> None:
        self._answer(b"354 go on")
        while self.rfile.readline() not in (b".\r\n", b""):
            pass
        self.taken[self.address] += 1

    def _answer(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")
