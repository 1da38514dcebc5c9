"""Does a Chinese clause commit somebody? Word patterns only; dates and amounts are read by `promises`."""

import re

from attrs import evolve

from crmcore.language.claim import Claim
from crmcore.language.topics import find_topic

_US = r"(?:我们|我方|我司|我公司|咱们|本公司|我)"
_THEM = (
    r"(?:客户|对方|他们|她们|甲方|买方|采购|他|她|[老小][\u4e00-\u9fff](?=[说会答承同将])"
    r"|[\u4e00-\u9fff]{1,3}(?:总(?!是|之|共|会)|经理|先生|女士|小姐|[姐哥]|主任|老板|处长|科长|院长"
    r"|老师))"
)
_SERVICE = r"(?:安装|送货|配送|培训|调试|维修|维护|上门|试用|保修|升级|运输|换货|更换|样品|配件|运费)"
ACTIONS = (
    r"(?:发(?!现|生|展)|送|寄|给|提供|报价|报个|交货|交付|到货|供货|安装|装[好完]|调试|付|打款|汇款|支付"
    r"|签|回复|回电|答复|联系|打电话|致电|拜访|上门|派|准备|安排|完成|解决|处理"
    r"|退|更换|换新|维修|修好|确认|通知|告知|下单|下订单|订购|提交|演示|培训|打[一-九\d]+\.?\d*折|优惠"
    r"|便宜|降|赠送|补|开票|开发票|反馈|整理|出方案|出报价|做方案|做好|过来|过去|到现场|转账|结款|回款"
    r"|搞定|到位|落实|承担|配合|支持|协助|传|汇报|赔|补偿|检修|检查|调整|修改|更新|重做|带(?!来)|邮"
    r"|让利|打过来|打过去|汇过来|转过来|申请|跟进)"
)
_WORD_GIVEN = re.compile(r"答应|承诺|保证(?!金|书)|许诺|允诺|应允|说好|担保|同意")
_MODAL = r"(?:一定会|肯定会|一定|将会|会(?!议|面|员)|将|负责|确保|马上|立即|立刻|随后|稍后|尽快|这就)"
_OFFER = r"(?:可以|能够?|可)"
_US_MODAL = re.compile(
    rf"{_US}.{{0,14}}?{_MODAL}.{{0,16}}?(?P<what>{ACTIONS})|{_US}(?P<bare>.{{0,18}}?)(?P<what2>{ACTIONS})"
)
_US_OFFER = re.compile(rf"(?:{_US}.{{0,8}}?|^(?:价格|最多)?){_OFFER}.{{0,10}}?(?P<what>{ACTIONS})")
_THEM_MODAL = re.compile(
    rf"(?:^|[，,：])?.{{0,8}}?(?P<who>{_THEM}).{{0,4}}?(?:说|表示"
    rf"|讲)?.{{0,12}}?(?P<modal>{_MODAL})?.{{0,14}}?(?P<what>{ACTIONS})"
)
_TO_YOU = re.compile(
    rf"(?P<what>(?:给|向|为|跟|和)(?:您|你|贵司|贵公司|贵方|你们|您们).{{0,8}}?{ACTIONS}"
    rf"|{ACTIONS}.{{0,10}}?(?:给|到)(?:您|你|贵司|贵公司|贵方))"
)
_YOU_GET = re.compile(
    r"(?:您|你们?|贵司|贵公司|贵方)(?:将会?|会|就?可以|就?能|可).{0,10}?(?P<what>收到|享受|拿到|得到)"
)
_BORNE_BY_US = re.compile(rf"由{_US}.{{0,4}}?(?P<what>承担|负责|提供|支付|出|安排|买单)")
_OUR_WORD = re.compile(rf"(?:是|有){_US}的(?:承诺|保证)")
_THING_MODAL = re.compile(rf"(?:{_MODAL}).{{0,14}}?(?P<what>{ACTIONS}|送达|寄到|到达)")
_FREE = re.compile(
    rf"(?P<what>(?:免费|赠送|免收).{{0,4}}?{_SERVICE})|(?P<what2>{_SERVICE}.{{0,2}}(?:免费|不收费|不另收费))"
)
_NEGATION = re.compile(
    r"不(?!过|错|但|仅|久|论|管|同|足|少|另收费|收费|断|超过|晚于|迟于|变)|没|未(?!来)|无法|别(?!的"
    r"|人)|勿|难以|拒绝|从未"
)
_QUESTION = re.compile(
    r"吗|是否|能否|可否|能不能|可不可以|会不会|有没有|是不是|什么时候|何时|多久|多少|怎么|如何|为什么"
    r"|哪天|几号|[?？]\s*$|呢\s*$"
)
_CONDITION = re.compile(
    r"如果|要是|假如|假设|倘若|(?<!几)若(?!干)|只要|除非|万一|的话|前提(?:是|下|条件)|为前提"
    r"|如(?=[您你贵])|视.{0,6}而定|取决于"
)
_REQUEST = re.compile(
    r"(?<!技术)(?<!质量)要求|希望|想要|想让|需要|必须|请|催|询问|问|想知道|期望|盼|提醒|(?<!只)(?<!主)(?<!重)要(?!点|求)"
    r"|让我|叫我|建议|竞争对手|对手|同行|别家|竞品|听说|以为|抱怨|投诉|记得"
)
_HEDGE = re.compile(
    r"可能|也许|或许|大概|尽量|争取|应该|考虑|打算|估计|看看|再说|研究|预计|计划|恐怕|尽力|想|试试"
    r"|说不定|不一定|原则上|讨论"
)
_DONE = re.compile(r"[发送寄给付签装打交开做报回派完到供]了|已|刚|曾|[发送寄付签装谈聊见]过|完成了|好了")
_KEPT = re.compile(r"(?:之前|原来|当初|以前|上次|所|的|按|按照|如|履行|兑现|违反|没有?|了)$")
_THEM_AS_OBJECT = re.compile(
    rf"(?:向|对|跟|和|给|为|已向|同)\s*{_THEM}\s*$|(?:向|对|给|跟|和|为)(?:您|你|贵司|贵公司|贵方|你们)$"
)
_OBJECT_AFTER = re.compile(rf"^(?:了|过)?(?:给|向|为)?(?:{_THEM}|您|你|贵司|贵公司|贵方)")
_CUSTOMERS_BUSINESS = re.compile(r"付|打款|汇款|结款|回款|转账|签|下单|订单|订购|采购|决定|审批|给我们|给我|回复我")
_OUR_TOPICS = {"delivery", "discount", "installation", "quote"}


