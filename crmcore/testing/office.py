"""`Office`: a workspace of realistic size, the same in every run, for tests of plugins.

2,000 customers with owners, 5,000 contacts with positions, addresses and numbers, and 20,000 interactions of 18 months
up to Monday, 23 November 2026; six reps in two teams. Built once in a run of pytest, from one seed; every test gets a
copy of its own. It is ten o'clock in Shanghai on Tuesday, 24 November 2026 (`office.clock` moves it).

    office.crm("customer", "list", user="wang").out     office.json("customer", "list")
    office.customers[7], office.contacts[7], office.staff[7]        ids; staff: the contacts of a customer, by place
    office.users["wang"]                                            ann admin, mei manager, REPS, sam service
    office.insert(Interaction(...))                                 in bulk, past all rules; with a journal: `office.at`
    with office.at("2026-10-01T09:00+08:00", user="liu") as tx: ... as if it were then, by all rules

A plugin's tests make it a fixture: `office = office_with("sales")`; with a class of their own, by `open_office`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from crmcore.app import App
from crmcore.engine import tables
from crmcore.engine.transaction import Transaction
from crmcore.model.interaction import Interaction, Participant
from crmcore.model.party import Contact, ContactPoint, Customer, Position
from crmcore.model.user import User
from crmcore.testing.bulk import ids, insert
from crmcore.testing.clock import Clock
from crmcore.testing.commands import Commands, Ran
from crmcore.testing.databases import Databases
from crmcore.testing.workspace import Workspace

REPS = {"wang": "north", "liu": "north", "zhang": "north", "chen": "south", "zhao": "south", "sun": "south"}
CUSTOMERS, CONTACTS, INTERACTIONS = 2_000, 5_000, 20_000
BEGIN, END = datetime(2025, 5, 26, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)

_CHINESE = """北京 上海 广州 深圳 苏州 无锡 杭州 宁波 成都 武汉 西安 南京 青岛 大连 天津 重庆 长沙 合肥 厦门 沈阳
东方 长江 宏达 华泰 金桥 新源 恒通 海川 天工 正大 瑞丰 鼎盛 远航 中德 百川
机械 泵业 阀门 光电 化工 船舶 仪器 物流"""
_ENGLISH = """Anna Bruno Clara David Elena Felix Greta Hugo Irene James Karin Leo Maria Nils Olga Paul Rosa Sven
Abernathy Becker Carpenter Donovan Eastwood Ferretti Goldstein Hansen Ivanova Jensen Kowalski Larsson Moretti Quist
Pumps Valves Optics Foods Robotics Shipping Instruments Chemicals Textiles Turbines
Ltd GmbH S.p.A. Inc. AB B.V. Sons Group"""
_CITIES, _WORDS, _TRADES = (line.split() for line in _CHINESE.splitlines())
_GIVEN, _FAMILIES, _BUSINESSES, _FORMS = (line.split() for line in _ENGLISH.splitlines())
_MIDDLE = "ABCDEFGHJKLMNPRSTW"
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程"
_CHARACTERS = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国文辉志鹏宇晨浩然子轩梓涵欣怡佳琪思远雨婷嘉俊天翔若曦诗"
)
_TITLES = ("采购经理", "Buyer", "总工程师", "Head of Production", "财务总监", "Plant Manager", "设备主管", "Director")
_CHANNELS = ("call", "email", "meeting", "email", "call", "message")
_SAID = (
    ("询价", "要周五前的报价，数量约两百台，交货期越短越好。"),
    ("Drawings", "Asked for the drawings of the new type and for references in their trade."),
    ("交货期", "希望两周内交货，付款条件可以谈；样品已收到。"),
    ("Visit", "Showed the plant; they want to compare our price with their present supplier."),
    ("售后", "上次的设备运行正常，备件价格偏高，下季度再看。"),
    ("Budget", "The budget is approved next month, the board decides; technical questions are settled."),
    ("招标", "准备招标文件，要求质保三年，最低价不一定中标。"),
    ("Follow-up", "Sent the papers they wanted and agreed to talk again in ten days."),
)


def _names(random: Random, chinese: Iterable[str], others: Iterable[str], count: int) -> list[str]:
    """Return names of both kinds in turn, each once."""
    half = count // 2
    pairs = zip(random.sample(sorted(set(chinese)), half), random.sample(sorted(set(others)), half), strict=True)
    return [name for pair in pairs for name in pair]


def records(app: App) -> Iterator[Any]:
    """Yield all that is in the office, from one seed."""
    random = Random(26)  # noqa: S311 # test data
    users = {"mei": User(login="mei", name="Mei", role="manager"), "sam": User(login="sam", name="Sam", role="service")}
    users |= {login: User(login=login, name=login.title(), role="rep", team=team) for login, team in REPS.items()}
    numbers = iter(ids(app, len(users) + CUSTOMERS + CONTACTS + INTERACTIONS))
    for one in users.values():
        one.id = next(numbers)
        one.manager_id = None if one.login == "mei" else users["mei"].id
        yield one
    reps = [users[login].id for login in REPS]
    firms = _names(
        random,
        (f"{city}{word}{trade}有限公司" for city in _CITIES for word in _WORDS for trade in _TRADES),
        (f"{family} {trade} {form}" for family in _FAMILIES for trade in _BUSINESSES for form in _FORMS),
        CUSTOMERS,
    )
    customers = [
        Customer(id=next(numbers), name=name, owner_id=reps[place % len(reps)], created_at=BEGIN)
        for place, name in enumerate(firms)
    ]
    yield from customers
    people = _names(
        random,
        (f"{family}{one}{other}" for family in _SURNAMES for one in _CHARACTERS for other in _CHARACTERS[::2]),
        (f"{given} {middle}. {family}" for given in _GIVEN for middle in _MIDDLE for family in _FAMILIES),
        CONTACTS,
    )
    contacts = []
    for place, name in enumerate(people):
        firm = customers[place % CUSTOMERS]
        contacts.append(Contact(id=next(numbers), name=name, owner_id=firm.owner_id, created_at=BEGIN))
        yield contacts[-1]
        yield Position(contact_id=contacts[-1].id, customer_id=firm.id, title=_TITLES[place // 2 % len(_TITLES)])
        mail, phone = f"p{place}@firm{place % CUSTOMERS}.example", f"+86138{place:08}"
        yield ContactPoint(contact_id=contacts[-1].id, kind="email", value=mail, normal=mail)
        yield ContactPoint(contact_id=contacts[-1].id, kind="phone", value=phone, normal=phone)
    for at in sorted(_working_hour(random) for _each in range(INTERACTIONS)):
        place = int(CUSTOMERS * random.random() ** 2)  # a few are talked with often
        firm, person = customers[place], contacts[random.randrange(place, CONTACTS, CUSTOMERS)]
        rep = firm.owner_id if random.random() < 0.9 else random.choice(reps)
        subject, body = random.choice(_SAID)
        key = next(numbers)
        yield Interaction(
            id=key, channel=random.choice(_CHANNELS), direction=random.choice(("in", "out")), at=at, created_at=at,
            zone="Asia/Shanghai", subject=subject, body=body, customer_id=firm.id, contact_id=person.id, user_id=rep,
        )  # fmt: skip
        yield Participant(
            interaction_id=key, role="present", contact_id=person.id, customer_id=firm.id, name=person.name
        )
        yield Participant(interaction_id=key, role="present", user_id=rep)


def _working_hour(random: Random) -> datetime:
    """Return an instant on a working day between 9 and 18 o'clock in Shanghai."""
    while True:
        day = BEGIN + timedelta(days=random.randrange((END - BEGIN).days))
        if day.weekday() < 5:
            return day + timedelta(hours=1, minutes=random.randrange(9 * 60))


