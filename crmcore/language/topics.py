"""What a promise is about."""

import re

_TOPICS = [
    (topic, re.compile(words, re.IGNORECASE))
    for topic, words in (
        (
            "discount",
            r"\bdiscounts?\b|\brebate\b|%\s*(?:off|less|cheaper|discount)|percent\s+(?:off|less|cheaper)"
            r"|\breduc(?:e|tion)\b|\blower\b|\b(?:old|last year's)\s+price\b|折|优惠|便宜|降价|让利|减免|返点"
            r"|特价",
        ),
        (
            "installation",
            r"\binstall(?:s|ed|ing|ation)?\b"
            r"|\bset(?:ting)?\s+(?:it\s+|them\s+)?up\b|\bcommission(?:ing)?\b"
            r"|\bmount(?:ing)?\b|安装|装机|装[好完]|调试|部署",
        ),
        (
            "quote",
            r"\bquot(?:e|es|ation|ations|ing)\b|\bprice\s?list\b|\b(?:an?|the|our|revised|new|better"
            r"|updated)\s+offer\b|\bpricing\b|\bproposal\b|\bprices?\b|报价|报个价|价格单|价目表|给价|价格"
            r"|标书",
        ),
        (
            "payment",
            r"\bpay(?:s|ing|ment|ments)?\b|\btransfer(?:red|ring)?\s+the\s+(?:money|sum|amount|balance"
            r"|deposit)\b|\bpaid\b|\brefund\b|\bcredit\s+note\b|\b(?:settle|settlement)\b|\bdeposit\b|付款"
            r"|打款|汇款|付清|支付|结款|回款|退款|转账|定金|尾款|运费|付",
        ),
        (
            "delivery",
            r"\bdeliver(?:s|y|ies|ed|ing)?\b|\bship(?:s|ped|ping|ment)?\b|\bdispatch\b|\blead\s?time\b"
            r"|\bsamples?\b|\bgoods\b|\bleave\s+our\b|\breplacements?\b|交货|送货|到货|发货|交付|供货|送到|货期|交期|样品|寄出"
            r"|补货",
        ),
        (
            "visit",
            r"\bvisit(?:s|ing)?\b|\bcom(?:e|ing)\s+(?:by|over|to|and|on|round)\b|\bdrop\s+(?:in|by)\b"
            r"|\bstop\s+by\b|\bon[- ]site\b|\bbe\s+there\b|\b(?:engineer|technician)\s+(?:will|comes?)\b"
            r"|\bdemo\b|\bmeet\b|拜访|上门|来访|到现场|过去|(?<![打传寄发送汇转拿带])过来|检修|登门|见面|面谈"
            r"|看现场|演示",
        ),
        (
            "document",
            r"\b(?:contract|invoice|brochure|datasheet|data\s+sheet|documents?|documentation|manual|catalogue"
            r"|catalog|certificate|report|drawings?|specs?|specifications?|minutes|slides|presentation"
            r"|agreement|nda|purchase\s+order|po|order\s+form|references?|case\s+stud(?:y|ies)|file|link"
            r"|summary|order\s+confirmation)\b|合同|发票|资料|文件|手册|方案|彩页|证书|报告|图纸|说明书|协议"
            r"|清单|案例|目录|订单",
        ),
        (
            "call",
            r"\b(?:call|phone|ring)\b|\bget\s+back\s+to\b|\blet\s+(?:you|him|her|them|us)\s+know\b"
            r"|\bback\s+to\s+you\b|\breply\b|\bfollow\s+up\b|打电话|回电|致电|去电|电话|联系|回复|答复|告知"
            r"|通知|反馈",
        ),
    )
]


def find_topic(text: str) -> str:
    """Return delivery, quote, discount, installation, payment, visit, document, call or other.

    The earlier in this order wins where several fit: discount, installation, quote, payment, delivery, visit, document,
    call. So `send the quote` is a quote and `call back about the quote` too.
    """
    return next((topic for topic, words in _TOPICS if words.search(text)), "other")
