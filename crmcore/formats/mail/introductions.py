"""How mail programs introduce what they quote, in the languages they speak.

Collected from what Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, QQ Mail, Foxmail, NetEase (163, 126), mail.ru and
Yandex write. Three shapes: a sentence (`On ... wrote:`), a banner (`-----Original Message-----`), and a block of
header lines (`From: ... Sent: ... To: ...`).
"""

import re
from collections.abc import Sequence

_VERBS = (
    r"wrote|writes|schrieb|écrit|escribió|escribi[óo]|escreveu|scritto|schreef|skrev|napisał\(?a?\)?|pisze|"
    r"написала?|написал\(а\)|пишет|napsala?|napsal\(a\)|kirjoitti|yazdı|írta|a scris|"
    r"写道|寫道|写到|寫到|撰寫|编写|編寫|のメッセージ|書きました|작성"
)
# Sentences by how they begin; each has a date or an address in it, which `introduces` asks for.
_BEGINNINGS = re.compile(
    r"^(?:On|At|Am|Le|El|Em|Il|Op|Den|På|W dniu|Dnia|Dne|В|在|于|於|Pada|Vào|Quoting|Zitat von)(?:\b|(?<=[在于於])).*"
    rf"(?:{_VERBS})[^\n]{{0,120}}[:：]$",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(rf"(?:{_VERBS})\s*[:：]$", re.IGNORECASE)
_ADDRESSED = re.compile(r"<\s*(?:mailto:)?[^<>\s]+@[^<>\s]+>\)?\s*(?:님이 작성)?\s*[:：]$")
_DATED = re.compile(r"\d{1,2}\s?[:.h时時点點]\s?\d{2}|\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
_ADDRESS = re.compile(r"[^\s<>\"]+@[^\s<>\"]+")
_LONE_ADDRESS = re.compile(r"^[^.!?。！？:：]{0,80}<[^<>\s]+@[^<>\s]+>\s*$")

_BANNERS = (
    r"original message|original appointment|reply message|forwarded message|forwarded by .{0,80}|"
    r"ursprüngliche nachricht|original-nachricht|originalnachricht|weitergeleitete nachricht|"
    r"message d'origine|message d’origine|message original|message transféré|"
    r"mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|messaggio originale|"
    r"messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|oprindelig meddelelse|ursprungligt meddelande|"
    r"opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|eredeti üzenet|"
    r"исходное сообщение|пересылаемое сообщение|пересланное сообщение|"
    r"原始邮件(?:信息)?|原始郵件|原邮件|回复的原邮件|回复的邮件|转发邮件信息|转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|已转发的邮件|"
    r"元のメッセージ|원본 메일|원본 메시지"
)
_BANNER = re.compile(rf"^[\s*]*[-_=]{{2,}}[\s>]*(?:{_BANNERS})\s*:?[\s*]*[-_=]{{2,}}.*$", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié|"
    r"début du message transféré|inicio del mensaje reenviado|inizio messaggio inoltrato|下面是被转发的邮件|"
    r"以下是转发的邮件|开始转发的邮件|以下為轉寄的郵件)\s*[:：]$"
    r"|^.{0,12}(?:reply above this line|type your reply above|please reply above|请在此行(?:以上|上方)回复).{0,60}$",
    re.IGNORECASE,
)
_LABELS = {
    "from": "from|von|de|da|van|od|от|fra|från|发件人|寄件者|寄件人|差出人|보낸 사람|отправитель",
    "date": "sent|date|gesendet|datum|envoyé|date d'envoi|enviado|enviado el|enviada em|fecha|data|inviato|verzonden|"
    "skickat|sendt|dato|wysłano|дата|отправлено|发送时间|发送日期|日期|时间|傳送時間|寄件日期|時間|送信日時|보낸 날짜",
    "to": "to|an|à|para|a|aan|till|til|do|кому|收件人|收件者|宛先|받는 사람",
    "cc": "cc|kopie|copie|copia|kopi|dw|копия|抄送|副本",
    "subject": "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема|主题|主題|主旨|件名|제목",
}
_KINDS = {word: kind for kind, words in _LABELS.items() for word in words.split("|")}
_LABEL = re.compile(r"^[*\s]*([^\W\d_][^:：*<>@]{0,20}?)\s*\*?\s*[:：]")
_WINDOW = 7
_LONGEST = 400  # characters of an introduction; what is longer is text


def introduces(lines: Sequence[str], end: int) -> int | None:
    """Return where the introductory sentence that ends in line `end` begins, or None if none ends there.

    Mail programs wrap the sentence over up to four lines.
    """
    if not lines[end].rstrip().endswith((":", "：")):
        return None
    for pattern in (_BEGINNINGS, _ANYWHERE, _ADDRESSED):
        sentence = ""
        for start in range(end, max(-1, end - 4), -1):
            line = lines[start].strip()
            if not line or line.startswith(">"):
                break
            sentence = f"{line} {sentence}".strip()
            whole = sentence.count("<") == sentence.count(">") and len(sentence) <= _LONGEST
            if not whole or not pattern.search(sentence):
                continue
            dated = bool(_DATED.search(sentence))
            if dated or (pattern is not _ADDRESSED and _ADDRESS.search(sentence)):
                name_above = start > 0 and bool(_LONE_ADDRESS.match(lines[start - 1].strip()))
                return start - 1 if name_above else start
    return None


def seems_to_introduce(line: str) -> bool:
    """Tell whether a line ends like an introduction; enough only where quoted lines follow."""
    return len(line) < 200 and bool(_ANYWHERE.search(line.rstrip()))


def _kind(line: str) -> str:
    found = _LABEL.match(line)
    return _KINDS.get(" ".join(found.group(1).lower().split()), "") if found else ""


def begins_original(lines: Sequence[str], at: int) -> bool:
    """Tell whether an unmarked quotation begins in line `at`: a banner, or a block of header lines."""
    line = lines[at].strip()[:_LONGEST]
    if not line:
        return False
    if _BANNER.match(line) or _OPENING.match(line):
        return True
    if not _kind(line):
        return False
    kinds = {_kind(each) for each in lines[at : at + _WINDOW]} - {""}
    return "from" in kinds and len(kinds) >= 3
