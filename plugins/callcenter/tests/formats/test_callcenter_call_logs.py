"""Call logs of many systems, in many words: read as the calls they were, or refused with what is to be mapped.

All of them tell of the same two calls: 13800138000 called 201 and talked for two minutes, 13900139000 gave up.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from crmcore_callcenter.asterisk import cdr
from crmcore_callcenter.calls.together import facts_of
from crmcore_callcenter.formats import call_log
from crmcore_callcenter.freeswitch import cdr as freeswitch_cdr
from openpyxl import Workbook

from crmcore.api import InvalidInput, Rejection, Source

ONE, TWO = "2026-11-20 09:00:00", "2026-11-20 09:05:00"
CALLS = [
    ("13800138000", "201", datetime(2026, 11, 20, 1, 0, tzinfo=UTC), True, 120),
    ("13900139000", "201", datetime(2026, 11, 20, 1, 5, tzinfo=UTC), False, 0),
]
ID = "0000006{}-1111-4222-8333-0123456789ab"
READ = {
    "chinese.csv": f"主叫号码,被叫号码,开始时间,通话时长\n13800138000,201,{ONE},120\n13900139000,201,{TWO},0\n",
    "chinese-title.csv": "通话记录报表\n导出时间：2026-11-21\n"
    f"序号,主叫号码,被叫号码,呼叫开始时间,呼叫结束时间,通话时长(秒),呼叫结果\n"
    f"1,13800138000,201,{ONE},2026-11-20 09:02:07,120,已接通\n2,13900139000,201,{TWO},2026-11-20 09:05:20,0,未接\n",
    "aliyun.csv": f"通话ID,通话类型,主叫号码,被叫号码,技能组,呼叫时间,振铃时长,通话时长,挂断方,接通状态\n"
    f"a1,呼入,13800138000,201,售后组,{ONE},7,120,客户,已接通\na2,呼入,13900139000,201,售后组,{TWO},20,0,客户,未接\n",
    "tencent.csv": "会话ID;主叫;被叫;开始时间;接听时间;结束时间;时长;状态\n"
    "a1;13800138000;201;2026/11/20 09:00:00;2026/11/20 09:00:07;2026/11/20 09:02:07;2分0秒;已接听\n"
    "a2;13900139000;201;2026/11/20 09:05:00;;2026/11/20 09:05:20;20秒;占线\n",
    "traditional.csv": f"主叫號碼\t被叫號碼\t開始時間\t通話時長\t通話狀態\n"
    f"13800138000\t201\t{ONE}\t120\t已接\n13900139000\t201\t{TWO}\t0\t未接\n",
    "german.csv": "Anrufer;Angerufener;Datum;Uhrzeit;Gesprächsdauer;Ergebnis\n"
    "13800138000;201;20.11.2026;09:00:00;00:02:00;angenommen\n13900139000;201;20.11.2026;09:05;00:00:00;verpasst\n",
    "french.csv": "Appelant;Appelé;Date d'appel;Durée totale;Durée de communication;Statut\n"
    f"13800138000;201;{ONE};127;120;répondu\n13900139000;201;{TWO};20;0;manqué\n",
    "3cx.csv": "Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost\n"
    "2026-11-20T09:00:00+08:00,a1,Li Wei (13800138000),201,Inbound,Answered,00:00:07,00:02:00,\n"
    "2026-11-20T01:05:00Z,a2,13900139000,201,Inbound,Unanswered,00:00:20,00:00:00,\n",
    "twilio.csv": "Call Sid,From,To,Direction,Status,Start Time,End Time,Duration\n"
    f"CA1,13800138000,201,inbound,completed,{ONE},2026-11-20 09:02:07,120\n"
    f"CA2,13900139000,201,inbound,no-answer,{TWO},2026-11-20 09:05:20,0\n",
    "asterisk-few.csv": "calldate,src,dst,duration,billsec,disposition\n"
    f"{ONE},13800138000,201,127,120,ANSWERED\n{TWO},13900139000,201,20,0,NO ANSWER\n",
    "freeswitch-few.csv": "caller_id_number,destination_number,start_stamp,answer_stamp,end_stamp,billsec\n"
    f"13800138000,201,{ONE},2026-11-20 09:00:07,2026-11-20 09:02:07,120\n"
    f"13900139000,201,{TWO},,2026-11-20 09:05:20,0\n",
}
WITH_IDS = ("aliyun.csv", "tencent.csv", "3cx.csv", "twilio.csv")
CHINESE = "主叫号码,被叫号码,开始时间,通话时长"
REFUSED = {
    "unsaid-length.csv": (f"Anrufer;Angerufener;Beginn;Dauer\n13800138000;201;{ONE};120\n", '"Dauer" = "seconds"'),
    "unknown-end.csv": (f"{CHINESE},状态\n13800138000,201,{ONE},120,客户满意\n", '[values."status"]'),
    "day-or-month.csv": (f"{CHINESE}\n13800138000,201,03/04/2026 09:00:00,120\n", "date_format"),
    "shifted.csv": (f"{CHINESE}\n201,{ONE},120,13800138000\n", "talk_seconds cannot be"),
    "excel.csv": (f"{CHINESE}\n1.38E+10,201,{ONE},120\n", "from cannot be"),
    "two-callers.csv": (f"{CHINESE},来电号码\n13800138000,201,{ONE},120,13900139000\n", '"主叫号码" = "from"'),
    "minutes.csv": (f"主叫号码,被叫号码,开始时间,通话时长(分钟)\n13800138000,201,{ONE},2\n", "seconds"),
    "clock.csv": (f"{CHINESE}\n13800138000,201,{ONE},2:00\n", "talk_seconds cannot be"),
    "contradiction.csv": (f"{CHINESE},状态\n13800138000,201,{ONE},120,未接\n", "they talked"),
    "names.csv": (f"{CHINESE}\n李伟,王芳,{ONE},120\n", "from cannot be"),
    "no-headings.csv": (f"13800138000,201,{ONE},120\n13900139000,201,{TWO},20\n", '"3" = "from"'),
    "one-side.csv": ("Name;Rufnummer;Datum;Dauer\nLi;13800138000;20.11.2026 09:00;120\n", "no column from"),
    "channel-events.csv": (
        "事件,时间,姓名,主叫号码,分机,通道,唯一编号\n"
        "CHAN_START,1795137000.0,李伟,13800138000,201,SIP/trunk-1,1795137000.1\n"
        "HANGUP,1795137060.0,李伟,13800138000,201,SIP/trunk-1,1795137000.1\n",
        "no column to",
    ),
    "columns-swapped.csv": (
        "".join(
            f"{caller},201,{caller},default,{at},{at},{at},0,0,NORMAL_CLEARING,{ID.format(n)},,,PCMA,PCMA\n"
            for n, (caller, at) in enumerate((("13800138000", ONE), ("13900139000", TWO)))
        ),
        "no column from",
    ),
    "milliseconds.csv": (
        f"{CHINESE}\n13800138000,201,{ONE},120000\n13900139000,201,{TWO},80000\n203,201,{TWO},90000\n",
        "milliseconds",
    ),
}  # fmt: skip
OTHERS = {
    "people.csv": "姓名,电话,来源,备注\n李伟,13800138000,展会,好\n",
    "leads.csv": "Name,Phone,Source,Start date,Agent,Queue\nAnn Lee,13700137000,fair,2026-01-01,Wang,north\n",
    "notes.csv": f"客户姓名,客户号码,通话类型,通话时间,通话时长,备注\n李伟,13800138000,呼入,{ONE},120,想要报价\n",
}


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def calls(path: Path, read: Any = call_log.read, **options: str) -> list[tuple[Any, ...]]:
    found = list(read(Source(path=path, options={"zone": "Asia/Shanghai", **options})))
    assert not [one for one in found if isinstance(one, Rejection)]
    facts = [facts_of(one.events) for one in found]
    return [(one.caller.number, one.dialled, one.started_at, one.answered, one.talk_seconds) for one in facts]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        *((name, "utf-8") for name in READ),
        *((name, "gb18030") for name in ("chinese.csv", "aliyun.csv", "tencent.csv")),
        *((name, "cp1252") for name in ("german.csv", "french.csv")),
        ("chinese.csv", "utf-16"),
        ("traditional.csv", "big5"),
    ],
)
def test_a_log_whose_headings_are_clear_is_read(tmp_path: Path, name: str, encoding: str) -> None:
    assert calls(written(tmp_path, name, READ[name], encoding)) == CALLS


def test_a_workbook_is_read_as_text_is(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    rows: Sequence[Sequence[object]] = (
        ("主叫号码", "被叫号码", "开始时间", "通话时长", "接通状态"),
        (13800138000, 201, datetime(2026, 11, 20, 9, 0), 120, "是"),  # noqa: DTZ001 - as it stands in a cell
        ("13900139000", "201", datetime(2026, 11, 20, 9, 5), 0, "否"),  # noqa: DTZ001
    )
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "calls.xlsx")
    assert calls(tmp_path / "calls.xlsx") == CALLS


@pytest.mark.parametrize("name", REFUSED)
def test_another_log_is_refused_with_what_to_map(tmp_path: Path, name: str) -> None:
    text, why = REFUSED[name]
    with pytest.raises(InvalidInput) as refused:
        calls(written(tmp_path, name, text))
    assert all(part in str(refused.value) for part in (name, why, "--mapping FILE"))


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        (
            "Anrufer;Wen;Am;Dauer\n13800138000;201;20/11/2026 09:00:00;127000\n13900139000;201;20/11/2026 09:05:00;0\n",
            'date_format = "%d/%m/%Y %H:%M:%S"\n[columns]\nWen = "to"\nAm = "start"\nDauer = "talk_milliseconds"\n',
        ),
        (
            f"13800138000,x,{ONE},ja,127\n13900139000,y,{TWO},nein,0\n",
            '[columns]\n"1" = "from"\n"3" = "start"\n"4" = "status"\n"5" = "talk_seconds"\n[constants]\nto = "201"\n'
            '[values."status"]\nja = "answered"\nnein = "busy"\n',
        ),
    ],
    ids=["by headings", "by places"],
)
def test_a_mapping_file_explains_what_is_left(tmp_path: Path, text: str, mapping: str) -> None:
    file = written(tmp_path, "calls.csv", text)
    (first, second) = calls(file, mapping=str(written(tmp_path, "calls.toml", mapping)))
    assert (first, second) == ((*CALLS[0][:4], 127), CALLS[1])


def test_of_the_logs_of_known_programs_what_does_not_say_it_was_answered_is_refused(tmp_path: Path) -> None:
    silent = f"calldate,clid,src,dst,duration,disposition\n{ONE},x,13800138000,201,127,ANSWERED\n"
    with pytest.raises(InvalidInput, match="no column billsec"):
        calls(written(tmp_path, "silent.csv", silent), cdr.read)
    clock = f"calldate,clid,src,dst,duration,billsec,disposition\n{ONE},x,13800138000,201,0:02:07,0:02:00,ANSWERED\n"
    (one,) = cdr.read(Source(path=written(tmp_path, "clock.csv", clock), options={"zone": "Asia/Shanghai"}))
    assert not isinstance(one, Rejection)
    with pytest.raises(InvalidInput):
        calls(written(tmp_path, "swapped.csv", REFUSED["columns-swapped.csv"][0]), freeswitch_cdr.read)


def test_logs_become_calls_or_nothing_and_people_stay_people(office: Any, tmp_path: Path) -> None:
    people = len(office.json("contact", "list", "--limit", "200"))
    paths = [written(tmp_path, name, text) for name, text in READ.items() if name not in WITH_IDS]
    done = office.json("import", *paths)
    assert (done["rejected"], done["created"], len(paths)) == (0, 2, 7)
    told = office.json("callcenter", "call", "list")
    assert sorted((one["from"], one["to"], one["answered"], one["talk_seconds"]) for one in told) == [
        ("13800138000", "201", True, 120),
        ("13900139000", "201", False, 0),
    ]
    bad = office.crm(
        "import", *(written(tmp_path, name, text) for name, (text, _why) in REFUSED.items()), "--json", code=1
    )
    assert (bad.json["created"], [one["line"] for one in bad.json["rejections"]]) == (0, [0] * len(REFUSED))
    assert all("not read as" in one["reason"] for one in bad.json["rejections"])
    assert len(office.json("contact", "list", "--limit", "200")) == people
    rest = office.json("import", *(written(tmp_path, name, text) for name, text in OTHERS.items()))
    assert (rest["created"], rest["rejected"]) == (3, 0)
    noted = office.json("interaction", "list", "--channel", "call")
    assert [one["seconds"] for one in noted if one["body"] == "想要报价"] == [120]
