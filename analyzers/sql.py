"""SQL with its values taken out, so that like statements look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzers.sql_tokens import SqlToken

LONGEST_READ = 10_000
"""Characters looked at: reading takes about 1 µs each, and what differs only later is alike enough."""
SHORT_LIST = 24
"""Columns up to so many characters are shown, more are "…"."""

VERBS = frozenset(
    "SELECT INSERT UPDATE DELETE WITH MERGE REPLACE UPSERT CALL EXEC EXECUTE BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE "
    "SET SHOW EXPLAIN DESCRIBE CREATE ALTER DROP TRUNCATE LOCK COPY DECLARE FETCH PREPARE VALUES USE ANALYZE VACUUM".split()
)
WRITES = frozenset("INSERT UPDATE DELETE MERGE REPLACE UPSERT CALL EXEC EXECUTE INTO LOCK".split())
KEYWORDS = VERBS | frozenset(
    "FROM WHERE AND OR NOT IN IS NULL LIKE ILIKE BETWEEN EXISTS ANY ALL AS ON USING JOIN INNER LEFT RIGHT FULL OUTER CROSS "
    "LATERAL GROUP ORDER BY HAVING LIMIT OFFSET UNION EXCEPT INTERSECT DISTINCT CASE WHEN THEN ELSE END ASC DESC INTO "
    "RETURNING FOR CONFLICT DO NOTHING DUPLICATE OVER PARTITION TABLE INDEX TRANSACTION TOP".split()
)
COMPARISONS = frozenset(("=", "<>", "!=", "<", ">", "<=", ">=", "<=>", "LIKE", "ILIKE", "BETWEEN"))
STRING_PREFIXES = frozenset("eExXbBnNuUrR")
GLUED_BEFORE = frozenset((",", ")", ".", ";", "[", "]", "::"))
GLUED_AFTER = frozenset(("(", "[", ".", "::"))


def sql_pieces(statement: str) -> tuple[str, ...] | None:
    """A statement's words and signs, every value and placeholder as `?`; None where it cannot be read as SQL.

    Comments, whitespace, quotes around names and the case of keywords are levelled; a list of values is one `?`.
    """
    from analyzers.sql_tokens import sql_tokens  # noqa: PLC0415 - see its first line

    read = statement[:LONGEST_READ]
    tokens = sql_tokens(read)
    if tokens is None and len(statement) > LONGEST_READ:
        tokens = sql_tokens(read + "'")  # perhaps the cut went through a string
    return None if tokens is None else tuple(_collapsed(_masked(read, tokens)))


def _masked(statement: str, tokens: Sequence[SqlToken]) -> Iterator[str]:
    """The tokens as pieces, values as `?`."""
    position = 0
    before = ""
    while position < len(tokens):
        length = _placeholder_length(tokens, position)
        piece = "?" if length else _piece(statement, tokens, position, before)
        position += length or 1
        if piece:
            yield piece
            before = piece


def _placeholder_length(tokens: Sequence[SqlToken], position: int) -> int:
    """How many tokens from here on are one placeholder: `:name`, `@name`, `%s`, `%(name)s`, `{name}`, `$1`; else 0."""
    texts = [token.text for token in tokens[position : position + 5]]
    adjacent = len(texts) > 1 and tokens[position].end == tokens[position + 1].start
    match texts:
        case ["%", "(", _, ")", "s" | "d"]:
            return 5
        case ["{", _, "}", *_]:
            return 3
        case ["%", "s" | "d", *_] | [":" | "@", _, *_] if adjacent:
            return 2
        case [text, *_] if text.startswith("$"):
            return 1
    return 0


def _piece(statement: str, tokens: Sequence[SqlToken], position: int, before: str) -> str:
    """One token as a piece; "" for what says nothing by itself: the sign or prefix of a value, a last semicolon."""
    token = tokens[position]
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    if token.quoted_name:
        return "?" if _is_quoted_value(statement, token, following, before) else token.text
    word = token.text.upper()
    if token.literal or (word == "NULL" and before not in {"IS", "NOT"}):
        return "?"
    if _is_prefix(token, following, before) or _is_suffix(token, tokens[position - 1] if position else None):
        return ""
    if token.text == ";" and following is None:
        return ""
    return word if word in KEYWORDS else token.text


def _is_prefix(token: SqlToken, following: SqlToken | None, before: str) -> bool:
    """The minus of -5, the E of E'text'."""
    if following is None or not following.literal:
        return False
    signs = token.text in {"-", "+"} and following.number and not _ends_value(before)
    return signs or (token.text in STRING_PREFIXES and token.end == following.start)


def _is_suffix(token: SqlToken, preceding: SqlToken | None) -> bool:
    """The xFF of 0xFF, which comes as 0 and xFF."""
    word = token.text[:1].isalnum() or token.text[:1] == "_"
    return preceding is not None and preceding.number and preceding.end == token.start and word


def _is_quoted_value(statement: str, token: SqlToken, following: SqlToken | None, before: str) -> bool:
    """In MySQL "x" is a string, elsewhere a name. Compared with something and not of the form "x".y, it is masked."""
    dotted = following is not None and following.text == "."
    return statement[token.start] == '"' and before in COMPARISONS and not dotted


def _ends_value(piece: str) -> bool:
    """Whether a minus behind this piece subtracts."""
    return piece in {"?", ")", "]"} or (piece[-1:].isalnum() and piece not in KEYWORDS)


def _collapsed(pieces: Iterator[str]) -> list[str]:
    """`?, ?, ?` as `?`, and `(?), (?)` as `(?)`: how many values there are makes no other statement."""
    out: list[str] = []
    for piece in pieces:
        if piece == "?" and out[-2:] == ["?", ","]:
            out.pop()
            continue
        out.append(piece)
        if piece == ")" and out[-7:] == ["(", "?", ")", ",", "(", "?", ")"]:
            del out[-4:]
    return out


def joined(pieces: Sequence[str]) -> str:
    """The pieces as a line of SQL."""
    line: list[str] = []
    before = ""
    for piece in pieces:
        calls = piece == "(" and before and before not in KEYWORDS and before[-1:].isalnum()
        if before and not calls and piece not in GLUED_BEFORE and before not in GLUED_AFTER:
            line.append(" ")
        line.append(piece)
        before = piece
    return "".join(line)


def abridged(pieces: Sequence[str], longest: int) -> str:
    """A line that shows the verb, the table and the conditions; what does not fit is "…"."""
    short = _without_columns(list(pieces))
    line = joined(short)
    if len(line) > longest:
        line = joined(_table_and_conditions(short))
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _without_columns(pieces: list[str]) -> list[str]:
    """A long list of columns as "…"."""
    low, high = 0, 0
    if pieces[:1] == ["SELECT"] and (found := _at_top(pieces, "FROM")):
        low, high = 1, found
    elif pieces[:1] == ["INSERT"] and "(" in pieces and ")" in pieces:
        low, high = pieces.index("(") + 1, pieces.index(")")
    if low < high and len(joined(pieces[low:high])) > SHORT_LIST:
        return [*pieces[:low], "…", *pieces[high:]]
    return pieces


def _table_and_conditions(pieces: list[str]) -> list[str]:
    """What joins, groups and orders as "…"."""
    table, where = _at_top(pieces, "FROM"), _at_top(pieces, "WHERE")
    if not table or not where or where < table:
        return pieces
    after_table = next(
        (at for at in range(table + 1, where) if pieces[at] in KEYWORDS or pieces[at] == ","), where
    )
    return [*pieces[:after_table], *(["…"] if after_table < where else []), *pieces[where:]]


def _at_top(pieces: Sequence[str], word: str) -> int:
    """Where a word first stands outside of brackets; 0 where it does not."""
    depth = 0
    for at, piece in enumerate(pieces):
        if piece == word and depth == 0:
            return at
        depth += (piece == "(") - (piece == ")")
    return 0
