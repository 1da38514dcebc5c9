"""Names of people and organisations in a Chinese line, told by surnames, titles and the words around them."""

import re

from crmcore.language.names_english import FoundName

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来缪苟褚郎"
)
_COMPOUND = "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|南宫"
_TITLES = r"(?:总经理|总监|总(?!是|之|共|会|价|计|部|公司)|经理|先生|女士|小姐|主任|老板|处长|科长|部长|院长|校长|老师|工程师|工(?!作|厂|程|期)|博士|教授|医生|书记|局长|行长|店长|董(?!事会))"
# A given name ends where one of these begins.
_STOP = (
    "要|说|打电|打来|打了|打给|来电|来信|来访|来问|来了|的|问|想|今天|今日|明天|昨天|后天|前天|今|昨|电话|邮件|发|在|会|已|他|她|了|和|跟|与|给|约|对|谈|希望|答应|需|同意|承诺|催|确认|表示|下周|下午|上周|上午|周|聊|见|关于|开会|"
    "面谈|拜访|通话|回|反馈|投诉|喜欢|不|只|请|通过|用|就|也|说|讲|收到|微信|短信|传真|会议|一个|十|半|两|三|二|五|订|买|付|让|把|被|从|到|去|先生|因|还|将|提|介绍|抱怨|咨询|预|感|月|星|偏|决|刚|过|是|有|没|对|生病|等|处"
).split("|")
_STOPS = re.compile("|".join(sorted(set(_STOP), key=len, reverse=True)))
_HAN = r"[\u4e00-\u9fff]"
_NAME = re.compile(
    rf"(?P<nick>[老小阿][{_SURNAMES}])(?!{_HAN}?板|时|区)|(?P<compound>{_COMPOUND})(?P<given>{_HAN}{{0,2}})|(?P<single>[{_SURNAMES}])(?P<rest>{_HAN}{{1,3}})"
)
_TITLE_FIRST = re.compile(_TITLES)
_BEFORE_PERSON = re.compile(
    r"(?:和|跟|与|给|找|约|见了?|见到|见面|拜访了?|走访了?|致电|联系了?|联系上|打给|电话给|发给|寄给|回复|访问了?|会见|面谈|收到|接到|来自|陪|请了?|同)\s*$"
)
_ORGANISATION = re.compile(
    rf"(?P<plain>[A-Za-z\u4e00-\u9fff]{{2,12}}?(?:公司|集团|银行|医院|学校|大学|酒店|科技|电子|股份|工厂|机械|贸易|物流|制造|实业|软件|网络|信息|药业|地产|研究院|研究所))|(?P<owner>{_HAN}{{2,8}}|[A-Z][\w&]*)的(?=[{_SURNAMES}老小])"
)
_ORGANISATION_START = re.compile(r"^(?:.*(?:和|跟|与|给|拜访了|拜访|致电|联系|见了|访问|走访|去了|去|到|来自|收到|接到|关于|打给|发给|约|找|在|是))")
_NOT_NAMES = re.compile(
    r"^(?:周[一二三四五六日天末]|时间|方便|方案|金额|高兴|成功|成本|成交|安装|安排|常[用来常]|向[他她客我您]|于是|何时|文件|万元|马上|关于|关[系心注]|程序|任何|任务|石油|于[今本下]|单[价子位]|解[决释]|强[调烈]|车[间辆站]|包[括装含]|管理|项目|位[于置]"
    r"|都|高[于级层]|白[天色]|通|华[东南北为]|江[苏西]|阳[光台]|来|时[候间]|余[款额]|盛|路由|温度|顾[客问]|和|池|费用|查[询看]|严[格重]|易|计划|计算|许[多可]|连|牛|梅|经|古|米|段|毛[利病]|全|水|石|应|平|曲|左右|成|金[属额融]|方[式面向法]|常[见规]|康|龙|夏[天季]|冬|谢谢|安全|宁可|甘|易于|田|文档|文[字本]|史|房|林|雷|武|易|游|洪|位|席|章|向|项|司|华|古|游|单|植)"
)


def _given_length(rest: str, most: int) -> int:
    """Return how many of the characters after the surname belong to the name: the first, unless it ends the name."""
    stop = _STOPS.search(rest)
    length = min(len(rest), most)
    return min(length, stop.start()) if stop else length


def _organisation_before(text: str, start: int) -> FoundName | None:
    """Return the organisation that stands directly before a name: 华信的张三, 华信公司王总."""
    for found in _ORGANISATION.finditer(text, 0, min(len(text), start + 1)):
        group = "owner" if found["owner"] else "plain"
        if not 0 <= start - found.end() <= 1:
            continue
        begin = found.start(group)
        prefix = _ORGANISATION_START.match(found[group])
        begin += prefix.end() if prefix else 0
        name = text[begin : found.end(group)]
        if len(name) >= 2 and not re.match(r"我们|他们|你们|自己|客户|新来|我司", name):
            return FoundName(start=begin, end=begin + len(name), text=name, weight=1, organisation=True)
    return None


def _weight(text: str, start: int, *, titled: bool) -> int:
    before = text[:start]
    if not re.search(r"\w", before):
        return 5
    if _BEFORE_PERSON.search(before):
        return 4
    if re.search(rf"[，,。；;\s、]$|的$|{_HAN}{{2}}(?:公司|集团|银行|医院|科技)$", before):
        return 3
    return 2 if titled else 1


def find_names(text: str) -> list[FoundName]:
    """Return the names in a Chinese line, in order, with their weights; organisations marked."""
    found: list[FoundName] = []
    position = 0
    while match := _NAME.search(text, position):
        start, position = match.start(), match.start() + 1
        titled = False
        if match["nick"]:
            end = match.end()
            titled = True
        else:
            surname = match["compound"] or match["single"]
            name_start = start + len(surname)
            title = _TITLE_FIRST.match(text, name_start) or _TITLE_FIRST.match(text, name_start + 1) or _TITLE_FIRST.match(text, name_start + 2)
            if title and not _STOPS.search(text[name_start : title.start()]):
                end, titled = title.end(), True
            else:
                end = name_start + _given_length(text[name_start : name_start + 3], 2)
                if end == name_start:
                    continue
        weight = _weight(text, start, titled=titled)
        if not titled and (_NOT_NAMES.match(text[start:end]) and weight < 5 or _NOT_NAMES.match(text[start:end]) and weight == 5 and len(text[start:end]) < 2 or weight < 2):
            continue
        if not titled and re.match(r"周[一二三四五六日天末]|万元|马上|关于|通过|安排|安装|谢谢|时间|项目|方案", text[start:end]):
            continue
        organisation = _organisation_before(text, start)
        if organisation and all(organisation.start != f.start for f in found):
            found.append(organisation)
        if any(f.start <= start < f.end and not f.organisation for f in found):
            continue
        if any(f.organisation and f.start < end and start < f.end for f in found) and not organisation:
            continue
        found.append(FoundName(start=start, end=end, text=text[start:end], weight=weight))
        position = end
    if not found:
        alone = _ORGANISATION.search(text)
        if alone and alone["plain"]:
            prefix = _ORGANISATION_START.match(alone["plain"])
            start = alone.start() + (prefix.end() if prefix else 0)
            if alone.end() - start >= 3:
                found.append(FoundName(start=start, end=alone.end(), text=text[start : alone.end()], weight=1, organisation=True))
    return found
