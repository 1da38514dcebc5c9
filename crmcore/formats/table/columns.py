"""What a column heading means: the fields a column can fill, and the headings people and programs write for them.

A **target** says where a cell goes: `field`, or `field:label` for what can be there several times (`phone:mobile`,
`street:home`, `identifier:tax`). `customer.` before it means the company of the person in the row. `field.label` is the
column that holds the label of the value beside it, `ignore` drops a column, `extra` keeps it under its heading.

Headings are compared without case, spaces and punctuation, so `Mobile Phone`, `MobilePhone`, `mobile_phone` and
`MOBILEPHONE` are one, as are Salesforce's `Phone__c` and `Phone`.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

POINTS = ("email", "phone", "fax", "messenger", "url")
ADDRESS_PARTS = (
    "address",
    "street",
    "street_number",
    "extended",
    "po_box",
    "locality",
    "region",
    "postal_code",
    "country",
    "place",
)


def words(text: str) -> list[str]:
    """Return the words of a list written as one text."""
    return text.split()


PERSON = words(
    "name given family additional prefix suffix nickname organisation organisation_key department "
    "title role birthday "
    "note category external_id identifier language owner photo"
)
COMPANY = words("name kind parent relation note category external_id identifier owner")
ACTIVITY = words(
    "external_id channel direction at date time end duration subject body location status from to contact owner"
)
TASK = words("external_id subject due done note about owner")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "contact": (*PERSON, *POINTS, *ADDRESS_PARTS, "extra", "ignore"),
    "customer": (*COMPANY, *POINTS, *ADDRESS_PARTS, "extra", "ignore"),
    "interaction": (*ACTIVITY, "extra", "ignore"),
    "task": (*TASK, "extra", "ignore"),
}
"""The fields each kind of record has in a table."""

WORDS: Mapping[str, str] = {
    "name": "name|full name|display name|contact name|contact|person|person name|姓名|名字|全名|联系人|"
    "联系人姓名|客户姓名|"
    "联系人名称|聯絡人|显示名称|名称|名稱|称呼",
    "given": "given name|first name|firstname|given|forename|fname|名|名字（名）",
    "family": "family name|last name|surname|lastname|lname|family|姓|姓氏",
    "additional": "additional name|middle name|middle|second name|中间名",
    "prefix": "prefix|name prefix|salutation|honorific|title prefix|尊称|敬称|前缀",
    "suffix": "suffix|name suffix|后缀",
    "nickname": "nickname|nick name|nick|alias|昵称|暱稱|别名|英文名",
    "organisation": "company|company name|organization|organisation|organization name|organisation name|employer|"
    "account|"
    "account name|firm|business name|公司|公司名称|公司名稱|单位|单位名称|工作单位|企业|企业名称|"
    "机构|机构名称|客户名称|客户|客戶|組織|组织",
    "organisation_key": "account id|company id|organization id|associated company id|公司编号|单位编号",
    "department": "department|dept|division|organization department|部门|部門|所属部门",
    "title": "title|job title|position|organization title|职位|職位|职务|職務|职称|岗位",
    "role": "role|job role|profession|occupation|角色|职业",
    "birthday": "birthday|birth date|birthdate|date of birth|dob|born|生日|出生日期|出生年月|出生年月日",
    "note": "note|notes|comment|comments|remark|remarks|description|memo|备注|備註|附注|说明|描述|备忘",
    "category": "category|categories|tags|tag|groups|group|group membership|labels|keywords|分组|组别|类别|分类|"
    "标签|標籤|群组",
    "external_id": "id|rec id|record id|unique id|uid|uuid|guid|contact id|customer id|external id|oracle id|"
    "客户编号|"
    "联系人编号|编号|编码|客户编码|客户id|记录编号|序号id|lead id|company id number",
    "identifier": "soc sec id|social security number|ssn|tax id|vat number|vat id|passport|member number|"
    "membership number|"
    "account number|customer number|government id number|organizational id number|身份证|身份证号|"
    "身份证号码|证件号码|税号|"
    "纳税人识别号|统一社会信用代码|会员号|工号",
    "language": "language|preferred language|语言|語言",
    "owner": "owner|owner id|record owner|contact owner|account owner|lead owner|company owner|hubspot owner|"
    "负责人|所有者|"
    "业务员|客户经理|跟进人|销售",
    "photo": "photo|photo url|picture|image|avatar|照片|头像",
    "email": "email|e mail|email address|e mail address|mail|mail address|邮箱|电子邮箱|电子邮件|邮件|"
    "邮件地址|邮箱地址|電子郵件|信箱|"
    "e mail 1 address|电邮",
    "phone": "phone|phone number|telephone|telephone number|tel|tel no|contact number|电话|电话号码|联系电话|"
    "電話|联系方式|固话|座机|"
    "固定电话|号码",
    "phone:mobile": "mobile|mobile phone|mobile number|mobile phone number|cell|cell phone|cellphone|"
    "cell phone number|手机|"
    "手机号|手机号码|移动电话|手機|行動電話|手提电话",
    "phone:main": "main phone|company main phone|primary phone|总机|主电话",
    "phone:pager": "pager|寻呼机",
    "fax": "fax|fax number|facsimile|传真|传真号码|傳真",
    "messenger": "im|messenger|instant messenger",
    "messenger:wechat": "wechat|we chat|weixin|wechat id|微信|微信号|微信號",
    "messenger:qq": "qq|qq number|qq号|qq号码",
    "messenger:skype": "skype|skype id",
    "messenger:whatsapp": "whatsapp",
    "messenger:telegram": "telegram",
    "url": "url|website|web site|web page|webpage|homepage|home page|site|web|网站|网址|網址|官网|主页|"
    "公司网址|公司网站|website url",
    "url:linkedin": "linkedin|linkedin url|linkedin profile",
    "url:twitter": "twitter|twitter handle",
    "url:facebook": "facebook|facebook url",
    "address": "address|full address|formatted address|postal address|location address|地址|通讯地址|联系地址|"
    "详细地址|通信地址|住址",
    "street": "street|street address|address1|address 1|address line 1|addr1|街道|街道地址|路",
    "street_number": "street number|house number|street no|门牌号",
    "extended": "address 2|address2|address line 2|addr2|extended address|street 2|apt|suite|unit|地址2",
    "po_box": "po box|pobox|post office box|邮政信箱",
    "locality": "city|town|suburb|locality|city town|城市|市|所在城市|市区",
    "region": "state|province|region|state region|state province|county|省|省份|州|地区|所在地区|所在省份",
    "postal_code": "postal code|zip postal code|postcode|post code|zip|zip code|zipcode|邮编|邮政编码|郵遞區號",
    "country": "country|country region|country name|国家|國家|国家地区",
    "place": "headquarters location|headquarters|hq|hq location|总部|总部所在地|总部地址",
    "parent": "parent|parent id|parent account|parent company|parent account id|母公司|上级公司|上级单位",
    "relation": "relation|customer type|account type|客户类型|关系",
}

CUSTOMER_EVIDENCE = frozenset(
    words(
        "website industry accountnumber numberofemployees employees employeecount annualrevenue revenue "
        "tickersymbol ticker "
        "symbol security sic siccode naicscode headquarters hq headquarterslocation gicssector "
        "billingstreet billingcity "
        "billingstate billingcountry billingpostalcode billingaddress companydomainname 行业 所属行业 "
        "注册资本 员工人数 员工数 公司规模 "
        "法人 法定代表人 统一社会信用代码 网站 网址 官网 公司网址 公司网站 成立日期 企业类型 开户行 税号 纳税人识别号"
    )
)
"""Headings that only a list of organisations has."""
PERSON_EVIDENCE = frozenset({"given", "family", "birthday", "title", "nickname", "prefix"})
"""Targets that only a list of persons has."""

LABELS: Mapping[str, str] = {
    "home": "home",
    "personal": "home",
    "private": "home",
    "work": "work",
    "business": "work",
    "office": "work",
    "company": "work",
    "direct": "work",
    "other": "other",
    "mailing": "mailing",
    "billing": "billing",
    "shipping": "shipping",
    "delivery": "shipping",
    "primary": "",
    "main": "",
    "mobile": "mobile",
    "car": "car",
    "assistant": "assistant",
    "assistants": "assistant",
    "家庭": "home",
    "住宅": "home",
    "个人": "home",
    "单位": "work",
    "公司": "work",
    "办公": "work",
    "办公室": "work",
    "工作": "work",
    "企业": "work",
    "商务": "work",
    "其他": "other",
    "账单": "billing",
    "收货": "shipping",
    "邮寄": "mailing",
    "主要": "",
}
"""Words before or after the heading of a way to reach somebody, and the label they stand for."""

HINT = re.compile(r"[(\[【（*]\s*(必填|选填|可选|required|optional|\*)?\s*[)\]】）]?\s*$", re.IGNORECASE)
APART = re.compile(r"[\W_]+")
NUMBER = re.compile(r"\d+")


@lru_cache(maxsize=16384)
def normalise(heading: str) -> str:
    """Return `heading` without case, spaces, punctuation, marks for required cells, and Salesforce's suffixes."""
    text = HINT.sub("", unicodedata.normalize("NFKC", heading).strip()).casefold()
    return APART.sub("", text.removesuffix("__c").removesuffix("__pc"))


