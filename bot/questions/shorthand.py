"""What is typed in haste, spelt out: `reqs` for requests, `whats` for what's, a `pls` at the end."""

from __future__ import annotations

import re

SPELT_OUT = {
    "whats": "what's", "wats": "what's", "hows": "how's", "wheres": "where's", "whos": "who's", "whys": "why's", "gimme": "give me",
    "lemme": "let me", "wanna": "want to", "gotta": "have to", "req": "request", "reqs": "requests", "txn": "transaction",
    "txns": "transactions", "tx": "transactions", "svc": "service", "svcs": "services", "err": "error", "errs": "errors",
    "exc": "exceptions", "ops": "operations", "u": "you", "ur": "your", "em": "them", "perf": "performance", "resp": "response",
    "avg": "average", "yday": "yesterday", "mins": "min", "folks": "people", "cant": "can't", "cannot": "can't", "isnt": "isn't",
    "doesnt": "doesn't", "dont": "don't", "wont": "won't", "aint": "isn't", "rps": "requests per second", "qps": "requests per second",
    "rpm": "requests per minute",
}  # fmt: skip
WORD = re.compile(rf"(?<![\w./:@=\-'\"])(?:{'|'.join(SPELT_OUT)})(?![\w/:@=\-'\"]|\.\w)", re.IGNORECASE)
MANNERS = re.compile(
    r"^(?:(?:hey|hi|hello|yo|hmm+|uh|ok|okay|so|well|folks|guys|team|please|pls|plz|quick question|god|omg|ugh|argh|damn)(?: there)?[ ,:!.]+)+(?=\w)"
    r"|(?:[ ,]+(?:pls|plz|please|thx|thanks|thank you|ty|asap|quickly|for me|rn|atm|right now|at the moment|now|lol|man|mate|guys|folks|ffs|again))+$",
    re.IGNORECASE,
)


def spelt_out(words: str) -> str:
    """The words without what is only manners, and with what was shortened spelt out; names and quoted text stay."""
    bare = MANNERS.sub("", words) or words
    return WORD.sub(lambda match: SPELT_OUT[match[0].lower()], bare)
