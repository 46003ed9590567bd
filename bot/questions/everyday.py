"""Words of everyday English: in a free sentence they are no names, though after a command, as in `slowest freeze`, they may be."""

from __future__ import annotations

EVERYDAY = frozenset(
    """
    absolutely acceptable accident accidentally accurate across add added adding address advance af afraid afterwards agree aim ain't alas amazing amount
    angry apart appreciate approximately april arrive arrived arriving ascending attempt attempted attention august awfully badly barely basically
    beautiful beforehand behaved behaves beside bet bless blocked blocking bloody boring bother bothered bothering bought brief briefly brings brought
    buckle buckling bunch burn burned burning burns cant capable care careful carefully catastrophe catch chance cheers choke choked chokes choking choose
    chose clever clogged cold collapse collapsed comfortable comment complaint completed completely completing confused confusing congested consider
    consist content cool correct cost costs could've couldn't crap crazy created cross crucial cry curse customary cut daily damned dang danger dangerous
    dare dead dear december decide decline declined deeply definitely delay delayed delays delivered demand depend depends descending deserve desperate
    desperately determine devastating differ difficult digging disappear disappeared disaster discover disgusting display disturbing divide doesnt doing's
    dont double doubled dozen dozens drive drove dumb earlier effort eight eleven elsewhere encounter encountered enjoy enormous equal essential estimate
    evening everyday excellent exceptionally excessive excessively excuse exhibit expect expected experience experienced experiencing expose exposes face
    faced facing fact facts fair fall fallen falling falls fantastic fault favour fear february feel feeling feels ffs fight final finally finish finished
    finishes finishing fix fixed flaky flat flooded fly fold follow followed follows fool force forget forgot forward fragile freak freaking freeze
    freezes freezing friday fright frozen frustrated frustrating fuck fucking fully fun functioning furious future generally gentle glad goodness gosh
    grand grateful grow growing grown hadn't halt halted halts hang happy hardly harm hasn't hate haven't he's heaven heavily helpful highly hold holding
    holds holy honestly hope hopefully hoping horribly horrid how'd hundred hurry hurt hurting hurts ill imagine immediate inform informed initial
    instance instantly intense interested interesting interval isnt jammed january joke july jump jumped june kidding kill killed killing kindly knows
    lack laugh lead leads leaving lend lengthy let's lift likewise limp limping linger lingering listed lit lmao loud love lovely luck lucky ludicrous mad
    madness magic mainly maintain majority man manage managed manner march matter maximum maybe meaning meant meanwhile meet mentioned merely midday
    midnight mind minimum miracle miserable miserably miss misses mistake mistakes monday morning moved moves moving multiple naturally necessary negative
    nevertheless nicely night nine noise noisy none nonetheless noon nope normal noted november obviously occasion october ocurring omg opinion opposite
    ordinary ought outside overdue overloaded overwhelmed owe painful painfully pardon partially participate pass passed passes passing patient peak peaks
    perfect perfectly permit persist persistent picked pleasant plenty positive practically precise precisely prefer present presently pressure prevent
    previously proceed produce produced produces producing progress promise promptly protest proven purely push pushed quantity quiet quietly rapid
    rapidly rare reaction realise reality realize recover recovered recovering reduce refuse refused refuses refusing regard regards relatively reliable
    reliably rely remark remember repeat repeated repeatedly reply required responsive rest restore ridiculous ridiculously rise risk rubbish sadly
    satisfied saturday saying scream screaming seek seldom sense separate september settle severely sharply she's shifted shocking should've shouldn't
    shout shut shy sight significant significantly silly simply sincerely six sixty size skip sleep slipping smart smh snail solve solved somewhat soonest
    specially specific specifically spoil sputter sputtering stable stall stalled standing step steps stick sticking stood straight stress strong
    strongest strongly struggled struggles stuck stumble stumbles stupid stupidly sudden suffer suffered suffering suffers suggest sunday super supposed
    surely surprise surprising suspect suspiciously swamped swear tale taste tear ten terribly thank thankful thanks themselves thereby therefore thirty
    tho thoroughly thou thousand thousands threw throw throws thursday tired tomorrow tonight tooth toss tragic treat tremendous tremendously trick tricky
    true truly trust truth tuesday twelve twenty ugh ultimately unacceptable unbearable unbearably unbelievable unbelievably understand understood
    unfortunately unhealthy unlike unstable unusable unusably upper usable usage useless usual utterly valid vast versus via wake warm warn wasnt waste
    wasted wasting wednesday weekend what'd what're where're whichever who'd who're whoever whomever wide wildly willing wish wonderful wont worn would've
    wouldn't wow writing wth y'all yeah yell yep you'd you'll you've yourself
    ran ate eat eats hurts became began begun bit blew broke built caught cut dealt drew drank flew forbade froze hid held hung laid lay led lost meant met
    paid rang rose sank shook shot shrank slid slept spoke stole stuck struck swam taught told woke wept speed breakdown ranking ranked histogram chart graph
    distribution digest share proportion percentage percent ratio sums series spread timeline sheet steps spiked spike spikes peaks explode performs
    extreme real terrific massive massively severe colossal horrific serious abysmal dreadful dreadfully
    says said mess nightmare garbage trash rubbish hopeless embarrassing unhappy angry rude quit fed annoyed annoying complained complaining colleague colleagues boss
    attempt attempts asleep blip blips hiccup hiccups glitch glitches burn culprit snag snags
    abt bc cuz coz sth smth btwn hrs grp tbh imo imho idk btw fyi asap
    """.split()
)
