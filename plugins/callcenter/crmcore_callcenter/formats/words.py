"""What the columns of call logs are called, and the words in them, by the languages that telephone systems speak.

Sources: the exports of FreePBX, Issabel, Yeastar, 3CX, Genesys Cloud, Twilio, Cisco's Unified Communications Manager,
阿里云 and 腾讯云 call centres, and what such columns are called in Chinese (both scripts), German, French, Spanish,
Russian and Japanese. A word stands here only where it means one thing: 通话时间 is a length for some and a moment for
others, so it is left to a mapping file.
"""

from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {
    "from": "caller|caller number|caller num|caller id|caller id number|call from|calling number|calling party|"
    "calling party number|from number|ani|src|source|from|主叫|主叫号码|主叫方|主叫方号码|主叫电话|来电号码|主叫號碼|"
    "主叫電話|來電號碼|Anrufer|Rufnummer Anrufer|Rufnummer A|A-Rufnummer|Appelant|Numéro appelant|"
    "Numéro de l'appelant|Origen|Número de origen|Llamante|Кто звонил|Номер звонящего|Звонящий|発信番号|発信者番号|"
    "発信元",
    "to": "called|called number|callee|callee number|call to|called party|called party number|"
    "final called party number|to number|dnis|dst|destination|destination number|dialed number|dialled number|to|"
    "被叫|被叫号码|被叫方|被叫方号码|被叫电话|被叫號碼|被叫電話|Angerufener|Rufnummer Angerufener|Rufnummer B|"
    "B-Rufnummer|Zielrufnummer|Appelé|Numéro appelé|Numéro de l'appelé|Destino|Número de destino|Кому звонил|"
    "Набранный номер|着信番号|着信先",
    "start": "begin|start time|begin time|call start|call start time|call date|call time|call date time|start stamp|"
    "time start|开始时间|起始时间|呼叫时间|呼叫开始时间|通话开始时间|来电时间|拨打时间|發話時間|開始時間|呼叫時間|"
    "Beginn|Anrufbeginn|Startzeit|Date d'appel|Début|Heure de début|Inicio|Fecha de llamada|Дата звонка|Начало|"
    "開始日時|発信日時",
    "date": "日期|Datum|Fecha|Дата|日付",
    "time": "时间|時間|Uhrzeit|Zeit|Heure|Hora|Время|時刻",
    "answer": "answer time|answer stamp|answered at|connect time|接听时间|接通时间|应答时间|接聽時間|接通時間|"
    "応答日時",
    "end": "end time|end stamp|hangup time|call end|call end time|结束时间|终止时间|挂断时间|挂机时间|呼叫结束时间|"
    "通话结束时间|結束時間|掛斷時間|Ende|Endzeit|Fin|Heure de fin|終了日時|終了時間",
    "seconds": "total duration|total time|totals|呼叫时长|总时长|呼叫總時長|呼叫時長|Gesamtdauer|Durée totale|"
    "Общая длительность",
    "talk_seconds": "billsec|bill sec|talk|talk time|talk duration|talking|conversation time|通话时长|通话时长(秒)|"
    "通话秒数|计费时长|通話時長|通話時長(秒)|Gesprächsdauer|Gesprächszeit|Sprechzeit|Durée de conversation|"
    "Durée de communication",
    "duration": "length|call duration|call length|duration seconds|duration in seconds|时长|时长(秒)|持续时间|時長|"
    "Dauer|Durée|Durée (s)|Durée (sec)|Duración|Длительность|Продолжительность|通話時間",
    "ring_seconds": "ringing|ring duration|ring time|ring seconds|振铃时长|振铃时长(秒)|振鈴時長|Klingeldauer|"
    "Durée de sonnerie",
    "milliseconds": "duration (ms)|duration ms|duration in ms|total duration (ms)",
    "talk_milliseconds": "talk (ms)|talk ms|talk duration (ms)|billmsec",
    "status": "disposition|result|call status|call result|状态|状态描述|结果|接通状态|接听状态|通话状态|呼叫状态|"
    "呼叫结果|通话结果|应答状态|是否接通|是否接听|狀態|接通狀態|通話狀態|結果|Ergebnis|Anrufstatus|Statut|Résultat|"
    "Estado|Resultado|Статус|Результат",
    "direction": "call direction|call type|communication type|呼叫类型|通话类型|呼叫方向|方向|通話類型|呼叫類型|"
    "Richtung|Sens|Dirección|Направление",
    "id": "unique id|call id|call sid|conversation id|session id|通话id|会话id|呼叫id|通话编号|呼叫编号|唯一编号|"
    "通話id",
    "agent": "agent name|坐席|坐席姓名|坐席工号|接听坐席|客服|座席|Agente|Оператор",
    "queue": "queue name|队列|排队队列|技能组|隊列|Warteschlange|File d'attente|Cola|Очередь",
    "recording": "recording file|recording url|record url|录音|录音链接|录音地址|录音文件|錄音",
}  # fmt: skip
"""By column what it may be called, beside its own name.

`seconds` is how long a call took from its begin, `talk_seconds` how long they talked, `duration` either of the two.
`milliseconds` and `talk_milliseconds` are the same in thousandths.
"""

