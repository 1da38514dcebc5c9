"""Whether a person's own words say that no more mail is wanted: STOP, unsubscribe, 退订, and the like."""

import re

from crmcore.mail.subjects import is_answer, unmarked

_LONGEST = 240  # characters; who writes more than that has something else to say as well, for a person to read
_MAILS = (
    r"(?: (?:me|us|to|my|this|these|those|such|any|more|further|your|all|the|marketing|promotional|unsolicited|"
    r"stuff|junk|e-?mails?|mails?|mailings?|messages?|newsletters?|advertis\w+|ads|spam|offers?|address|inbox))*"
)
_LATER = r"(?: (?:any ?more|again|ever|please|now|thanks?|thank you|in (?:the )?future))*"
_LIST = (
    r"(?: (?:off|from|of)(?: [\w-]+){0,3} "
    r"(?:lists?|mailings?|newsletters?|database|distribution|e-?mails?|subscription))?"
)
_SENT = (
    r"(?:了|啦|吧|来|过来|给我|任何|这些|这类|此类|这种|类似|广告|垃圾|营销|推广|推销|宣传|促销|的|邮件|电子邮件|信息|消息|短信|"
    r"邮箱|资料|东西){0,6}"
)
_REFUSALS = re.compile(
    "|".join(
        (
            r"(?:stop|unsubscribe|un-subscribe|opt[ -]?out|remove|remove me|no more e?-?mails?|td)"
            r"(?: (?:me|us|please|now|all|thanks?|this|e?-?mails?|list|newsletter|newsletters))*",
            r"(?:please |kindly |pls )?(?:unsubscribe|remove|delete|take) (?:me|us|"
            rf"my (?:e-?mail|mail|name)?(?: ?address)?|this (?:e-?mail|address|e-?mail address)|[\w.+-]+@[\w.-]+)"
            rf"{_LIST}{_LATER}",
            rf"(?:please )?(?:stop|quit|cease) (?:sending|e-?mailing|mailing|spamming|contacting|writing)"
            rf"{_MAILS}{_LATER}",
            rf"(?:please )?(?:do not|don.?t|never) (?:send|e-?mail|mail|spam|contact|write){_MAILS}{_LATER}",
            rf"i (?:want|wish|would like|'d like) to (?:unsubscribe|opt out|be (?:removed|unsubscribed|taken))"
            rf"{_LIST}{_LATER}",
            r"(?:bitte )?(?:abmelden|abbestellen|austragen|newsletter abbestellen|keine weiteren (?:e-?)?mails)"
            r"(?: mehr)?",
            r"(?:bitte )?(?:tragen|nehmen|streichen) sie mich (?:aus|von)(?: [\w-]+){0,4}",
            r"(?:me |veuillez me )?(?:désabonner|désinscrire|désinscription|désabonnement)",
            r"(?:dar(?:me)? de )?baja|cancelar suscripción",
            r"(?:请|麻烦|我要|我想|申请|帮我|给我|把我)*(?:退订|取消订阅|取消訂閱|退閱|不再接收|拒收)"
            r"(?:了|吧|此|该|这个|这些|这类|贵司|贵公司|的|广告|营销|邮件|列表|订阅){0,6}",
            r"(?:请|麻烦)?(?:不要|别|勿|停止|请勿|不想|不愿意)再?(?:给我|向我|跟我|对我|往我邮箱)?再?"
            rf"(?:(?:发|发送|收到|群发|推送|寄){_SENT}|(?:打扰|骚扰|联系)(?:我|我们|了){{0,3}})",
            r"(?:メール)?(?:の)?(?:配信停止|登録解除)(?:を?(?:希望|お願い)(?:し|致し|いたし)?ます)?",
        )
    ),
    re.IGNORECASE,
)
_GREETINGS = re.compile(
    r"^(?:hi|hello|dear|hallo|bonjour|sehr geehrte|liebe|guten tag|你好|您好|尊敬的)[^.!。！\n]{0,40}[,，:：!！]?$|"
    r"^(?:thanks?|thank you|regards|best|kind|mit freundlichen|cordialement|谢谢|此致|敬礼|多谢)\b.{0,60}$|"
    r"^谢谢.{0,10}$",
    re.IGNORECASE,
)
_THANKS = re.compile(r"[,，\s]+(?:谢谢|多谢|拜托|thanks?|thank you)[^.。!！]{0,10}[.。!！]*$", re.IGNORECASE)


def refuses(subject: str, body: str) -> bool:
    """Return whether the subject, or what was newly written, asks for no more mail, and says nothing else of weight.

    A first sentence that refuses is enough where the whole is short; a question how to end something else is none.
    """
    if not is_answer(subject) and _REFUSALS.fullmatch(_trimmed(unmarked(subject))):
        return True
    if len(body) > _LONGEST or "?" in body or "？" in body:
        return False
    return any(_REFUSALS.fullmatch(each) for each in _sentences(body)[:2])


def _sentences(body: str) -> list[str]:
    lines = [line.strip() for line in body.splitlines()]
    kept = "\n".join(line for line in lines if line and not _GREETINGS.match(line))
    return [trimmed for each in re.split(r"[.!。！;；\n]+(?=\s|$|\W*[^\W\d_])", kept) if (trimmed := _trimmed(each))]


def _trimmed(text: str) -> str:
    return _THANKS.sub("", " ".join(text.split())).strip(" .,!;:'\"“”‘’*_~-–—。，！；：、()（）<>《》【】[]")
