"""The conversation with clamd, held with a real one that knows a single virus."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from needs import require
from servers_clamd import EICAR, STREAM_BYTES, ClamdServer

from pipeline.domain.errors import Outcome, ScannerError, UnreadableReason
from pipeline.extraction.antivirus import ClamdScanner


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="module")
def port() -> int:
    """The port clamd listens on beside its socket."""
    return free_port()


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[ClamdServer]:
    """A clamd with the hand-made signature."""
    with ClamdServer(require("clamd"), tmp_path_factory.mktemp("clamd"), port) as server:
        yield server


@pytest.fixture(params=["socket", "port"])
def scanner(request: pytest.FixtureRequest, clamd: ClamdServer, port: int) -> ClamdScanner:
    """The client, on each way in."""
    return ClamdScanner(str(clamd.socket) if request.param == "socket" else f"127.0.0.1:{port}", seconds=20.0)


def zipped(content: bytes) -> bytes:
    """The content in a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("letter.txt", content)
    return packed.getvalue()


@pytest.mark.parametrize("content", [EICAR, zipped(EICAR)], ids=["plain", "zipped"])
def test_a_virus_is_found(scanner: ClamdScanner, content: bytes) -> None:
    """The test file is infected, in a zip too, and the reviewer is told the signature's name."""
    problem = scanner.scan(content)
    assert problem is not None
    assert problem.reason is UnreadableReason.INFECTED
    assert "Test.Eicar" in problem.detail


@pytest.mark.parametrize("content", [b"", b"Robin was seen at home.", bytes(1_000_000)], ids=["empty", "short", "many pieces"])
def test_what_is_clean_is_clean(scanner: ClamdScanner, content: bytes) -> None:
    """Other files pass, whatever their length."""
    assert scanner.scan(content) is None


def test_a_file_larger_than_clamd_takes_is_not_called_clean(scanner: ClamdScanner) -> None:
    """clamd hangs up in the middle; the file is held as too large, and mail behind it does not wait for ever."""
    problem = scanner.scan(bytes(STREAM_BYTES * 3))
    assert problem is not None
    assert problem.reason is UnreadableReason.TOO_LARGE


def test_it_says_its_version(scanner: ClamdScanner) -> None:
    """What the doctor shows."""
    assert scanner.version().startswith("ClamAV ")


def test_silence_is_an_error_that_is_tried_again(tmp_path: Path) -> None:
    """No socket, a port nobody listens on, and one that accepts and says nothing: an error that keeps mail waiting, with the mend."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute_port = mute.getsockname()[1]
        for address in (str(tmp_path / "none"), f"localhost:{free_port()}", f"127.0.0.1:{mute_port}"):
            with pytest.raises(ScannerError) as caught:
                ClamdScanner(address, seconds=0.3).scan(b"Marigold")
            assert caught.value.outcome is Outcome.RETRY
            assert "antivirus.socket" in str(caught.value)
            assert "Marigold" not in str(caught.value)


@pytest.mark.parametrize("answer", [b"", b"UNKNOWN COMMAND\0", b"stream: ERROR\0", b"stream: OKAY\0", b"\xff" * 9_000])
def test_no_answer_but_ok_means_clean(answer: bytes) -> None:
    """Whatever a broken server says, the file is not taken for clean."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reply() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1_000_000)
                connection.sendall(answer)

        thread = threading.Thread(target=reply)
        thread.start()
        with pytest.raises(ScannerError):
            ClamdScanner(f"127.0.0.1:{server.getsockname()[1]}", seconds=5.0).scan(b"x")
        thread.join()
