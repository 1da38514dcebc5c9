"""The layouts of calls, activities and tasks in tables, as data.

Rows of calls and activities are read when they have (English or Chinese, in any order):

- calls: a duration or a call time, and who called whom (from, caller, to, called, phone number)
- activities: a date or time, what was said (subject, notes), and a channel or type, direction, or person
- tasks: a subject, and a due date, a status or a priority
"""

from crmcore.formats.table.columns import words
from crmcore.formats.table.layouts import Layout, any_of

WHEN = (
    "date time datetime dateandtime start starttime startdate startdatetime calldate calltime calldatetime timestamp "
    "activitydate activitydatetime timeofcall 时间 日期 通话时间 开始时间 呼叫时间 "
    "拨打时间 日期时间 通话日期 联系时间 跟进时间 拜访时间 拜访日期 起始时间 来电时间 呼叫开始时间 通话开始时间"
)
FROM = (
    "from caller callerid callernumber fromnumber callingnumber source src 主叫 主叫号码 来电号码 主叫方 主叫方号码 "
    "主叫电话"
)
TO = (
    "to callee tonumber callednumber called destination dst dialednumber 被叫 被叫号码 拨出号码 被叫方 被叫方号码 "
    "被叫电话"
)
PHONE = "phone phonenumber number 电话 电话号码 手机 手机号 号码 客户号码 客户电话 联系电话"
OTHER_SIDE = "对方号码 对方电话 对方电话号码"
DURATION = (
    "duration durationseconds calldurationinseconds calldurationseconds billsec talktime "
    "callduration 时长 通话时长 通话时长秒 通信时长 持续时间"
)
SPOKEN = "calldate calltime calltype calldirection callnotes 通话时间 通话日期 通话类型 通话结果 通话内容 呼叫类型"
SUBJECT = "subject topic summary regarding 主题 标题 事由"
BODY = (
    "body notes note comments comment description content details callnotes 内容 备注 记录 跟进内容 "
    "通话内容 沟通内容 描述 拜访内容"
)
CHANNEL = "channel type activitytype interactiontype kind method 渠道 类型 方式 联系方式 跟进方式 活动类型 沟通方式"
DIRECTION = "direction calltype calldirection 方向 呼叫方向 呼叫类型 通话类型 通信方式"
WITH = (
    "contactname contact name customer customername client person who who.name company account "
    "accountname whocontactemail "
    "email contactemail 姓名 联系人 客户 客户姓名 客户名称 对方姓名"
)
DUE = "due duedate deadline activitydate dueon 截止日期 到期日 到期日期 截止时间 完成期限"
STATUS = "status state taskstatus completed done 状态 是否完成 完成"
OWNER = "owner ownerid assignedto agent user assignee 负责人 坐席 业务员 执行人 客服"

PERSON = any_of("firstname givenname lastname surname familyname birthday birthdate dob 生日 出生日期")
ACTIVITY = {
    **dict.fromkeys(words(WHEN), "at"),
    "date": "date",
    "日期": "date",
    "calldate": "date",
    "通话日期": "date",
    "拜访日期": "date",
    "startdate": "date",
    "activitydate": "date",
    "time": "time",
    "starttime": "time",
    "calltime": "time",
    "时间": "time",
    "通话时间": "time",
    "开始时间": "time",
    **dict.fromkeys(
        words("end endtime enddate enddatetime 结束时间 呼叫结束时间 通话结束时间 终止时间 挂断时间"), "end"
    ),
    **dict.fromkeys(words(FROM), "from"),
    **dict.fromkeys(words(TO), "to"),
    **dict.fromkeys(words(DURATION), "duration"),
    "durationinminutes": "duration:minutes",
    "durationminutes": "duration:minutes",
    **dict.fromkeys(words(SUBJECT), "subject"),
    **dict.fromkeys(words(BODY), "body"),
    **dict.fromkeys(words(CHANNEL), "channel"),
    **dict.fromkeys(words(DIRECTION), "direction"),
    **dict.fromkeys(words(WITH), "contact"),
    **dict.fromkeys(words(f"{PHONE} {OTHER_SIDE}"), "contact:phone"),
    **dict.fromkeys(words("email contactemail whocontactemail"), "contact:email"),
    **dict.fromkeys(words("whoid contactid"), "contact:id"),
    **dict.fromkeys(words("location place 地点 位置"), "location"),
    **dict.fromkeys(words("status disposition outcome result 状态 结果 通话结果"), "status"),
    **dict.fromkeys(words(OWNER), "owner"),
    **dict.fromkeys(words("id callid uniqueid uid uuid activityid eventid 编号 通话编号"), "external_id"),
}
TASK = {
    **dict.fromkeys([*words(SUBJECT), "task", "taskname", "title", "todo", "任务", "待办", "任务名称"], "subject"),
    **dict.fromkeys(words(DUE), "due"),
    **dict.fromkeys(words(STATUS), "done"),
    **dict.fromkeys(words(BODY), "note"),
    **dict.fromkeys([*words(WITH), "whoid", "whatid", "about", "relatedto", "相关客户"], "about"),
    **dict.fromkeys(words(OWNER), "owner"),
    **dict.fromkeys(words("id taskid uid 编号 任务编号"), "external_id"),
}
ISCLOSED = {"isclosed": "done"}


