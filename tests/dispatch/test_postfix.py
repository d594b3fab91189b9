from __future__ import annotations

from dataclasses import replace

import pytest
from samples_assessment import AUTHORITY, NOW, OURS, assessment, clean_document
from servers_postfix import PostfixServer

from pipeline.dispatch.smtp import SmtpAccount, SmtpTransport
from pipeline.domain.authority import Destination, Letter
from pipeline.domain.errors import DispatchError, DispatchRefused
from pipeline.routing import correspondence


def letter(to: str, cc: str) -> Letter:
    """The letter to the authority."""
    authority = replace(AUTHORITY, reports_to=Destination(to, "reports"), copy_to=(Destination(cc, "team"),))
    made = correspondence.to_authority(assessment(case={"authority": authority}), [clean_document()], sender=OURS, now=NOW)
    assert made is not None
    return made


def test_a_real_mail_server_takes_it() -> None:
    """Postfix takes the letter over STARTTLS for those it knows, refuses the other, minds its size limit, and delivers it whole."""
    with PostfixServer() as server:
        transport = SmtpTransport(
            SmtpAccount("localhost", "gateway@reportgate.nhs.uk", port=server.port, ca_file=server.ca_file, timeout=30)
        )
        sent = letter("reports@council.gov.uk", server.refused)
        receipt = transport.send(sent, sent.recipients)
        assert receipt.accepted == ("reports@council.gov.uk",)
        assert receipt.refused == ((server.refused, 554),)
        (arrived,) = server.arrived(1)
        assert sent.content.replace(b"\r\n", b"\n") in arrived
        with pytest.raises(DispatchRefused, match="too large"):
            transport.send(replace(sent, content=b"x" * (server.size_limit + 1)), ("reports@council.gov.uk",))
        assert transport.send(sent, ("someone@elsewhere.gov.uk",)).refused == (("someone@elsewhere.gov.uk", 554),)
    with pytest.raises(DispatchError, match="cannot be reached"):
        transport.send(sent, sent.recipients)