AnyOffice = TypeVar("AnyOffice", bound="Office")


class Office:
    """A copy of the office, for one test; see the module."""

    def __init__(self, app: App, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self._commands = Commands(app.url)
        with app.read() as reader:
            self.users: dict[str, int] = {
                row.login: row.id for row in reader.rows(select(tables.user_account.c.id, tables.user_account.c.login))
            }
            self.customers, self.contacts = (
                [row.id for row in reader.rows(select(party.c.id).order_by(party.c.id))]
                for party in (tables.customer, tables.contact)
            )

    @property
    def staff(self) -> list[list[int]]:
        """The contacts of each customer, by the customer's place."""
        return [self.contacts[place::CUSTOMERS] for place in range(CUSTOMERS)]

    def crm(self, *arguments: object, user: str = "wang", code: int = 0, **environment: str) -> Ran:
        """Run `crm ARGUMENTS` as a user; the answer has `out`, `err`, `json`."""
        return self._commands.run(*arguments, user=user, code=code, **environment)

    def json(self, *arguments: object, user: str = "wang") -> Any:
        """Return what `crm ARGUMENTS --json` prints."""
        return self.crm(*arguments, "--json", user=user).json

    def insert(self, *records: Any) -> None:
        """Write records past all rules, with search; each has its `id` then."""
        insert(self.app, records)

    @contextmanager
    def at(self, instant: str | datetime, user: str = "wang") -> Iterator[Transaction]:
        """Open a transaction of a user as if it were `instant`, by all rules and with a journal."""
        now = self.clock.now
        self.clock.set(instant)
        try:
            with self.app.transaction(self.app.actor(user), cause="a test") as tx:
                yield tx
        finally:
            self.clock.set(now)

    @property
    def today(self) -> date:
        """What day it is in the workspace's zone, Shanghai."""
        return (self.clock.now + timedelta(hours=8)).date()


def open_office(
    url: str, databases: Databases, clock: Clock, *, plugins: tuple[str, ...], cls: type[AnyOffice]
) -> AnyOffice:
    """Return an office in the empty database at `url`, with plugins enabled, as a `cls`; who asks closes its `app`."""

    def enable(address: str) -> None:
        databases.fill(address, "office", _furnish)
        workspace = Workspace(address, made=True)
        workspace.open(*plugins)
        workspace.close()

    databases.fill(url, f"office {' '.join(plugins)}", enable)
    return cls(App(url, strict=True), clock)


def office_with(*plugins: str) -> Any:
    """Return a fixture that gives a test an office with plugins enabled, in the database of `crm_database`."""

    @pytest.fixture
    def office(crm_database: str, crm_databases: Databases, crm_clock: Clock) -> Iterator[Office]:
        opened = open_office(crm_database, crm_databases, crm_clock, plugins=plugins, cls=Office)
        yield opened
        opened.app.close()

    return office


def _furnish(address: str) -> None:
    workspace = Workspace(address)
    app = workspace.open()
    insert(app, records(app))
    workspace.close()
