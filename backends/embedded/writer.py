"""The one thread that writes: it takes what waits, commits it together, and answers everybody at once."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from backends.embedded.unusable import StoreUnusable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backends.embedded.encoding import EncodedSpans

MIB = 1 << 20
SPANS_A_COMMIT = 20_000
BYTES_A_COMMIT = 32 * MIB


@dataclass(frozen=True)
class Batch:
    """Spans that wait, and who waits for them."""

    spans: EncodedSpans
    done: Future[None]


@dataclass(frozen=True)
class Task:
    """Something else to do between two transactions."""

    run: Callable[[], Any]
    done: Future[Any]


Work: TypeAlias = Batch | Task | None
"""None ends the thread, once everything before it is done."""


class Writer:
    """Does work in the order it came; spans that wait one after the other become one transaction."""

    def __init__(self, keep: Callable[[Sequence[EncodedSpans]], None], name: str) -> None:
        self._keep = keep
        self._waiting: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._ending = threading.Lock()
        self._ended = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def keep(self, spans: EncodedSpans) -> Future[None]:
        """Done once the spans are on the disk."""
        done: Future[None] = _started()
        self._put(Batch(spans, done))
        return done

    def run(self, task: Callable[[], Any]) -> Future[Any]:
        """Done once the task is."""
        done: Future[Any] = _started()
        self._put(Task(task, done))
        return done

    def end(self) -> None:
        """Finish what waits, then end. What comes later is told so."""
        with self._ending:
            self._ended = True
            self._waiting.put(None)
        self._thread.join()

    def _put(self, work: Batch | Task) -> None:
        with self._ending:
            if not self._ended:
                self._waiting.put(work)
                return
        work.done.set_exception(StoreUnusable("The store is closed.", "Open it again."))

    def _work(self) -> None:
        work = self._waiting.get()
        while work is not None:
            if isinstance(work, Task):
                _answer([work.done], work.run)
                work = self._waiting.get()
            else:
                work = self._keep_with_followers(work)

    def _keep_with_followers(self, first: Batch) -> Work:
        """Commit a batch with those right behind it; the work that comes next."""
        batches, n_spans, n_bytes = [first], len(first.spans), first.spans.n_bytes
        following: list[Work] = []
        while n_spans < SPANS_A_COMMIT and n_bytes < BYTES_A_COMMIT and not following:
            try:
                work = self._waiting.get_nowait()
            except queue.Empty:
                break
            if isinstance(work, Batch):
                batches.append(work)
                n_spans, n_bytes = n_spans + len(work.spans), n_bytes + work.spans.n_bytes
            else:
                following.append(work)
        _answer([batch.done for batch in batches], partial(self._keep, [batch.spans for batch in batches]))
        return following[0] if following else self._waiting.get()


def _answer(waiting: Sequence[Future[Any]], run: Callable[[], Any]) -> None:
    """Tell everybody who waits how it went. The thread lives on, whatever happened."""
    try:
        result = run()
    except BaseException as exc:  # noqa: BLE001 - it belongs to those who wait; the next work has its own chance
        for done in waiting:
            done.set_exception(exc)
    else:
        for done in waiting:
            done.set_result(result)


def _started() -> Future[Any]:
    """A future that cannot be cancelled: what was accepted is done, even if nobody waits for it any more."""
    done: Future[Any] = Future()
    done.set_running_or_notify_cancel()
    return done
