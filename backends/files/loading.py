"""All spans of some files, with what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from analyzers.batch import batch_of, one_batch
from backends.errors import UnreadableFile
from backends.files.content import read_parts, what_is_missing
from backends.files.decompression import Content
from backends.files.paths import find_files
from backends.files.wording import shown, unreadable
from backends.matching import of_traces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from analyzers.batch import SpanBatch
    from analyzers.record import SpanRecord
    from backends.files.content import Part
    from backends.files.limits import Limits
    from backends.files.paths import Files
    from backends.interface import Progress

NOTES_KEPT = 20


@dataclass
class Loaded:
    """The spans that were wanted, and sentences about the rest."""

    parts: list[Sequence[SpanRecord]] = field(default_factory=list)
    n_spans: int = 0
    unreadable: int = 0
    truncated: bool = False
    notes: list[str] = field(default_factory=list)
    notes_left_out: int = 0

    def add(self, spans: Sequence[SpanRecord]) -> None:
        """Add spans; those of small documents go together, since there may be one for each line of a file."""
        self.n_spans += len(spans)
        if self.parts and isinstance(self.parts[-1], list) and isinstance(spans, list):
            self.parts[-1] += spans
        elif spans:
            self.parts.append(list(spans) if isinstance(spans, list) else spans)

    def spans(self) -> SpanBatch:
        return one_batch([batch_of(part) for part in self.parts])

    def note(self, sentence: str) -> None:
        if len(self.notes) < NOTES_KEPT:
            self.notes.append(sentence)
        else:
            self.notes_left_out += 1

    def all_notes(self) -> tuple[str, ...]:
        more = (f"{self.notes_left_out} more notes like these.",) if self.notes_left_out else ()
        return (*self.notes, *more)


def load(
    pattern: str,
    limits: Limits,
    progress: Progress | None,
    trace_id: str | None = None,
) -> Loaded:
    """The spans of the files behind a path or pattern: all, or only those of one trace.

    Raises:
        UnreadableFile: there are none, or nothing in them can be read.
    """
    files = find_files(pattern, limits.max_files)
    loaded = Loaded(truncated=files.more)
    if files.more:
        loaded.note(f"Only the first {limits.max_files} files were read.")
    refusals = _load_each(files, limits, progress, trace_id, loaded)
    if len(refusals) == len(files.paths):
        raise UnreadableFile(
            f"No file of {shown(pattern)} holds traces. {refusals[0].problem}", refusals[0].advice
        )
    return loaded


Signature: TypeAlias = tuple[tuple[str, int, int], ...]


def signature_of(pattern: str, limits: Limits) -> Signature:
    """What is different once a file of them was written to: names, sizes and times.

    Raises:
        UnreadableFile: there are none.
    """
    return tuple((str(path), *_size_and_time(path)) for path in find_files(pattern, limits.max_files).paths)


def _size_and_time(path: Path) -> tuple[int, int]:
    """In bytes and ns; of a file that is gone since it was found, which whoever reads it says, neither."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _load_each(
    files: Files,
    limits: Limits,
    progress: Progress | None,
    trace_id: str | None,
    loaded: Loaded,
) -> list[UnreadableFile]:
    """Add every file's spans; a file among several that cannot be read is noted and handed back."""
    sizes = [path.stat().st_size for path in files.paths]
    refusals = []
    for number, path in enumerate(files.paths):
        told = _teller(progress, path, sum(sizes[:number]), sum(sizes))
        try:
            _load_file(path, limits, told, trace_id, loaded)
        except UnreadableFile as error:
            if files.single:
                raise
            loaded.note(f"Skipped: {error.problem}")
            refusals.append(error)
    return refusals


def _teller(progress: Progress | None, path: Path, before: int, total: int) -> Callable[[int], None]:
    if progress is None:
        return lambda _taken: None
    return lambda taken: progress(f"Reading {shown(path.name)}", before + taken, total)


def _load_file(
    path: Path,
    limits: Limits,
    told: Callable[[int], None],
    trace_id: str | None,
    loaded: Loaded,
) -> None:
    tally: Counter[str] = Counter()
    reason = ""
    for part in read_parts(Content(path, limits, told), limits):
        records = part.decoded.records
        tally.update(
            spans=len(records), bad=part.decoded.unreadable + bool(part.refusal), cut_off=part.cut_off
        )
        reason = reason or part.refusal or ", ".join(part.decoded.reasons)
        _note_unreadable(path, part, loaded)
        kept = records if trace_id is None else of_traces(records, {trace_id})
        if loaded.n_spans + len(kept) > limits.max_spans:
            _cut_short(kept, limits, loaded)
            return
        loaded.add(kept)
    _judge(path, tally, reason, loaded)


def _note_unreadable(path: Path, part: Part, loaded: Loaded) -> None:
    loaded.unreadable += part.decoded.unreadable + bool(part.refusal)
    where = part.where(shown(path.name))
    if part.refusal:
        loaded.note(f"{where} was left out: {part.refusal}.")
    for reason in part.decoded.reasons:
        loaded.note(f"{where}: a span was left out: {reason}.")


def _cut_short(kept: Sequence[SpanRecord], limits: Limits, loaded: Loaded) -> None:
    loaded.add(kept[: limits.max_spans - loaded.n_spans])
    loaded.truncated = True
    loaded.note(f"Only the first {limits.max_spans} spans were read.")


def _judge(path: Path, tally: Counter[str], reason: str, loaded: Loaded) -> None:
    if tally["cut_off"]:
        loaded.truncated = True
        loaded.note(what_is_missing(shown(path.name)))
    if tally["spans"]:
        return
    if tally["bad"]:
        raise unreadable(path, f"none of its spans can be used: {reason}", "Check what wrote it.")
    loaded.note(f"{shown(path.name)} holds no spans.")
