"""Reads what the receiving server found out about the sender: its Authentication-Results field (RFC 8601)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.domain.mail import AuthenticationResult

METHOD = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)([^;]*)", re.I)
DOMAIN = {
    "dmarc": re.compile(r"header\.from\s*=\s*\"?([^\s;\"]+)", re.I),
    "dkim": re.compile(r"header\.(?:d|i)\s*=\s*\"?([^\s;\"]+)", re.I),
    "spf": re.compile(r"smtp\.mailfrom\s*=\s*\"?([^\s;\"]+)", re.I),
}
"""Which property of a method says whom it vouches for."""

FAILED = frozenset({"fail", "hardfail", "softfail", "permerror", "reject", "quarantine"})


@dataclass(frozen=True, slots=True)
class Check:
    """One method's result, and the domain it vouches for (empty where the field does not say)."""

    method: str
    result: str
    domain: str


def judged(results: list[str], sender_domain: str, *, trusted: tuple[str, ...] = ()) -> AuthenticationResult:
    """SPF, DKIM and DMARC taken together, as the receiving server saw them.

    Args:
        results: the Authentication-Results fields, topmost first. Only the topmost one counts, since a sender may write any number
            of his own below it; where `trusted` names our servers, the topmost one of theirs.
        sender_domain: the domain in From. A pass for another domain vouches for nobody we see.
        trusted: names by which our receiving servers sign (their authserv-id). Set them: without them a server that adds no field
            of its own would let a forged one through.
    """
    ours = [field for field in results if not trusted or _server(field) in trusted]
    if not ours:
        return AuthenticationResult.NONE
    checks = _checks(ours[0])
    dmarc = [check for check in checks if check.method == "dmarc"]
    if any(check.result in FAILED for check in dmarc):
        return AuthenticationResult.FAIL
    if any(check.result == "pass" and _aligned(check.domain, sender_domain) for check in dmarc or checks):
        return AuthenticationResult.PASS
    others = [check for check in checks if check.method != "dmarc"]
    if any(check.result == "pass" and check.domain and _aligned(check.domain, sender_domain) for check in others):
        return AuthenticationResult.PASS
    return AuthenticationResult.FAIL if any(check.result in FAILED for check in checks) else AuthenticationResult.NONE


def _server(field: str) -> str:
    first = field.split(";", 1)[0].split()
    return first[0].lower() if first and "=" not in first[0] else ""


def _checks(field: str) -> list[Check]:
    plain = re.sub(r"\([^()]*\)", " ", field)  # comments may quote anything, 'dmarc=pass' too
    found = []
    for method, result, rest in METHOD.findall(plain):
        match = DOMAIN[method.lower()].search(rest)
        domain = match.group(1).rpartition("@")[2].lower().strip("<>.") if match else ""
        found.append(Check(method.lower(), result.lower(), domain))
    return found


def _aligned(vouched: str, sender: str) -> bool:
    """Relaxed alignment: the same domain, or one below the other. A pass that names no domain is taken for the sender's."""
    return not vouched or vouched == sender or sender.endswith("." + vouched) or vouched.endswith("." + sender)
