from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.domain.errors import StoreError
from pipeline.records.store import Store

NOW = datetime(2026, 9, 14, 9, 30, 0, 123456, tzinfo=UTC)


def write(store: Store, count: int, actor: str = "gateway") -> None:
    """Links, each in a transaction of its own."""
    for number in range(count):
        with store.work() as work:
            work.audit.append(NOW, actor, "tested", None, {"number": number})
            work.commit()


def tamper(store: Store, *statements: str) -> None:
    """Changes the chain as somebody with all rights could, past the guards."""
    with store._engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            connection.execute(text("DROP TRIGGER audit_no_update"))
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def fault(store: Store) -> str | None:
    """What verify finds."""
    with store.reading() as work:
        return work.audit.verify().fault


def test_an_untouched_chain_holds(store: Store) -> None:
    """Empty or long, it verifies; links carry times to the microsecond in UTC."""
    assert fault(store) is None
    write(store, 5)
    with store.reading() as work:
        links = list(work.audit.links())
        assert work.audit.verify() == type(work.audit.verify())(5, None)
    assert [link.seq for link in links] == [1, 2, 3, 4, 5]
    assert all(link.at == NOW for link in links)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'another'", "DELETE FROM audit", "DELETE FROM audit WHERE seq = 2"])
def test_the_database_refuses_changes(store: Store, statement: str) -> None:
    """Neither database lets a link be changed or removed."""
    write(store, 2)
    with pytest.raises(StoreError), store.work() as work:
        work._session.execute(text(statement))
    assert fault(store) is None


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit SET actor = 'another' WHERE seq = 2"], "link number 2 was changed"),
        (["UPDATE audit SET details = '{}' WHERE seq = 3"], "link number 3 was changed"),
        (["DELETE FROM audit WHERE seq = 2"], "a link is missing after number 1"),
        (["DELETE FROM audit WHERE seq = 4"], "the chain ends at number 3, which is not where it was last written"),
        (["DELETE FROM audit WHERE seq = 1"], "a link is missing after number 0"),
        (["UPDATE audit SET hash = previous WHERE seq = 1"], "link number 1 was changed"),
        (["UPDATE audit_head SET seq = 9"], "the chain ends at number 4"),
        (["DELETE FROM audit_head"], "the chain ends at number 4"),
    ],
)
def test_tampering_is_found(store: Store, statements: list[str], found: str) -> None:
    """Whatever is changed, taken out or cut off behind the guards is named by its number."""
    write(store, 4)
    tamper(store, *statements)
    said = fault(store)
    assert said is not None
    assert found in said


def test_writers_at_once_make_one_chain(store: Store) -> None:
    """Links of several writers at the same time follow one another without a gap."""
    writers = [Thread(target=write, args=(store, 5, f"writer{number}")) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.reading() as work:
        verdict = work.audit.verify()
    assert (verdict.links, verdict.fault) == (20, None)


@pytest.mark.parametrize(
    ("actor", "details"),
    [
        ("Nurse One", {}),
        ("", {}),
        ("gateway", {"why": "Zebulon Quixley was seen"}),
        ("gateway", {"to": "zebulon@example.com"}),
        ("gateway", {"why": "x" * 200}),
    ],
)
def test_prose_is_refused(store: Store, actor: str, details: dict[str, Any]) -> None:
    """Anything that could be about a person stays out of the chain, and the refusal does not repeat it."""
    with store.work() as work, pytest.raises(ValueError, match=r"an actor is|takes ids, codes and counts only") as error:
        work.audit.append(NOW, actor, "tested", None, details)
    assert "Zebulon" not in str(error.value)
