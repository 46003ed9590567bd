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
    "rpm": "requests per minute", "teh": "the", "hte": "the", "wich": "which", "whihc": "which", "waht": "what", "wat": "what", "mnay": "many", "adn": "and",
    "becuase": "because", "beacuse": "because", "taht": "that", "tehre": "there", "hwo": "how", "alot": "a lot", "untill": "until", "abt": "about", "bc": "because", "cuz": "because", "coz": "because", "sth": "something",
    "smth": "something", "btwn": "between", "r": "are", "hrs": "hours", "secs": "seconds", "wasnt": "wasn't", "didnt": "didn't",
    "wy": "why", "takin": "taking", "doin": "doing", "goin": "going", "happenin": "happening", "failin": "failing", "workin": "working", "prev": "previous", "srv": "service", "msg": "message", "endpts": "endpoints", "ppl": "people",
}  # fmt: skip
WORD = re.compile(rf"(?<![\w./:@=\-'\"])(?:{'|'.join(SPELT_OUT)})(?![\w/:@=\-'\"]|\.\w)", re.IGNORECASE)
GREETING = (
    r"(?:hey|hi|hello|yo|hmm+|uh|ok|okay|so|well|alright|folks|guys|team|please|pls|plz|kindly|quick question|god|omg|wow|ugh|argh|damn|sorry|excuse me|dear \w+|good (?:morning|day|afternoon|evening)"
    r"|(?:i am |i'm )?(?:so |very |really )?sorry (?:to (?:bother|disturb|trouble) (?:you|u)|for (?:bothering|disturbing) (?:you|u))(?: again)?|if (?:it is|it's|that is|that's) (?:not too much (?:trouble|to ask)|possible|ok(?:ay)?)"
    r"|for (?:god|heaven|christ|fuck|pity|goodness)(?:'s|s)? sake|(?:holy|oh) (?:shit|crap|cow|god|my god|man|dear)|just wondering|one question|a question)(?: there| everyone| all| bot| team| again)?"
)
ASKING = (
    r"(?:(?:can|could|would|will|might|may|can't|couldn't)(?: you| u| somebody| someone| anybody| anyone)(?: please| kindly| perhaps| maybe| possibly| just| quickly)*(?: be (?:so |very )?(?:kind|nice|good)(?: as)?(?: to)?| help me(?: to)?| have a look| take a look| look)?(?=(?: \w+){2})"
    r"|(?:would|do) you mind(?= \w+ing )|(?:can|could|may|might) i(?: please| kindly| perhaps)*(?= (?:see|get|have|ask|know)\b)|i (?:would|'d) (?:love|like)(?: to)?(?= (?:know|see|get|have|find|ask|understand|a |the ))|i'd (?:love|like)(?: to)?(?= (?:know|see|get|have|find|ask|understand|a |the )))"
)
FAREWELL = r"(?:pls|plz|please|thx|(?:many |kind )?thanks(?: (?:so much|a lot|a million|in advance|again|very much))?|thank (?:you|u)(?: (?:so much|very much|in advance|kindly))?|cheers|kind regards|ty|tia|asap|quickly|for me|rn|atm|right now|at the moment|(?<!to )(?<!than )(?<!vs )(?<!what )now|already|lol|omg|wtf|man|mate|dude|bro|guys|folks|ffs|again|sorry|if you (?:can|could|don't mind)|would you)"
MANNERS = re.compile(
    rf"^(?:(?:{GREETING}[ ,:!.]+(?:but |and )?)*{ASKING} (?:but |and )?|(?:check|see|find out) (?:whether|if) |(?:{GREETING}[ ,:!.]+(?:but |and )?)+)+(?=\w)|(?:(?<![ ,.!?])[ ,.!?]+{FAREWELL})+$",
    re.IGNORECASE,
)
PASTED = re.compile(
    r"^(?:\[(?:firing|resolved)(?::\d+)?\] (?:(?-i:[A-Z]\w*[a-z][A-Z]\w*) )?"
    r"|(?:pagerduty|opsgenie|alertmanager|grafana|sentry|datadog)(?: alert)?: "
    r"|\[?(?-i:WARN|WARNING|INFO|DEBUG)\]?:? )+",
    re.IGNORECASE,
)
"""What stands before an alert or a line of a log: who sent it, the name of the rule, a level that is no error."""
AND_MORE = re.compile(
    r"(?<=\w)(?:(?:,| and|, and) (?:since when|how often|how many|how much|where|when|who))+$", re.IGNORECASE
)
"""A second question that the answer to the first one tells as well."""
DAYS = re.compile(
    r"\b(today|yesterday|(?:this|last) week|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:'s?|s)(?=\s|$)",
    re.IGNORECASE,
)
"""`today's checkout with yesterday's`: a day is no owner."""
REPORTED = re.compile(
    r"^(?:(?:i|we|users|customers|people|they)(?:'re|'m| are| am| have)? (?:also )?(?:hear(?:ing)?|see(?:ing)?|notic(?:e|ed|ing)|think|guess|feel|believe|report(?:ing)?|say(?:ing)?|complain(?:ing)?)|someone says)(?: that)? (?!about\b|of\b|so\b)",
    re.IGNORECASE,
)
"""Who says so: `we hear that search is slow`."""
PAUSE = re.compile(r"(?:(?<=\w)[ ,]+|^)(?:u+h+|u+m+|e+r+m+)(?:[ ,]+|$)", re.IGNORECASE)
"""What dictation writes down of thinking."""
Y = re.compile(r"^y (?=(?:is|are|was|were|does|do|did)\b)", re.IGNORECASE)
PLEASE = re.compile(r"(?<=\w)[ ,]+(?:please|pls|plz|kindly)[ ,:]+(?=\w)", re.IGNORECASE)
WITH, WITHOUT = re.compile(r"(?<!\S)w/ ?(?!o\b)"), re.compile(r"(?<!\S)w/o ")
LOG_IN = re.compile(
    r"\b(?:log(?:ging|ged)?|sign(?:ing|ed)?) (?:in|on)(?=[ ,.?!]*(?:$|[ ,]))(?! (?:the|our|my|your)\b)",
    re.IGNORECASE,
)
"""One word, lest it be a log."""
ONLY_MANNERS = frozenset({"", "there", "then", "everyone", "all", "bot", "team", "done", "again"})
"""What may be left of a greeting."""


def spelt_out(words: str) -> str:
    """The words without what is only manners, and with what was shortened spelt out; names and quoted text stay."""
    bare = AND_MORE.sub("", PLEASE.sub(" ", MANNERS.sub("", PAUSE.sub(" ", PASTED.sub("", words)).strip())))
    bare = REPORTED.sub("", bare)
    bare = words if bare.lower() in ONLY_MANNERS else bare
    bare = WITH.sub("with ", WITHOUT.sub("without ", bare))
    bare = DAYS.sub(r"\1", Y.sub("why ", LOG_IN.sub("login", bare)))
    return WORD.sub(lambda match: SPELT_OUT[match[0].lower()], bare)
