"""Words that say nothing of what a request is about, English and Chinese."""

import re

_ENGLISH = """
a about after again all also am an and any anybody anyone are as asap ask asked asking at be because been before
best but by call called calling can cc cheers come comes coming could customer day days dear did do does done don't
either email else ever fax for form from further fw fwd get good got greetings had has have he hear heard hello
help her here hi him his hope how i i'd i'll i'm i've if in into is it it's just kind kindly know last let like mail
many me message more morning mr mrs ms much my need new news no not now of off ok on once one only or our out
phone please problem question quick re regards reminder reply request said same say see send sent she should since
so some somebody someone soon sorry still such support take tell than thank thanks that the their them then there
these they thing this ticket till time to today tomorrow too two until up update urgent us very via wait waiting
want was we week weeks were what when where which while who why will wish with would wrong wrote yes yesterday yet
you your yours hours hour min minute minutes issue status afternoon evening answer answered back nobody nothing
happened happen happens working work works look looking sir madam team service name number subject
"""
EMPTY = frozenset(_ENGLISH.split())

EMPTY_HAN = re.compile(
    r"您好|你好|收到|好的|请问|谢谢|感谢|麻烦|尽快|什么时候|怎么样|怎么|有没有|有消息|消息|进展|进度|回复|答复|还没有|还没|没有|已经|现在|"
    r"今天|明天|昨天|上午|下午|刚才|一下|问题|工单|客户|电话|邮件|来电|客服|联系|等待|等着|处理|情况|事情|如何|可以|能否|是否|为什么|"
    r"我们|你们|他们|贵公司|先生|女士|[的了吗呢吧啊呀在还是有和与也都就不我你您他她它这那个们请来去到被把给让很又再要想能会说问没等事]"
)
"""What is cut out of Chinese text, which has no blanks between its words."""
