"""Fulfils the port `Outbox` on the store: each call is a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from pipeline.domain.ports import Doubt, Handover, Receipt
from pipeline.domain.states import DispatchState
from pipeline.records.store import Store


class StoreOutbox:
    """The outbox as the dispatch worker sees it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def due(self, limit: int = 100) -> tuple[str, ...]:
        """The ids of letters to hand over now, those waiting longest first."""
        with self._store.reading() as work:
            return work.outgoing.due(limit)

    def begin(self, dispatch: str) -> Handover:
        """Records the intent to hand a letter over, on the disc, before any server is spoken to."""
        with self._store.work() as work:
            handover = work.outgoing.begin(dispatch)
            work.commit()
        return handover

    def record(self, dispatch: str, receipt: Receipt, next_try: datetime) -> DispatchState:
        """Records what a server did."""
        with self._store.work() as work:
            state = work.outgoing.record(dispatch, receipt, next_try)
            work.commit()
        return state

    def defer(self, dispatch: str, next_try: datetime, failure: str) -> None:
        """Records that the letter was put off until `next_try`."""
        with self._store.work() as work:
            work.outgoing.defer(dispatch, next_try, failure)
            work.commit()

    def refuse(self, dispatch: str, failure: str) -> None:
        """Records that the letter will not be taken."""
        with self._store.work() as work:
            work.outgoing.refuse(dispatch, failure)
            work.commit()

    def doubt(self, dispatch: str, failure: str) -> None:
        """Records that the letter was handed over and not confirmed."""
        with self._store.work() as work:
            work.outgoing.doubt(dispatch, failure)
            work.commit()

    def uncertain(self) -> tuple[Doubt, ...]:
        """The letters of which nobody knows whether they arrived."""
        with self._store.reading() as work:
            return work.outgoing.uncertain()

    def settle(self, dispatch: str, *, arrived: bool) -> None:
        """Settles an uncertain letter."""
        with self._store.work() as work:
            work.outgoing.settle(dispatch, arrived=arrived)
            work.commit()
