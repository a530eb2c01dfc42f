"""Whether the server that received a mail vouches for its From: Authentication-Results (RFC 8601).

Anybody can write any From. The receiving server knows better: it has asked the sender's domain (SPF, DKIM, DMARC) and
writes what it found into the mail. Only the topmost of these lines counts, since each server puts its own above what
came with the mail, and only if it bears the name of the server that is trusted.
"""

from __future__ import annotations

import re

LONGEST = 4_000  # characters of such a line
RESULT = re.compile(r"(dkim|spf|dmarc)(?:/\d+)?=([a-z]+)((?: \S+)*)", re.IGNORECASE)
WRITTEN = re.compile(r"[A-Za-z0-9@._+/=-]")
# Of each method, which property names the domain that it speaks for (RFC 8601, 2.7).
SPEAKS_FOR = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


def vouched(line: str, server: str, sender: str) -> bool:
    """Whether `server` has written that the domain of the address `sender` stands behind the mail.

    By DMARC; or by a signature (DKIM) of that domain or of one above it; or, since that domain named the machine from
    which it came (SPF), for that domain alone. What DMARC has refused, nothing else makes good.
    """
    name, *results = _plain(line[: LONGEST + 1] if len(line) <= LONGEST else "").split(";")
    if name.strip().partition(" ")[0].lower() != server.strip().lower():
        return False
    domain = sender.rpartition("@")[2].lower()
    found = [told for one in results if (told := RESULT.fullmatch(one.strip()))]
    if any(told[1].lower() == "dmarc" and told[2].lower() in ("fail", "permerror") for told in found):
        return False
    return any(told[2].lower() == "pass" and _aligned(told[1].lower(), told[3], domain) for told in found)


def _aligned(method: str, properties: str, domain: str) -> bool:
    """By domains as they are written: no list says which of two belong together, so a signature from below is none."""
    words = [word.lower().partition("=") for word in properties.split()]
    told = {name: value.rpartition("@")[2].rstrip(".") for name, _is, value in words}
    if len(told) < len(words):
        return False  # said twice: who knows which is meant
    named = next((told[name] for name in SPEAKS_FOR[method] if name in told), "")
    if method == "dkim":
        return "." in named and f".{domain}".endswith(f".{named}")
    return bool(named) and named == domain


def _plain(line: str) -> str:
    """Without comments, and with nothing in quotes that could be taken for a sign; "" for what ends in the midst.

    A sender chooses the part before the @ of their address, and servers repeat it here.
    """
    made, depth, quoted, skip = [], 0, False, False
    for sign in line:
        if skip:
            skip = False
        elif sign == "\\" and (quoted or depth):
            skip = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif quoted:
            made.append(sign if WRITTEN.fullmatch(sign) and sign != "=" else "?")
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if depth < 0:
                return ""
            made.append(" ")
        elif not depth:
            made.append(sign)
    if depth or quoted or skip:
        return ""
    return re.sub(r"\s*([;=])\s*", r"\1", " ".join("".join(made).split()))
