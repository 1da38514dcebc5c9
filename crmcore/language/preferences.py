"""What a person likes and does not like: when and how to be reached, language, taste (S1-01).

`no call before 10:00` becomes quiet hours for the channel call, from 00:00 to 10:00, not allowed.
"""

import re
from datetime import time

from attrs import frozen

from crmcore.language.channels import CHANNEL_PATTERNS
from crmcore.language.quiet_hours import Hours, find_hours
from crmcore.language.sentences import clauses, sentences


@frozen(kw_only=True)
class Preference:
    """A preference and the sentence it was taken from.

    `kind` is quiet_hours, channel, taste, language or other. `channel` is call, email, chat, ... or empty for any.
    `allow` says whether it is wanted or unwanted. `start` and `end` bound the hours meant (`end` None: midnight; both
    None: all day), `days` the weekdays (0 is Monday; empty: every day). `text` is the clause, or what is liked.
    """

    kind: str
    channel: str = ""
    allow: bool
    start: time | None = None
    end: time | None = None
    days: tuple[int, ...] = ()
    text: str
    sentence: str


_CHANNELS = [(channel, re.compile(words, re.IGNORECASE)) for channel, words in CHANNEL_PATTERNS]
_REACH = re.compile(
    r"\b(?:contact|disturb|reach|bother|appointments?|available|reachable)\b|联系|打扰|找[他她]|方便", re.IGNORECASE
)
_BAN = re.compile(
    r"\b(?:no(?!\s+(?:news|answer|problem|reply|need|longer|one|quote|show|decision|interest|budget"
    r"|response))|never|don'?t|do\s+not|does\s*n[o']?t\s+(?:want|like|take|accept|answer|wish)"
    r"|not\s+(?:to\s+be\s+)?(?:call|phone|ring|contact|mail|disturb)\w*|not\s+(?:before|after|on|at|by"
    r"|via|in)|hates?|dislikes?|avoid|stop|refuses|unavailable|not\s+(?:available|reachable)|can(?:no"
    r"|')t\s+be)\b"
    r"|不要|别(?!的|人)|勿|不想|不接|不喜欢|不方便|不能|不许|不希望|讨厌|不用|不便|避免|拒接|不看",
    re.IGNORECASE,
)
_NEVER_THEN = re.compile(r"\b(?:never|not|no)\s+(?:before|after|on|during|between)\b", re.IGNORECASE)
_ONLY = re.compile(
    r"\b(?:only|prefers?|preferred|preferably|best|please\s+(?:use|call|e-?mail|contact|write|phone"
    r"|text)|rather|always|likes?\s+to\s+be|better|wants?\s+to\s+be\s+(?:called|contacted|reached)"
    r"|reachable|available)\b"
    r"|只|最好|喜欢(?:用|通过|发|打|走)?|偏好|偏爱|习惯|优先|尽量|更愿意|倾向|请用|请通过|方便"
    r"|希望(?:用|通过)|统一用",
    re.IGNORECASE,
)
_LANGUAGES = (
    r"English|Chinese|Mandarin|Cantonese|German|French|Spanish|Italian|Japanese|Korean|Portuguese"
    r"|Russian|Dutch|Polish|Arabic|英文|英语|中文|汉语|普通话|粤语|广东话|日语|日文|德语|德文|法语"
    r"|法文|韩语|西班牙语|俄语"
)
_LANGUAGE = re.compile(
    rf"\b(?:prefers?|speaks?(?:\s+only|\s+no)?|only|write\s+(?:to\s+\w+\s+)?in|reads?(?:\s+only)?"
    rf"|wants?\s+(?:everything|documents?|mails?|all\s+\w+|it)?\s*in|please\s+use|(?:documents|mails?"
    rf"|correspondence|letters?)\s+in)\s+(?:\w+\s+)?(?P<english>{_LANGUAGES})\b"
    rf"|(?:只|请|用|说|讲|懂|会|习惯|喜欢|偏好|要)[\u4e00-\u9fff]{{0,4}}?(?P<han>{_LANGUAGES})",
    re.IGNORECASE,
)
_LANGUAGE_BAN = re.compile(r"\b(?:no|not|doesn'?t|does\s+not|never)\b|不(?:会|懂|说|讲)", re.IGNORECASE)
_TASTE = re.compile(
    r"\b(?:(?P<dislike>does\s*n[o']?t\s+(?:like|eat|drink|smoke)|dislikes?|hates?|can'?t\s+stand"
    r"|allergic\s+to|never\s+(?:eats|drinks)|no\s+(?=alcohol|pork|meat|fish|sugar|milk|coffee|spicy"
    r"|nuts|seafood))"
    r"|(?P<like>likes?|loves?|enjoys?|fond\s+of|(?:big\s+|a\s+)?fan\s+of|passionate\s+about"
    r"|favou?rite\s+\w+\s+is|(?:drinks|eats)(?:\s+only)?|crazy\s+about|prefers(?=\s+(?:tea|coffee|wine"
    r"|beer|water|spicy|fish|vegetarian|window|aisle))))\s+(?P<what>[^,.;!?]+)"
    r"|\b(?P<diet>vegetarian|vegan|halal|kosher|teetotal\w*|non-?smoker|golfer)\b",
    re.IGNORECASE,
)
_NOT_TASTE = re.compile(
    r"^(?:our|the(?!\s+(?:opera|theatre|sea|mountains))|your|this|that|it(?!\s+(?:spicy|hot|mild|sweet"
    r"|strong|black|short|formal|quiet|plain|cold))|idea|these|those|what|how|to\s+(?:be|know|see|have"
    r"|get|order|buy|receive|discuss)|being|an?\s+(?:quote|offer|call|demo|sample|meeting)|us|him|her"
    r"|them|product|working|quick|prices?)\b",
    re.IGNORECASE,
)
_HAN_TASTE = re.compile(
    r"(?P<dislike>不喜欢|不爱|不吃|不喝|不抽|讨厌|忌口?|忌讳|不能吃|不能喝"
    r"|对(?=[^，。]{1,6}过敏))(?P<bad>[^，。；！？,.;!?]+)"
    r"|(?:喜欢|爱好|爱(?=[吃喝打看听])|热爱|偏爱|爱好是|最爱|酷爱)(?P<good>[^，。；！？,.;!?]+)"
    r"|(?P<diet>吃素|素食|清真)"
)
_HAN_NOT_TASTE = re.compile(
    r"^(?:我们|我司|这|那|你们|产品|报价|方案|价格|用(?:邮件|微信|电话|短信)|发|打电话|微信|邮件|电话"
    r"|短信|通过)|(?:方案|产品|报价|价格|机器|型号|设备|款|服务|演示|样品)$"
)
_OTHER = re.compile(
    r"\b(?:prefers?|preference\s+for)\s+(?P<what>[^,.;!?]+)|(?:偏好|更喜欢|习惯)(?P<han>[^，。；！？,.;!?]+)",
    re.IGNORECASE,
)
_NO_PREFERENCE = re.compile(
    r"\b(?:would\s+(?:like|prefer|love)|'d\s+(?:like|prefer|love)|looks?\s+like|(?:i|we)\s+(?:don'?t"
    r"|do\s+not|never)|don'?t\s+(?:forget|worry|know|have|hesitate|need|think|understand|send\s+the)"
    r"|feel\s+free|anything\s+like|(?:did|was|were|had|has)\s*n[o']t|(?:if|whether)\s+(?:he|she|they"
    r"|you)|no\s+\w+\s+(?:yet|today|so\s+far))\b|[?？]\s*$|吗|是否|没有?接|别忘|不要忘|不用担心",
    re.IGNORECASE,
)


