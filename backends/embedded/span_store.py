"""The store of our own: one folder, one owner, one writer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import duckdb

from backends.embedded.database import Database
from backends.embedded.encoding import encode
from backends.embedded.folder import OwnedFolder
from backends.embedded.kept import Kept
from backends.embedded.retention import (
    Retention,
    aged,
    first_minute_kept,
    newest_before,
    read_ageing,
    retire_before,
    write_ageing,
)
from backends.embedded.rollup import SELF_TIMES, Unmerged, merge_rollups
from backends.embedded.room import Room
from backends.embedded.settling import measured, read_due, settle
from backends.embedded.shortening import shortened
from backends.embedded.unusable import StoreUnusable, translated
from backends.embedded.upsert import Upsert, give_up, known_spans
from backends.embedded.writer import Writer
from backends.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from analyzers.record import SpanRecord
    from backends.embedded.encoding import EncodedSpans
    from backends.embedded.settling import MeasureSelfTimes, Timed

MIB = 1 << 20
MERGE_AFTER_ROWS = 500_000
KEEP_ALL = Retention()
ENDED = (duckdb.FatalException, duckdb.ConnectionException)
"""The database has ended, now or before, and could not be opened again then."""

T = TypeVar("T")


@dataclass(frozen=True)
class StoreLimits:
    """How much memory a store may take."""

    max_waiting_spans: int = 100_000
    max_waiting_bytes: int = 64 * MIB
    """Of the spans that wait, as they will be stored."""
    memory_mib: int = 64
    """For the database; what does not fit may take some times as much while it lasts."""


USUAL = StoreLimits()


class SpanStore:
    """Keeps spans in a folder and lets them be asked for. Safe to use from several event loops and threads."""

    def __init__(
        self, folder: OwnedFolder, database: Database, limits: StoreLimits, retention: Retention
    ) -> None:
        self._folder = folder
        self._database = database
        self._retention = retention
        self._upsert = Upsert.after(database.connection)
        self._room = Room(limits.max_waiting_spans, limits.max_waiting_bytes)
        self._encoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encode-spans")
        self._unmerged = Unmerged(SELF_TIMES)
        self._ageing = read_ageing(database.connection)
        self._writer = Writer(self._keep, "write-spans")
        self._closed = False
        self._forgetful = False
        """What is remembered of the spans is not known to be what the database holds."""

    @classmethod
    def open(cls, folder: Path, limits: StoreLimits = USUAL, retention: Retention = KEEP_ALL) -> SpanStore:
        """The store in a folder, made if there is none. Close it.

        Raises:
            StoreInUse: another process has it open.
            StoreTooNew: a later version of tracewhy wrote it; nothing was touched.
            StoreDamaged: what is there cannot be read as a store.
            StoreUnusable: the folder cannot be written to.
            StoreFull: the disk is full.
        """
        owned = OwnedFolder.take(folder)
        try:
            database = Database(owned.database, limits.memory_mib)
            with translated(folder):
                return cls(owned, database, limits, retention)
        except BaseException:
            owned.let_go()
            raise

    @property
    def folder(self) -> Path:
        return self._folder.path

    async def keep(self, records: Sequence[SpanRecord]) -> Kept:
        """Return once the spans are on the disk, each once however often it comes.

        Of two copies of a span, equal in trace, id, kind and service, the one that finished later stays.

        Raises:
            StoreBusy: too much waits already; nothing of this was kept.
            StoreFull: the disk is full; nothing of this was kept.
            StoreUnusable: the store is closed or has failed; nothing of this was kept.
        """
        self._refuse_if_closed()
        if not records:
            return Kept(0)
        spans = await self._encoded(records)
        done = self._writer.keep(spans)
        done.add_done_callback(lambda _: self._room.give_back(len(records), spans.n_bytes))
        await asyncio.wrap_future(done)
        return Kept(len(records), spans.shortened)

    async def retire(self, now_ns: int) -> int:
        """Delete what is older, or takes more room, than the store's retention allows; how many spans that were."""
        self._refuse_if_closed()
        return await asyncio.wrap_future(self._writer.run(lambda: self._retire(now_ns)))

    async def settle(self, measure: MeasureSelfTimes) -> int:
        """Count the self times of traces that nothing was added to since the last call; how many traces that were."""
        self._refuse_if_closed()
        ended = await asyncio.wrap_future(self._writer.run(self._begin_round))
        settled = 0
        while due := await self.ask(lambda cursor: read_due(cursor, ended)):
            timed = await asyncio.to_thread(measured, due, measure)
            self._refuse_if_closed()
            await asyncio.wrap_future(self._writer.run(partial(self._settle, timed)))
            settled += len(due.traces["trace_hi"])
        return settled

    async def ask(self, question: Callable[[DuckDBPyConnection], T]) -> T:
        """The answer of a function that is given a cursor in a thread; it sees one moment of the store."""
        self._refuse_if_closed()
        return await asyncio.to_thread(self._answer, question)

    async def aclose(self) -> None:
        """Write what waits, then let go of the folder."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """As `aclose`, for those who cannot wait otherwise."""
        if self._closed:
            return
        self._closed = True
        self._encoder.shutdown()
        self._writer.run(lambda: self._merge(self._upsert.unmerged))
        self._writer.run(lambda: self._merge(self._unmerged))
        self._writer.end()
        try:
            with translated(self.folder):
                self._database.close()
        finally:
            self._folder.let_go()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StoreUnusable(f"The store in {self.folder} is closed.", "Open it again.")

    async def _encoded(self, records: Sequence[SpanRecord]) -> EncodedSpans:
        """As they are stored, with room taken for them."""
        self._room.take(n_spans=len(records))
        try:
            loop = asyncio.get_running_loop()
            spans = await loop.run_in_executor(self._encoder, lambda: shortened(encode(records)))
            self._refuse_if_closed()
            self._room.take(n_bytes=spans.n_bytes)
        except BaseException:
            self._room.give_back(len(records))
            raise
        return spans

    def _keep(self, batches: Sequence[EncodedSpans]) -> None:
        self._write(lambda connection: self._upsert.keep(connection, batches))
        self._merge_some(self._upsert.unmerged)

    def _write(self, work: Callable[[DuckDBPyConnection], T]) -> T:
        """What the work comes to, in the writer's thread."""
        with translated(self.folder):
            if self._forgetful:
                self._recover()
            try:
                return self._database.within_memory(lambda: work(self._database.connection))
            except ENDED:
                self._recover()
                raise

    def _recover(self) -> None:
        """Go on after an error that ended the database, if that was not done yet; in the writer's thread.

        It may have ended right behind a commit, so what is remembered of the spans is read anew.
        """
        self._forgetful |= self._database.reopen()
        if self._forgetful:
            self._upsert = replace(Upsert.after(self._database.connection), unmerged=self._upsert.unmerged)
            self._forgetful = False

    def _begin_round(self) -> int:
        """Spans that come from now on are of another round than those before; the number of the round that ends."""
        self._upsert.round += 1
        return self._upsert.round - 1

    def _settle(self, timed: Timed) -> None:
        added = self._write(partial(_settled, timed))
        self._unmerged.add(added, timed.spans["minute"])
        self._merge_some(self._unmerged)

    def _merge_some(self, unmerged: Unmerged) -> None:
        if unmerged.rows > MERGE_AFTER_ROWS:
            self._writer.run(lambda: self._merge(unmerged))

    def _merge(self, unmerged: Unmerged) -> None:
        """Shorten the rollups; where that fails they are long, and right."""
        with suppress(BackendError):
            self._write(partial(_merged, unmerged.taken()))

    def _retire(self, now_ns: int) -> int:
        return self._write(partial(self._retired, now_ns))

    def _retired(self, now_ns: int, connection: DuckDBPyConnection) -> int:
        self._ageing = aged(self._ageing, now_ns, partial(newest_before, connection))
        write_ageing(connection, self._ageing)
        minute = first_minute_kept(connection, self._retention, self._ageing.time_ns)
        retired = retire_before(connection, minute) if minute else 0
        if retired:
            self._upsert.resources.clear()  # some may be gone
            _make_room(connection)
        if self._upsert.known.crowded:
            self._upsert.known = known_spans(connection)
        return retired

    def _answer(self, question: Callable[[DuckDBPyConnection], T]) -> T:
        with translated(self.folder):
            try:
                return self._database.within_memory(partial(self._asked, question))
            except ENDED:
                self._writer.run(self._recover).result()
                return self._asked(question)

    def _asked(self, question: Callable[[DuckDBPyConnection], T]) -> T:
        cursor = self._database.cursor()
        try:
            cursor.execute("BEGIN")
            return question(cursor)
        finally:
            cursor.close()


def _merged(unmerged: Unmerged, connection: DuckDBPyConnection) -> None:
    try:
        merge_rollups(connection, unmerged)
    except duckdb.Error:
        give_up(connection)
        raise


def _settled(timed: Timed, connection: DuckDBPyConnection) -> int:
    """How many rows the rollups took."""
    connection.execute("BEGIN")
    try:
        added = settle(connection, timed)
        connection.execute("COMMIT")
    except BaseException:
        give_up(connection)
        raise
    return added


def _make_room(connection: DuckDBPyConnection) -> None:
    """Let what was deleted be used again; where readers are in the way, some later time does it."""
    try:
        connection.execute("CHECKPOINT")
    except duckdb.TransactionException:
        return
