"""How somebody feels, where the answer says so: a score, a word of the form, or plain words of praise or blame."""

import re

_POSITIVE = (
    "positive|good|great|excellent|helpful|useful|convinc|interest|impress|satisf|like|love|clear|recommend|"
    "很好|不错|满意|喜欢|有用|清楚|有帮助|感兴趣|推荐|优秀|专业|好评"
)
_NEGATIVE = (
    "negative|bad|poor|useless|confus|expensive|boring|disappoint|unclear|wrong|outdated|dislike|waste|"
    "too (?:long|dear)|"
    "不好|不满|没用|不清楚|太贵|贵了|失望|过时|看不懂|无聊|差评|太长|不感兴趣|不喜欢|不满意|不推荐|不专业"
)
_NOT = r"(?:not|n't|never|hardly|no|isn’t|isn't|wasn't|don't|didn't)\s+(?:\w+\s+){0,2}"
_WORDS = {
    "positive": "positive", "yes": "positive", "good": "positive", "好": "positive", "满意": "positive",
    "negative": "negative", "no": "negative", "bad": "negative", "差": "negative", "不满意": "negative",
    "neutral": "neutral", "一般": "neutral", "so-so": "neutral", "ok": "neutral",
}  # fmt: skip


def sentiment(said: str, *, score: int | None = None, highest: int = 5, verbatim: str = "") -> str:
    """Return positive, neutral or negative; empty where nothing tells.

    What was said in so many words counts first, then a score (of `highest`: the upper third is positive, the lower
    third negative), then the words of the verbatim: praise and blame in it, a negation turned round. Both or neither:
    nothing is made of it. Somebody may always say otherwise (`crm marketing survey judge`).
    """
    word = _WORDS.get(said.strip().lower())
    if word is not None:
        return word
    if score is not None:
        return "positive" if score * 3 > highest * 2 else "negative" if score * 3 <= highest else "neutral"
    return _of_words(verbatim)


def _of_words(text: str) -> str:
    denied = len(re.findall(rf"{_NOT}(?:{_POSITIVE})", text, re.IGNORECASE))
    spared = len(re.findall(rf"{_NOT}(?:{_NEGATIVE})", text, re.IGNORECASE))
    blame = len(re.findall(_NEGATIVE, text, re.IGNORECASE)) - spared
    # A Chinese word of praise is part of the word that denies it: 不满意 holds 满意.
    inside = len(re.findall("不满意|不喜欢|不清楚|不感兴趣|不推荐|不专业", text))
    praise = len(re.findall(_POSITIVE, text, re.IGNORECASE)) - denied - inside
    good, bad = praise + spared, blame + denied
    return "" if bool(good) == bool(bad) else "positive" if good else "negative"