def is_condition(clause: str) -> bool:
    """Whether the clause is a condition, so that what hangs on it is not promised."""
    return bool(_CONDITION.search(clause))


def is_question(clause: str) -> bool:
    """Whether the clause is put as a question."""
    return bool(_QUESTION.search(clause))


def _word_given(clause: str) -> Claim | None:
    found = _WORD_GIVEN.search(clause)
    if not found:
        return None
    if _OUR_WORD.search(clause):
        return Claim(by="us", what_start=len(clause), reported=True)
    before, after = clause[: found.start()].strip(), clause[found.end() :]
    if (
        _NEGATION.search(before)
        or _HEDGE.search(before)
        or _REQUEST.search(before)
        or after.startswith(("书", "的", "金", "不了"))
    ):
        return None
    subject_us = re.search(_US, before)
    if _KEPT.search(before) and before.endswith(("所", "按", "按照", "如", "的", "履行", "兑现", "违反")):
        return None
    if _THEM_AS_OBJECT.search(before) or (subject_us and not re.search(rf"{_THEM}.*(?:向|对|给|跟){_US}", before)):
        by = "us"
    elif re.search(_THEM, before):
        by = "them"
    elif _OBJECT_AFTER.match(after) and not re.match(r"(?:了|过)?(?:给|向|为)?我", after):
        by = "us"
    elif re.search(
        r"[\u4e00-\u9fffA-Za-z]",
        re.sub(
            r"今天|昨天|刚才|刚刚|已经?|也|还|并|都|但|另外|同时|电话里?|会上|通话中?|当场|口头|上次|之前"
            r"|\d+分钟|周.|我?们?",
            "",
            before,
        ),
    ):
        by = "them" if _CUSTOMERS_BUSINESS.search(after) or find_topic(after) not in _OUR_TOPICS else "us"
    else:
        by = "them" if re.match(r".{0,6}(?:付款|打款|汇款|下单|签)", after) else "us"
    done = _DONE.search(after.lstrip("了过"))
    if found[0] == "同意" and not re.search(rf"{ACTIONS}|{_SERVICE}|折|%|％|个点", after):
        return None
    start = found.end() + (1 if after[:1] in ("了", "过") else 0)
    return None if done and not _FREE.search(after) else Claim(by=by, what_start=start, reported=True)


