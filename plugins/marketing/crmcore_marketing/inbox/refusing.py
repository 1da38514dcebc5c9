"""Whether a person's own words say that no more mail is wanted: STOP, unsubscribe, 退订, and the like."""

import re

_LONGEST = 240  # characters; who writes more than that has something else to say as well, for a person to read
_WORD = r"(?:stop|unsubscribe|un-subscribe|opt[ -]?out|remove|remove me|cancel subscription|no more e?-?mails?|td)"
_REFUSALS = re.compile(
    rf"{_WORD}(?: (?:me|us|please|now|all|thanks?|this|e?-?mails?|list|newsletter))*|"
    r"(?:please |kindly |pls )?(?:unsubscribe|remove|delete|take) (?:me|us|my (?:e-?mail|address|name)[\w -]*|this "
    r"(?:e-?mail|address)[\w -]*|[\w.+-]+@[\w.-]+)(?: (?:off|from|of) (?:all )?(?:of )?(?:the|your|this|any|these)"
    r"[\w ,-]*)?|"
    r"(?:please )?(?:stop|quit|cease) (?:sending|e-?mailing|mailing|spamming|contacting|writing)[\w '-]*|"
    r"(?:please )?(?:do not|don.?t|never) (?:send|e-?mail|mail|contact|write)[\w '-]* "
    r"(?:again|any ?more|e?-?mails?|me|us)[\w '-]*|"
    r"i (?:want|wish|would like|'d like) to (?:unsubscribe|opt out|be removed)[\w ,-]*|"
    r"(?:bitte )?(?:abmelden|abbestellen|austragen|newsletter abbestellen|keine weiteren (?:e-?)?mails[\w ]*)|"
    r"(?:bitte )?(?:tragen|nehmen|streichen) sie mich[\w ]*|"
    r"(?:me )?(?:désabonner|désinscrire|désinscription|désabonnement)[\w ]*|"
    r"(?:dar(?:me)? de )?baja|cancelar suscripción|"
    r"(?:请|麻烦|我要|申请|帮我|给我)*(?:退订|取消订阅|取消關注|取消訂閱|退閱|不再接收|拒收|删除我[的]?\w{0,8})\w{0,8}|"
    r"(?:请)?(?:不要|别|勿|停止|别再|不要再|请勿|勿再|不想再?)(?:再)?(?:给我|向我|跟我|对我)?(?:再)?"
    r"(?:发|发送|收到|打扰|骚扰|联系|群发|推送)\w{0,12}|(?:メール)?(?:配信停止|登録解除|解約)\w{0,8}",
    re.IGNORECASE,
)
_GREETINGS = re.compile(
    r"^(?:hi|hello|dear|hallo|bonjour|sehr geehrte|liebe|guten tag|你好|您好|尊敬的)[^.!。！\n]{0,40}[,，:：!！]?$|"
    r"^(?:thanks?|thank you|regards|best|kind|mit freundlichen|cordialement|谢谢|此致|敬礼|多谢)\b.{0,60}$|"
    r"^谢谢.{0,10}$",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^\s*(?:(?:re|aw|sv|fw|fwd|wg|回复|答复|转发|回覆)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)


def refuses(subject: str, body: str) -> bool:
    """Return whether the subject, or what was newly written, asks for no more mail, and says nothing else of weight.

    A first sentence that refuses is enough where the whole is short; a question how to end something else is none.
    """
    if _REFUSALS.fullmatch(_trimmed(_PREFIX.sub("", subject))) and not _PREFIX.match(subject):
        return True
    if len(body) > _LONGEST or "?" in body or "？" in body:
        return False
    return any(_REFUSALS.fullmatch(each) for each in _sentences(body)[:2])


def plain_subject(subject: str) -> str:
    """Return a subject without the marks of answers and forwarding, in small letters."""
    return " ".join(_PREFIX.sub("", subject).split()).lower()


def is_answer(subject: str) -> bool:
    """Return whether a subject has the mark of an answer."""
    return bool(_PREFIX.match(subject))


def _sentences(body: str) -> list[str]:
    lines = [line.strip() for line in body.splitlines()]
    kept = "\n".join(line for line in lines if line and not _GREETINGS.match(line))
    return [trimmed for each in re.split(r"[.!。！;；\n]+(?=\s|$|\W*[^\W\d_])", kept) if (trimmed := _trimmed(each))]


def _trimmed(text: str) -> str:
    return " ".join(text.split()).strip(" .,!;:'\"“”‘’*_~-–—。，！；：、()（）<>《》【】[]")
