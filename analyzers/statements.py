"""What a span asked of a database: a shape that like statements share, and a short text for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.masking import masked_id
from analyzers.sql import LONGEST_READ, VERBS, WRITES, abridged, joined, sql_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_TEXT = 80
"""What one line of a terminal or a phone shows of a statement."""
SQL_BUDGET = 300_000
"""Characters of SQL read for one trace, about 0.3 s. Statements beyond are compared with numbers and strings masked."""

SYSTEMS = ("db.system.name", "db.system")
STATEMENTS = ("db.query.text", "db.statement")
OPERATIONS = ("db.operation.name", "db.operation")
COLLECTIONS = ("db.collection.name", "db.sql.table", "db.mongodb.collection", "db.cassandra.table")
SUMMARY = "db.query.summary"
DATABASE_KEYS = frozenset((*SYSTEMS, *STATEMENTS, *OPERATIONS, SUMMARY))
FACTS = (*STATEMENTS, *SYSTEMS, *OPERATIONS, *COLLECTIONS, SUMMARY)

KEY_VALUE = frozenset(("redis", "valkey", "memcached", "keydb", "dragonfly"))
DOCUMENTS = frozenset(("mongodb", "elasticsearch", "opensearch", "dynamodb", "aws.dynamodb", "couchdb"))
READING = frozenset(
    "SELECT SHOW GET MGET HGET HMGET HGETALL EXISTS LRANGE SMEMBERS ZRANGE SCAN TTL FIND AGGREGATE COUNT DISTINCT SEARCH "
    "GETS GETMORE QUERY GETITEM BATCHGETITEM".split()
)

VALUES = re.compile(
    r"""'[^']*(?:'|$)|"[^"]*(?:"(?P<names>\s*:)?|$)|\$\$[^$]*(?:\$\$|$)|(?<![\w.])[-+]?\d[\w.]*"""
)
SKELETON = re.compile(r"'[^']*'|(?<![\w$])\d+")
FIRST_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class Statement:
    """One statement without its values."""

    shape: str
    """Equal for like statements."""
    text: str
    """For people, at most about 80 characters."""
    system: str
    """`postgresql`, `redis`, ...; "" where the span does not say."""
    reads: bool
    """It certainly changes nothing."""


class StatementReader:
    """Reads the statements of one trace; like ones are worked out once, and a flood of unlike ones is bounded."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, ...], Statement] = {}
        self._left = SQL_BUDGET

    def find(self, attributes: Mapping[str, str], operation: str) -> Statement | None:
        """The statement of a span with these attributes and this name; None where it asked no database."""
        if not is_database(attributes, operation):
            return None
        # Two statements with one skeleton differ in numbers and strings alone.
        newer, older, *facts = map(attributes.get, FACTS)
        text = newer or older or ""
        key = (SKELETON.sub("?", text[:LONGEST_READ]), "" if text else operation, *facts)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._read(attributes, operation, text)
        return found

    def _read(self, attributes: Mapping[str, str], operation: str, text: str) -> Statement:
        system = _first(attributes, SYSTEMS).lower()
        verb, collection = _first(attributes, OPERATIONS), _first(attributes, COLLECTIONS)
        named = f"{verb} {collection}".strip()
        if not text:
            text = attributes.get(SUMMARY) or (named if verb else operation)
            line = _masked(text)
            return Statement(f"{collection} {line}".casefold(), _cut(line), system, _reads(text))
        if system in KEY_VALUE:
            line = _command(text, verb)
            return Statement(line.casefold(), _cut(line), system, _reads(line))
        if system not in DOCUMENTS and _first_word(text) in VERBS and self._left > 0:
            self._left -= min(len(text), LONGEST_READ)
            if pieces := sql_pieces(text):
                reads = pieces[0] in {"SELECT", "SHOW", "WITH"} and not WRITES & set(pieces)
                return Statement(joined(pieces).casefold(), abridged(pieces, LONGEST_TEXT), system, reads)
        line = _masked(text)
        shown = named if verb and collection else line
        return Statement(f"{named} {line}".casefold(), _cut(shown), system, _reads(verb))


def is_database(attributes: Mapping[str, str], operation: str) -> bool:
    """Whether a span asks a database: it says so, or is named like SQL (`SELECT cards`) where nothing else is known."""
    if not DATABASE_KEYS.isdisjoint(attributes):
        return True
    verb, _, rest = operation.partition(" ")
    named_like_sql = verb in {"SELECT", "INSERT", "UPDATE"} or operation.startswith("DELETE FROM ")
    return named_like_sql and bool(rest) and not rest.startswith("/")


def _command(text: str, verb: str) -> str:
    """A Redis command with its key's ids and all else masked: `GET user:?`. Pipelines show their first command."""
    words = text[:LONGEST_READ].split(maxsplit=3)
    if verb and words and words[0].upper() != verb.upper():
        words.insert(0, verb)
    if len(words) < 2:
        return " ".join(words).upper()
    key = ":".join(masked_id(part, "?") for part in words[1].strip("\"'").split(":"))
    return f"{words[0].upper()} {key}" + (" ?" if len(words) > 2 else "")


def _masked(text: str) -> str:
    """Any text with what looks like a value masked; names before a colon stay."""
    masked = VALUES.sub(lambda found: found[0] if found["names"] else "?", text[:LONGEST_READ])
    return " ".join(masked.split())


def _reads(text: str) -> bool:
    return _first_word(text) in READING


def _first_word(text: str) -> str:
    """The first word in capitals, comments and opening brackets before it skipped."""
    rest = text[:LONGEST_READ].lstrip(" \t\r\n(;")
    while rest.startswith(("/*", "--")):
        _, _, rest = rest.partition("*/" if rest.startswith("/*") else "\n")
        rest = rest.lstrip(" \t\r\n(;")
    word = FIRST_WORD.match(rest)
    return word[0].upper() if word else ""


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1].rstrip() + "…"


def _first(attributes: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((attributes[key] for key in keys if attributes.get(key)), "")