def _spoken(clause: str) -> tuple[Claim, int] | None:
    """Return the claim and where its verb ends, from the patterns tried in turn."""
    us, them = re.search(_US, clause), re.search(_THEM, clause)
    # Whoever stands first is the subject: "他周五前付我们定金" is theirs, "我们给客户发报价" is ours.
    ours_first = us is not None and (
        them is None or us.start() < them.start() or bool(_THEM_AS_OBJECT.search(clause[: them.end()]))
    )
    if found := _BORNE_BY_US.search(clause):
        return Claim(by="us", what_start=0), found.end()
    if found := _YOU_GET.search(clause):
        return Claim(by="us", what_start=found.start("what")), found.end()
    if ours_first:
        if found := _US_OFFER.search(clause):
            return Claim(by="us", what_start=found.start("what"), needs_measure=True), found.end()
        if found := _US_MODAL.search(clause):
            bare = found["what"] is None
            group = "what2" if bare else "what"
            addressed = bool(re.search(r"给(?:您|你|他|她|客户|对方)", clause))
            return Claim(by="us", what_start=found.start(group), needs_measure=bare and not addressed), found.end()
    if them and not _THEM_AS_OBJECT.search(clause[: them.end()]) and (found := _THEM_MODAL.match(clause)):
        return Claim(by="them", what_start=found.start("what"), needs_measure=not found["modal"]), found.end()
    if found := _FREE.search(clause):
        return Claim(by="us", what_start=found.start("what") if found["what"] else found.start("what2")), found.end()
    if found := _TO_YOU.search(clause):
        return Claim(by="us", what_start=found.start("what")), found.end()
    if found := _THING_MODAL.search(clause):
        by = "them" if re.match(r"付|打款|汇款|下单|下订单|签|回款", found["what"]) else "us"
        return Claim(by=by, what_start=found.start("what"), needs_measure=True), found.end()
    if found := _US_OFFER.search(clause):
        return Claim(by="us", what_start=found.start("what"), needs_measure=True), found.end()
    return None


def read_chinese(clause: str) -> Claim | None:
    """Return the claim a Chinese clause makes, or None where it is none, denied, hedged, asked or conditional."""
    if is_question(clause) or is_condition(clause):
        return None
    if _WORD_GIVEN.search(clause):
        return _word_given(clause)
    spoken = _spoken(clause)
    if not spoken:
        return None
    claim, verb_end = spoken
    head = clause[:verb_end]
    if _NEGATION.search(head) or _HEDGE.search(head) or _REQUEST.search(head) or _DONE.search(clause):
        return None
    # 把合同寄回来: the thing stands before its verb.
    moved = clause.rfind("把", 0, claim.what_start)
    return evolve(claim, what_start=moved) if moved >= 0 else claim
