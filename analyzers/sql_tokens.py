"""SQL of any dialect, cut into words and signs by sqlglot. Importing this takes 0.1 s, so import it when needed."""

from __future__ import annotations

from typing import NamedTuple

from sqlglot.errors import TokenError
from sqlglot.tokens import Tokenizer

LITERALS = frozenset(
    "NUMBER STRING NATIONAL_STRING RAW_STRING HEX_STRING BIT_STRING BYTE_STRING HEREDOC_STRING UNICODE_STRING "
    "PLACEHOLDER TRUE FALSE".split()
)


class SqlToken(NamedTuple):
    """A word or sign, and where it stands in the statement."""

    text: str
    literal: bool
    number: bool
    quoted_name: bool
    start: int
    end: int
    """Behind its last character."""


class AnyDialect(Tokenizer):
    """MySQL's backticks and backslashes besides the standard's quotes."""

    IDENTIFIERS = ['"', "`"]  # noqa: RUF012 - sqlglot's way to configure it
    STRING_ESCAPES = ["'", "\\"]  # noqa: RUF012 - likewise


def sql_tokens(statement: str) -> list[SqlToken] | None:
    """The tokens without comments and whitespace; None where a string or a comment never ends."""
    try:
        tokens = AnyDialect().tokenize(statement)
    except TokenError:
        return None
    return [
        SqlToken(
            text=token.text,
            literal=(kind := token.token_type.name) in LITERALS,
            number=kind == "NUMBER",
            quoted_name=kind == "IDENTIFIER",
            start=token.start,
            end=token.end + 1,
        )
        for token in tokens
    ]
