"""Names of people and organisations in a Chinese line, told by surnames, titles and the words around them."""

import re

from crmcore.language.names_english import FoundName

_SURNAME = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟"
    "龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍"
    "覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫缪苟褚郎]"
)
_COMPOUND = "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|南宫"
_TITLE = (
    r"(?:总经理|总监|总(?!是|之|共|会|价|计|部|公司)|经理|先生|女士|小姐|主任|老板|处长|科长|部长|院长"
    r"|校长|老师|工程师|工(?!作|厂|程|期)|博士|教授|医生|书记|局长|行长|店长|董(?!事会))"
)
# A given name ends where one of these begins.
_STOP = re.compile(
    "要|说|打|来|的|问|想|今|明天|明日|明早|昨|后天|前天|电话|邮件|发|在|会|已|他|她|了|和|跟|与|给"
    "|约|对|谈|希望|答应|需|同意|承诺|催|确认|表示|下|上周|上午|周|聊|见|关于|开|面|拜访|通|回|反馈"
    "|投诉|喜"
    "|不|只|请|用|就|也|讲|收|微信|短信|传真|一个|十|半|两|三|二|五|订|买|付|让|把|被|从|到|去|因|还"
    "|将|提|介绍|抱怨|咨询|预|感|月底|星期|礼拜|偏|决|刚|过|是|有|没|生病|等|处|总|经理|先生|女士"
    "|负责|参加|换|离|爱|讨厌"
)
_PERSON = re.compile(
    rf"(?P<titled>(?:{_COMPOUND}|{_SURNAME})[\u4e00-\u9fff]{{0,2}}?{_TITLE}"
    rf"|[老小]{_SURNAME}(?![板时区]))|(?P<surname>{_COMPOUND}"
    rf"|{_SURNAME})(?P<given>[\u4e00-\u9fff]{{1,2}})"
)
# Before a name without a title stands nothing, a mark, or one of these.
_BEFORE = re.compile(
    r"(?:和|跟|与|给|找|约|见了?|见到|拜访了?|走访了?|致电|联系了?|联系上|打给|电话给|发给|寄给|回复"
    r"|访问了?|会见|面谈|收到|接到|来自|陪|请了?|同|今天|昨天|前天|上午|下午|刚才|刚刚|刚)\s*$"
)
_MARK = re.compile(r"[，,。；;：:！!？?、\s（(/]$|的$")
# Words that begin with a character that is also a surname.
_NO_NAME = re.compile(
    r"周[一二三四五六日天末内]|时[间候]|方[便案式面向法]|高[兴级层]|成[功本交]|安[装排全]|常[用来见规]"
    r"|向[他她客我您]|于是|何时|文[件档字]|万[元一]|马上|关[于系心注]|程序|任[何务]|单[价子位]"
    r"|解[决释]|强[调烈]|车[间辆站]"
    r"|包[括装含]|管理|项目|白天|华[东南北为]|江[苏西]|阳[光台]|余[款额]|路由|温度|顾[客问]|费用"
    r"|查[询看]|严[格重]|计[划算]|许[可多]|毛[利病]|金[属额融]|康复|夏[天季]|谢谢|宁可|左右|通[过知话]"
    r"|石油|易于|连续|施工|龙头|古典|平[时台]|宫|季[度末]|席|章程|强"
)
_SUFFIX = (
    r"(?:公司|集团|银行|医院|学校|大学|酒店|科技|电子|股份|工厂|机械|贸易|物流|制造|实业|软件|网络"
    r"|药业|地产|研究院|研究所)"
)
_ORGANISATION = re.compile(
    rf"(?P<plain>[A-Za-z\u4e00-\u9fff]{{2,12}}?{_SUFFIX}+(?:有限公司|公司)?)"
    rf"|(?P<owner>[\u4e00-\u9fff]{{2,8}}|[A-Z][\w&]*)的(?={_SURNAME}|[老小]{_SURNAME})"
)
_LEAD = re.compile(
    r"^.*(?:和|跟|与|给|拜访了?|致电|联系了?|见了?|访问了?|走访了?|去了?|到了?|来自|收到|接到|关于"
    r"|打给|发给|约了?|找|在|是|今天|昨天|明天|上午|下午)"
)
_NO_ORGANISATION = re.compile(r"我们|他们|你们|自己|客户|新来|我司|我$|他$|她$|我方|对方|贵|本|分公司|总公司")


def _organisations(text: str) -> list[FoundName]:
    found = []
    for match in _ORGANISATION.finditer(text):
        start, end = match.span("owner" if match["owner"] else "plain")
        lead = _LEAD.match(text[start:end])
        start += lead.end() if lead else 0
        name = text[start:end]
        if len(name) >= 2 and not re.fullmatch(_SUFFIX, name) and not _NO_ORGANISATION.match(name):
            found.append(FoundName(start=start, end=end, text=name, weight=1, organisation=True))
    return found


def _weight(text: str, start: int, *, titled: bool) -> int:
    """Return how likely the name at `start` is who was dealt with; 0: it is no name."""
    before = text[:start]
    if not re.search(r"\w", before):
        return 5
    if _BEFORE.search(before):
        return 4
    if _MARK.search(before):
        return 3
    return 2 if titled else 0


def find_names(text: str) -> list[FoundName]:
    """Return the names in a Chinese line, in order, with their weights; organisations marked."""
    found = _organisations(text)
    plain = text
    for organisation in found:
        plain = plain[: organisation.start] + " " * len(organisation.text) + plain[organisation.end :]
    position = 0
    while match := _PERSON.search(plain, position):
        position = match.start() + 1
        titled = match["titled"] is not None
        end = match.end()
        if not titled:
            # 张三, 李四: a numeral may be the given name, but not its second character.
            given = match.start("given")
            stop = _STOP.search(plain, given + (plain[given] in "一二三五六"))
            end = min(match.end(), stop.start()) if stop else match.end()
            if end == match.start("given") or _NO_NAME.match(plain, match.start()):
                continue
        weight = _weight(plain, match.start(), titled=titled)
        if weight:
            found.append(FoundName(start=match.start(), end=end, text=plain[match.start() : end], weight=weight))
            position = end
    return sorted(found, key=lambda name: name.start)