KNOWN: Mapping[str, str] = {
    normalise(word): target for target, words in WORDS.items() for word in reversed(words.split("|"))
}
LABELLED = (*POINTS, *ADDRESS_PARTS)


def find_target(heading: str) -> tuple[str, str] | None:
    """Return the target a heading means by itself, and its number: `Work Phone 2` is (`phone:work`, `2`).

    The number keeps apart what stands several times in a row; it is empty where it is part of the name of the field, as
    in `Address 2`, the second line. None when the vocabulary does not have the heading.
    """
    text = normalise(heading)
    target = KNOWN.get(text) or _labelled(text)
    if target:
        return target, ""
    number = NUMBER.search(text)
    if not number:
        return None
    numberless = NUMBER.sub("", text)
    target = KNOWN.get(numberless) or _labelled(numberless)
    return (target, number[0]) if target and _field(target) in LABELLED else None


def is_known(heading: str) -> bool:
    """Whether the vocabulary has `heading`."""
    return bool(heading) and (find_target(heading) is not None or normalise(heading) in CUSTOMER_EVIDENCE)


def _field(target: str) -> str:
    return target.partition(":")[0]


def _labelled(text: str) -> str | None:
    for word, label in LABELS.items():
        for rest in (text.removeprefix(word), text.removesuffix(word)):
            target = KNOWN.get(rest) if rest != text else None
            if target and _field(target) in LABELLED:
                inner = target.partition(":")[2]
                labels = " ".join(dict.fromkeys(part for part in (label, inner) if part))
                return f"{_field(target)}:{labels}" if labels else _field(target)
    return None