ACTIVITY_LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="salesforce-event",
        label="Salesforce events",
        entity="interaction",
        required=(any_of("subject"), any_of("startdatetime activitydatetime"), any_of("durationinminutes enddatetime")),
        columns={**ACTIVITY, "type": "extra"},
        constants={"channel": "meeting"},
    ),
    Layout(
        name="salesforce-task",
        label="Salesforce tasks",
        entity="task",
        required=(
            any_of("subject"),
            any_of("whoid whatid whocontactemail whatname activitydate"),
        ),
        columns={**TASK, **ISCLOSED},
    ),
    Layout(
        name="calls-of-one-telephone",
        label="calls",
        entity="interaction",
        required=(any_of(DURATION), any_of(WHEN), any_of(OTHER_SIDE)),
        columns={**ACTIVITY, **dict.fromkeys(words(f"{PHONE} 本机号码"), "extra")},
        constants={"channel": "call"},
    ),
    Layout(
        name="calls",
        label="calls",
        entity="interaction",
        required=(
            any_of(DURATION),
            any_of(f"{WHEN} {FROM}"),
            any_of(f"{FROM} {TO} {PHONE}"),
        ),
        columns=ACTIVITY,
        constants={"channel": "call"},
    ),
    Layout(
        name="calls-with-notes",
        label="calls",
        entity="interaction",
        absent=PERSON,
        required=(
            any_of(WHEN),
            any_of(f"{DURATION} {SUBJECT} {BODY}"),
            any_of(SPOKEN),
            any_of(f"{WITH} {FROM} {TO} {PHONE}"),
        ),
        columns=ACTIVITY,
        constants={"channel": "call"},
    ),
    Layout(
        name="activities",
        label="activities",
        entity="interaction",
        absent=PERSON,
        required=(
            any_of(WHEN),
            any_of(f"{SUBJECT} {BODY}"),
            any_of(f"{CHANNEL} {DIRECTION}"),
            any_of(f"{WITH} {FROM} {TO} phone 电话 subject"),
        ),
        columns=ACTIVITY,
        constants={"channel": "note"},
    ),
    Layout(
        name="tasks",
        label="tasks",
        entity="task",
        required=(
            any_of("subject task taskname todo 主题 任务 待办 任务名称"),
            any_of(f"{DUE} {STATUS} priority 优先级"),
        ),
        columns={**TASK, "date": "due"},
    ),
    Layout(
        name="telephone-list",
        label="telephone calls",
        entity="",
        required=(
            any_of(
                "dauer anrufdauer gesprächsdauer durée durées duréedelappel duración длительность 通話時間 通話時長"
            ),
            any_of(
                "nummer rufnummer telefon telefonnummer numéro téléphone teléfono número номер телефон 番号 電話號碼"
            ),
        ),
    ),
    Layout(
        name="telephone-log",
        label="events of a telephone system",
        entity="",
        required=(
            any_of(
                "caller callernumber callernum callingnumber callingpartynumber 主叫 主叫号码 主叫方 主叫方号码 "
                "主叫电话"
            ),
            any_of(
                f"{TO} channel channame uniqueid linkedid event queue 通道 分机 事件 唯一编号 关联编号 呼叫编号 队列"
            ),
        ),
    ),
)
"""Calls, activities and tasks; part of the layouts every import knows."""
