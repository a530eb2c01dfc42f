"""Whether the server that received a mail stands behind its From (RFC 8601): what it found out, and nothing else."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.calendar.vouching import vouched

SERVER, AMA = "mx.palabre.example", "ama@interior.example"


def of(*results: str, server: str = SERVER) -> bool:
    return vouched("; ".join((server, *results)), SERVER, AMA)


@pytest.mark.parametrize(
    "result",
    [
        "dmarc=pass header.from=interior.example",
        "dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=Interior.example",
        "dkim=pass header.d=interior.example header.s=k1",
        "dkim=pass (2048-bit key) header.i=@interior.example header.b=abc=",
        'dkim=pass reason="good; key" header.d=interior.example',
        "spf=pass (x: domain of ama@interior.example designates 192.0.2.1) smtp.mailfrom=ama@interior.example",
        "spf=pass smtp.mailfrom=interior.example",
        "DKIM = Pass header.d = interior.example",
    ],
)
def test_the_domain_of_the_sender_stands_behind_it(result: str) -> None:
    assert of(result)
    assert of("dkim=fail header.d=other.example", result, "iprev=pass")
    assert of(result, server=f"{SERVER.upper()} 1")
    assert of(result, server=f"(x) {SERVER} (y (z))")


def test_a_ministry_may_sign_for_what_stands_below_it_and_not_the_other_way_round() -> None:
    line = f"{SERVER}; dkim=pass header.d=interior.example"
    assert vouched(line, SERVER, "ama@statistics.interior.example")
    assert not of("dkim=pass header.d=statistics.interior.example")
    assert not of("dkim=pass header.d=example"), "nobody signs for all that ends alike"
    assert not vouched(line, SERVER, "ama@notinterior.example")


@pytest.mark.parametrize(
    "result",
    [
        "", "none", "dmarc=fail header.from=interior.example", "dmarc=none header.from=interior.example",
        "dmarc=pass header.from=evil.example", "dmarc=pass", "dkim=pass header.d=evil.example", "dkim=pass",
        "dkim=neutral header.d=interior.example", "spf=softfail smtp.mailfrom=interior.example",
        "spf=pass smtp.mailfrom=evil.example", "spf=pass smtp.helo=interior.example",
        "auth=pass smtp.auth=ama@interior.example", "xdkim=pass header.d=interior.example",
        "dkim=pass header.d=evil.example reason=header.d=interior.example",
        "dkim=pass header.d=evil.example header.d=interior.example",
    ],
)  # fmt: skip
def test_what_was_not_found_out_counts_for_nothing(result: str) -> None:
    assert not of(result)


def test_what_dmarc_refuses_no_signature_makes_good() -> None:
    assert not of("dkim=pass header.d=interior.example", "dmarc=fail header.from=interior.example")


def test_what_another_server_wrote_is_nothing() -> None:
    assert not of("dmarc=pass header.from=interior.example", server="mx.evil.example")
    assert not of("dmarc=pass header.from=interior.example", server=f"{SERVER}.evil.example")
    assert not vouched("", SERVER, AMA)


@pytest.mark.parametrize(
    "chosen",
    [
        '"a; dmarc=pass header.from=interior.example "@evil.example',
        '"a\\"; dmarc=pass header.from=interior.example; x=\\""@evil.example',
        "(a; dmarc=pass header.from=interior.example)@evil.example",
        '"a; dmarc=pass header.from=interior.example',
        "a(; dmarc=pass header.from=interior.example",
    ],
)  # fmt: skip
def test_what_a_sender_wrote_into_their_own_address_is_no_result(chosen: str) -> None:
    """Servers repeat it, in quotes or in a comment; where either does not end, nothing in the line is believed."""
    assert not of(f"spf=pass smtp.mailfrom={chosen}")
    assert not of(f"spf=pass (domain of {chosen}")


@given(st.text(max_size=300))
def test_no_line_at_all_crashes_or_vouches(noise: str) -> None:
    assert not vouched(noise, SERVER, AMA)
    assert not vouched(f"{SERVER};{noise}", SERVER, AMA)


def test_a_line_without_end_costs_nothing() -> None:
    before = process_time()
    for sign in '("\\; =a':
        assert not vouched(f"{SERVER};" + sign * 1_000_000, SERVER, AMA)
        assert not vouched(f"{SERVER};" + sign * 3_900, SERVER, AMA)
        assert not vouched(f"{SERVER};" + f"dkim=pass{sign}" * 300, SERVER, AMA)
    assert process_time() - before < 1
