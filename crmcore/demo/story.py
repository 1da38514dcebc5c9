"""The story that `crm demo` tells: chapters of commands, typed as the user would type them."""

from collections.abc import Sequence

from attrs import frozen

from crmcore.i18n import _

MAIN_CUSTOMER = "Dongfang"
ZONE = "Asia/Shanghai"


@frozen(kw_only=True)
class Pair:
    """Two records of a kind (contact or customer) whose ids a command needs, by their names: `{a}` and `{b}`."""

    kind: str
    a: str
    b: str


@frozen(kw_only=True)
class Command:
    """A command line of the story, without the leading `crm`; `user` types it, you where that is empty."""

    args: tuple[str, ...]
    user: str = ""
    pair: Pair | None = None


@frozen(kw_only=True)
class Chapter:
    """A few commands under a title; `remark` says before them what to look at."""

    title: str
    remark: str
    commands: tuple[Command, ...]


def run(*args: str, user: str = "", pair: Pair | None = None) -> Command:
    """Return a command of the story."""
    return Command(args=args, user=user, pair=pair)


def chapters(me: str) -> Sequence[Chapter]:
    """Return the story, told to the user whose login is `me`: the main job from end to end."""
    dongfang = Pair(kind="customer", a="东方机械 Dongfang Machinery", b="Dongfang Machinery")
    li_wei = Pair(kind="contact", a="李伟", b="Li Wei")
    return (
        Chapter(
            title=_("A workspace, and who works here"),
            remark=_("One file, no server. In this story you are Ann, who runs the company."),
            commands=(
                run("init", "--region", "CN", "--zone", ZONE),
                run("user", "edit", me, "--name", "Ann Zhao 赵安", "--email", "ann@huaxin.example.com"),
                run("user", "add", "wang", "--name", "Wang Lei 王磊", "--email", "wang.lei@huaxin.example.com",
                    "--role", "rep"),
                run("user", "add", "liu", "--name", "Liu Min 刘敏", "--email", "liu.min@huaxin.example.com",
                    "--role", "service"),
            ),
        ),
        Chapter(
            title=_("The address books of two phones"),
            remark=_("vCard 3.0 and 4.0. Whoever may be there already is named at once, with the reasons."),
            commands=(run("import", "ann-phone.vcf", "wang-phone.vcf"),),
        ),
        Chapter(
            title=_("Look before you import"),
            remark=_("An old phone's cards (vCard 2.1, GB18030): all but one are known. Nothing is changed yet."),
            commands=(run("import", "--dry-run", "liu-old-phone.vcf"),),
        ),
        Chapter(
            title=_("The list from the trade fair"),
            remark=_("A table with Chinese headings, as a spreadsheet saves it. One row is of no use, and says why."),
            commands=(run("import", "liu-old-phone.vcf", "canton-fair.csv"),),
        ),
        Chapter(
            title=_("Mail and calendar"),
            remark=_("Each becomes part of the timeline, once. Only people we wrote to become contacts."),
            commands=(run("import", "mail.mbox", "calendar.ics", "--people", "answered"),),
        ),
        Chapter(
            title=_("The same company, the same person twice"),
            remark=_("You decide, or let what is certain be merged; every merge can be taken back."),
            commands=(
                run("customer", "list", MAIN_CUSTOMER),
                run("customer", "merge", "{a}", "{b}", pair=dongfang),
                run("duplicates", "--kind", "contact", "--limit", "2"),
                run("duplicates", "show", "{a}", "{b}", pair=li_wei),
                run("duplicates", "merge", "--certain"),
            ),
        ),
        Chapter(
            title=_("One line is enough"),
            remark=_("English or Chinese: who, how, how long, what is to be done, and what people like."),
            commands=(
                run("log", "Li Wei 10 min call, wants the contract by Friday"),
                run("log", "拜访欧阳建国40分钟，下周一前给他发样本", user="wang"),
                run("log", "Anja Petersen: no calls before 10:00"),
            ),
        ),
        Chapter(
            title=_("Who promised what?"),
            remark=_("Read out of the mails. Wang and Liu promised the same customer two different things."),
            commands=(
                run("promise", "scan"),
                run("promise", "list", "--customer", MAIN_CUSTOMER),
            ),
        ),
        Chapter(
            title=_("What is due"),
            remark=_("Yours and your colleagues': tasks from the calendar and the log, promises from the mails."),
            commands=(run("due", "--all"),),
        ),
        Chapter(
            title=_("Before you call: everything on one page"),
            remark="",
            commands=(run("brief", MAIN_CUSTOMER),),
        ),
        Chapter(
            title=_("Find anything, two Chinese characters suffice"),
            remark="",
            commands=(run("search", "货款", "--limit", "3"),),
        ),
        Chapter(
            title=_("Whom to call tomorrow at half past nine, and whom not"),
            remark="",
            commands=(run("call-list", "--at", "tomorrow 9:30"),),
        ),
        Chapter(
            title=_("How good is the data?"),
            remark="",
            commands=(run("quality"),),
        ),
    )  # fmt: skip