WEAK = "from|to|source|destination|Origen|Destino|caller id"
"""What parties are called elsewhere, too: such headings make a call log only beside one that speaks of calls."""

SYSTEMS = (
    "channel|src channel|dst channel|disposition|billsec|bill sec|hangup cause|uniqueid|queue|trunk|source trunk|"
    "extension|ring group|ringing|ring duration|call sid"
)
"""Headings that only the logs of telephone systems have."""

CALLS = (
    "call id|call date|call time|call status|call direction|call duration|talk time|talk duration|talking|agent|"
    "Fecha de llamada"
)
"""Headings that people's own lists of calls have, too."""

ALONE = (
    "Anrufer|Angerufener|Eigene Rufnummer|Anrufdauer|Gesprächsdauer|Appelant|Appelé|Durée de l'appel|Llamante|"
    "Кто звонил|Кому звонил|発信番号|着信番号|主叫號碼|被叫號碼|calling party number"
)
"""Headings that only lists of calls have, whatever stands beside them, and by which nobody else knows such a list."""

LENGTHS = (
    "Dauer|Anrufdauer|Gesprächsdauer|Durée|Durée (s)|Durée de l'appel|Duración|Длительность|Продолжительность|"
    "通話時間|通話時長|通話時長(秒)"
)
NUMBERS = (
    "Nummer|Rufnummer|Telefon|Telefonnummer|Numéro|Numéro de téléphone|Téléphone|Teléfono|Número|Номер|Телефон|番号|"
    "電話番号|電話號碼|號碼|客戶號碼"
)
"""How long, and which number, in languages that only this module reads: together they stand in lists of calls alone."""

NOTES = (
    "subject|topic|summary|note|notes|comment|comments|description|body|content|remarks|call notes|备注|備註|主题|"
    "内容|小结|通话小结|沟通内容|通话内容|跟进内容|记录|描述|Notiz|Notizen|Bemerkung|Betreff|Remarque|Commentaire|"
    "Objet"
)
"""Headings of what was said in a call: such a table is of more than telephone calls, and the core reads it."""

ENDS: Mapping[str, str] = {
    "answered": "answered|answer|connected|completed|success|successful|yes|y|true|已接|已接通|接通|接听|已接听|"
    "已应答|应答|成功|呼叫成功|是|已接聽|接聽|angenommen|beantwortet|verbunden|répondu|décroché|abouti|contestada|"
    "contestado|atendida|отвечен|отвеченный|応答|応答あり",
    "no-answer": "no answer|noanswer|no-answer|unanswered|not answered|missed|no|n|false|未接|未接通|未接听|未应答|"
    "无应答|无人接听|无人应答|振铃未接|否|未接聽|無人接聽|verpasst|nicht angenommen|unbeantwortet|nicht erreicht|"
    "manqué|non répondu|sans réponse|no contestada|no contestado|perdida|пропущен|пропущенный|не отвечен|不在|不応答|"
    "応答なし",
    "busy": "busy|占线|忙|忙线|用户忙|用户正忙|besetzt|occupé|ocupado|занято|話中",
    "abandoned": "abandoned|abandon|放弃|已放弃|排队放弃|振铃放弃|放棄|aufgelegt|abandonné|abandonada",
    "cancelled": "cancelled|canceled|取消|已取消|abgebrochen|annulé|cancelada|отменен",
    "rejected": "rejected|declined|拒接|已拒接|拒绝|abgelehnt|rejeté|refusé|rechazada|отклонен",
    "failed": "failed|failure|error|congestion|失败|呼叫失败|关机|停机|空号|無法接通|fehlgeschlagen|échec|échoué|"
    "fallida|ошибка",
}  # fmt: skip
"""How a call ended, as the event protocol says it, by the words of logs; `answered` where somebody talked, `abandoned`
where the caller gave up."""

DIRECTIONS: Mapping[str, str] = {
    "in": "in|inbound|incoming|呼入|来电|來電|eingehend|entrant|entrante|входящий",
    "out": "out|outbound|outgoing|outbound-api|outbound-dial|呼出|外呼|去电|拨出|去電|ausgehend|sortant|saliente|"
    "исходящий",
    "internal": "internal|内部|内线|內部|intern|interne|interna|внутренний",
}  # fmt: skip
"""Whither a call went, by the words of logs."""

NOBODY = (
    "anonymous|unknown|unavailable|restricted|private|withheld|匿名|未知|隐藏号码|私人号码|unterdrückt|anonym|inconnu|"
    "masqué"
)
"""Callers who hide their number."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a list that is written as one text."""
    return tuple(text.split("|"))