def _channels(text: str) -> list[str]:
    found = [(match.start(), channel) for channel, words in _CHANNELS if (match := words.search(text))]
    return [channel for _, channel in sorted(found)]


def _reaching(clause: str, sentence: str) -> list[Preference]:
    """Return preferences about when and by what to reach the person."""
    channels, hours = _channels(clause), find_hours(clause)
    ban, only = _BAN.search(clause), _ONLY.search(clause)
    if hours and not channels and _NEVER_THEN.match(clause):
        channels = _channels(sentence)[:1]
    elif not (ban or only) or not (channels or _REACH.search(clause)):
        return []
    if hours:
        return [_hours(clause, sentence, channels[0] if channels else "", hours, allow=not ban)]
    if not channels:
        return []
    # "only e-mail" wants it, "no calls" does not; "prefers e-mail, no calls" comes as two clauses.
    wanted = [Preference(kind="channel", channel=channels[0], allow=not ban, text=clause, sentence=sentence)]
    if only and ban and only.start() < ban.start() and len(channels) > 1:
        pair = ((channels[0], True), (channels[1], False))
        return [Preference(kind="channel", channel=c, allow=a, text=clause, sentence=sentence) for c, a in pair]
    return wanted


def _hours(clause: str, sentence: str, channel: str, hours: Hours, *, allow: bool) -> Preference:
    return Preference(
        kind="quiet_hours",
        channel=channel,
        allow=allow,
        start=hours.start,
        end=hours.end,
        days=hours.days,
        text=clause,
        sentence=sentence,
    )


def _language(clause: str, sentence: str) -> list[Preference]:
    found = _LANGUAGE.search(clause)
    if not found:
        return []
    allow = not _LANGUAGE_BAN.search(clause)
    return [Preference(kind="language", allow=allow, text=found["english"] or found["han"], sentence=sentence)]


def _taste(clause: str, sentence: str) -> list[Preference]:
    found = _TASTE.search(clause)
    if found:
        what = (found["what"] or found["diet"]).strip()
        if not _NOT_TASTE.match(what):
            return [Preference(kind="taste", allow=not found["dislike"], text=what, sentence=sentence)]
    han = _HAN_TASTE.search(clause)
    if han:
        what = (han["bad"] or han["good"] or han["diet"]).strip()
        if not _HAN_NOT_TASTE.search(what):
            return [Preference(kind="taste", allow=not han["dislike"], text=what, sentence=sentence)]
    return []


def _other(clause: str, sentence: str) -> list[Preference]:
    found = _OTHER.search(clause)
    if not found:
        return []
    what = (found["what"] or found["han"]).strip()
    return [Preference(kind="other", allow=True, text=what, sentence=sentence)]


def find_preferences(text: str) -> list[Preference]:
    """Return the preferences in `text`, in order, at most one kind for each clause."""
    found: list[Preference] = []
    for sentence in sentences(text):
        for clause in clauses(sentence.text.rstrip(" .。!！").replace("’", "'")):
            if _NO_PREFERENCE.search(clause.text) or sentence.text.endswith(("?", "？")):
                continue
            for read in (_language, _reaching, _taste, _other):
                preferences = read(clause.text, sentence.text)
                if preferences:
                    found += preferences
                    break
    return found
