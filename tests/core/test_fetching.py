"""What is fetched from an address somebody wrote down: never from our own network, never without end."""

import socket

import pytest

from apps.core import fetching
from apps.core.fetching import Unfetchable, fetch, is_public
from tests.elsewhere import dripping, elsewhere  # noqa: F401

MIB = 1024**2


def refused(url: str, **limits) -> Unfetchable:
    with pytest.raises(Unfetchable) as why:
        fetch(url, **{"most_bytes": MIB, "seconds": 5} | limits)
    return why.value


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:93.184.216.34", True), ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True), ("2002:7f00:1::", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_of_the_open_internet(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a.jpg", "file:///etc/passwd", "//example.com/a", "a.jpg", "", "http://", "http://[::1",
        "http://user:secret@example.com/", "http://example.com:22/", "https://example.com:80/", "gopher://x/",
        "http://exa mple.com/", "http://example.com/\r\nHost: x",
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest/", "http://0/",
        "http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/",
    ],
)  # fmt: skip
def test_what_is_refused_before_anybody_is_asked(url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("it was asked"))
    assert not refused(url).later


def test_a_host_with_one_address_in_our_own_network_is_refused(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.7", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    assert "no host of the open internet" in str(refused("http://two-faced.example/"))


def test_a_name_that_is_answered_otherwise_a_moment_later_leads_nowhere_else(monkeypatch):
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    went_to = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", (next(answers), 80))])

    def connect(address, *_timeout):
        went_to.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket, "create_connection", connect)
    assert refused("http://rebinding.example/").later
    assert went_to == [("93.184.216.34", 80)]


def test_the_content_comes_as_it_is_also_over_a_redirect(elsewhere):  # noqa: F811
    elsewhere.answers = {"/a": b"pixels", "/old": "/a", "/%C3%A4?n=1": b"umlaut"}
    assert fetch(elsewhere.at("/a"), most_bytes=MIB, seconds=5) == b"pixels"
    assert fetch(elsewhere.at("/old"), most_bytes=MIB, seconds=5) == b"pixels"
    assert fetch(elsewhere.at("/ä?n=1"), most_bytes=MIB, seconds=5) == b"umlaut"


@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://169.254.169.254/", "file:///etc/passwd", "//[::1]/"])
def test_a_redirect_is_checked_as_the_address_was(target, elsewhere, monkeypatch):  # noqa: F811
    elsewhere.answers = {"/a": target}
    monkeypatch.setattr(fetching, "PORTS", fetching.PORTS | {"http": elsewhere.port})
    url = target.replace("10.0.0.1", f"10.0.0.1:{elsewhere.port}")
    elsewhere.answers = {"/a": url}
    assert not refused(elsewhere.at("/a")).later


def test_a_redirect_that_goes_in_a_circle_ends(elsewhere):  # noqa: F811
    elsewhere.answers = {"/a": "/b", "/b": "/a"}
    assert "leads on more than" in str(refused(elsewhere.at("/a")))
    assert len(elsewhere.asked) == fetching.MOST_REDIRECTS + 1


@pytest.mark.parametrize(("status", "later"), [(404, False), (403, False), (204, False), (429, True), (503, True)])
def test_a_refusal_says_whether_another_attempt_may_succeed(status, later, elsewhere):  # noqa: F811
    elsewhere.answers = {"/a": status}
    assert refused(elsewhere.at("/a")).later is later


def test_what_is_too_large_is_not_read_to_the_end(elsewhere):  # noqa: F811
    elsewhere.answers = {"/a": b"x" * 5_000}
    assert "more than" in str(refused(elsewhere.at("/a"), most_bytes=1_000))


def test_an_answer_that_drips_is_ended(elsewhere):  # noqa: F811
    elsewhere.answers = {"/a": dripping}
    why = refused(elsewhere.at("/a"), seconds=0.3)
    assert why.later and "too long" in str(why)
