"""Common words of questions: what cannot be the name of a service, unless it is quoted."""

from __future__ import annotations

import re

from bot.questions.thesaurus import concept_of

COMMON = frozenset(
    """
    a able about actual actually after again all already also am an and annoying another answering answers
    any anybody anyone anything anyway appear appeared appearing apply are around as ask at attribute
    attributes average awful back background bad be because been before behave behaving being belong belongs
    best between big bigger biggest bit both bottom break breaking bring broke broken building busy but by
    call called calling calls can cannot case cause caused causes certain check checking clear clearly
    client clients close come comes coming common complete composed concerning connection connections could
    count counts couple crash crashed crashes crashing crawling current currently data database databases db
    deep describe detail details did different direct do does doing done down duration during each easy
    effect either else empty end ended ending endpoint endpoints enough enter enters entire error erroring
    errors especially even ever every everybody everyone everything everywhere exact example exception
    exceptions exist existing extremely fail failed failing fails failure failures false far fast faulty
    favourite few field fields find fine first five folks for forever four frequent frequently fresh from
    full further general get gets getting give gives giving go goes going gone good got great group grouped
    guys had half hand happen happened happening happens hard has have having he heavy hello help here hey
    hi hidden high higher highest him his hit hits horrible hour hours how huge i if important in individual
    inner input inside internal into is issue issues it its itself join just keep keeps kept key kind kinds
    know lag lagging large larger largest last late lately latency latest least leave left less let like
    likely line list little live load loading loads log logged long longer longest look looked looking looks
    lose loses losing lot low lower lowest made main major make makes making many may me mean mention
    message messages method middle might mine minor minute minutes missing moment month most move much must
    my name named names near nearby need needed needs never new next nice no nobody not nothing noticeable
    now number numbers occur occurs odd of off offer offers often ok okay old on once one ones only open
    opened operation operations ops or ordered other our out outgoing over overview own page pages
    particular parts past pending people per perform performance performing person place placed places
    please plus point poor popular possible pretty previous print probably problem problems process
    processed production provide provides pull put quick quickly quite random range rate rather raw read
    ready real really recent recently reported reporting reports request requests respond responding
    responds response responses result results return returned returning returns right run running s sad
    same sample say second seconds see seem seemed seems seen sees sent serve serves service services
    serving set several she shop short shortest should show shown shows side similar simple since single
    site slightly slow slower slowest slowing slowly slowness sluggish small so some somebody someone
    something soon sort sorted span spans spat special spend spent spit spits sql stand start started
    statement statements still stop stopped strange struggle struggling stuff such suddenly sum summary sure
    table tail take taken takes taking team tell terrible test text than that the their them then there
    these they thing things think this those three through throwing time timed timeout timeouts times tiny
    to today together ton tons too took top total totally trace traces transaction transactions tried
    trouble try trying twice two type types typical uncaught unclear under underlying unexpected unhandled
    unknown until up upset urgent us use used useful using usually value values various very visit visited
    visits wait waiting waits want was way we website week weird well went were what whatever whats when
    whenever where which while who whole whom whose why will with within without words work working world
    worse worst would write wrong yesterday yet you your zero
    abnormal accept accepted accepting access acting affect affected ago ahead allow allowed almost along alright always anymore
    anywhere apparently aside asking available avoid aware based became become becoming begin beginning begins behind
    believe below besides beyond blow blowing blown blew broad calm came caught changes clue comparable complain complaining complains
    concern concerned confirm consistently constant constantly contain continue correctly curious deadline deal despite doubt drop dropped
    dropping drops due early eating ended eventually exceeded exhausted explore extra fairly familiar fell felt fewer figure
    fire found funny gather given gives grab greatly guess handle handled handling happily hear heard hence hit hitting
    hint http https idea ideas immediately impact impacted include included including indeed insight instead intermittent
    intermittently involved isn kick knew known lets lie lies life literally locked longing loads lost mess messed mid mine
    moments mostly narrow neither nor normally notice noticed noticing obvious occasionally odd opening origin originate others
    otherwise overall perhaps period picture point pop popping possibly potential properly proper prove purchase quit
    raise raised randomly rarely reach reached reaching reads reason regarding regularly relevant remain remaining require
    retrieve rough roughly row rows scary section seemingly serious seriously severe shape sharp shit sick sign single
    sit sitting slightly smooth smoothly solid somehow sometime sometimes somewhere sorry spot start state stay steady
    story surprised suspicious talk talking tend thought though throughout thrown till timing today's told totally touch toward
    towards turn turned turning ugly unable unhappy unusually upon various view wanted watch weirdly went
    whether wise wonder wondering worked worried worry worrying yes
    prod production platform svc svcs req reqs err errs pls plz thx rn atm wtf tf hell damn god lol gonna
    hottest busiest heaviest costliest priciest quickest fastest noisiest popular
    isn't doesn't can't don't won't didn't aren't wasn't that's there's it's we're they're you're i'm i've
    """.split()
)
LEADING = frozenset(
    "a an the our my in of for on at by from with to inside within about service endpoint route operation".split()
)
TRAILING = frozenset(
    "service services requests request traces trace calls call spans queries transactions endpoint endpoints operation"
    " operations please now today there here side app system again".split()
)
PLACES = frozenset(
    "in of for on at by from with to inside within about through into via hitting calling touching".split()
)
NAMEABLE = frozenset({"<chat>", "<person>"})
"""Concepts whose words are names of services too: email, table, customers."""
NAME = re.compile(r"[\w{][\w.\-/{}:]*|/[\w.\-/{}:*]*")
TIERS = frozenset(
    "gold silver bronze platinum premium basic free paid paying trial pro plus business enterprise vip beta internal guest standard".split()
)
"""Kinds of people, before a word for them."""
EVERYBODY = frozenset("users customers clients people everybody everyone".split())
"""No place, unless a store is known to have a service of that name."""
METHODS = frozenset("get post put patch delete head options".split())
MOST_NAME_WORDS = 3


def scope_named(words: str) -> str | None:
    """The place that these words are the name of, without what merely surrounds names; empty for none, None where they are more than a name."""
    parts = words.replace('"', " ").replace("'s", " ").replace("'", " ").split()
    parts = [part.rstrip(":,#@") for part in parts if part.strip(":,#@-")]
    while parts and parts[0].lower() in LEADING:
        parts = parts[1:]
    while parts and parts[-1].lower().rstrip(",") in TRAILING:
        parts = parts[:-1]
    if len(parts) == 1 and parts[0].lower() in EVERYBODY:
        return ""
    return " ".join(parts) if not parts or is_name(parts) else None


def is_name(parts: list[str]) -> bool:
    """Whether these words can be a service, an operation or a route."""
    if len(parts) > MOST_NAME_WORDS or not all(NAME.fullmatch(part) for part in parts):
        return False
    if parts[0].lower() in METHODS and len(parts) == 2 and parts[1].startswith("/"):
        return True
    return not any(is_common(part.lower()) for part in parts)


def is_common(word: str) -> bool:
    """Whether the word says what is asked rather than where."""
    concept = concept_of(word)
    return word in COMMON or (concept is not None and concept not in NAMEABLE)
