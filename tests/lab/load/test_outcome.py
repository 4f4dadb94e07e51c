"""Kinds of what goes wrong: whose fault it is, and in which words."""

import errno

import pytest

from lab.load.outcome import KINDS, kind_of, of_status


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.EMFILE, "too many open files"), "generator"),
        (OSError(errno.EADDRNOTAVAIL, "no port is left"), "generator"),
        (AssertionError(), "generator"),
        (OSError(errno.EHOSTUNREACH, "no route"), "unreachable"),
        (ConnectionResetError(), "reset"),
        (TimeoutError(), "timeout"),
    ],
)
def test_no_target_is_blamed_for_what_this_machine_lacks(error: Exception, kind: str) -> None:
    assert kind_of(error) == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("status", "expected", "kind"),
    [
        (200, (200,), ""),
        (201, (200,), "status-201"),
        (302, (200,), "redirected"),
        (302, (302,), ""),
        (304, (200,), "status-304"),
        (101, (200,), "status-101"),
        (503, (200, 204), "status-503"),
    ],
)
def test_a_status_is_right_only_if_it_is_expected(status: int, expected: tuple[int, ...], kind: str) -> None:
    assert of_status(status, expected) == kind
