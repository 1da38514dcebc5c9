"""Names, the same in every run: English and Chinese, in about equal parts."""

from collections.abc import Iterator
from random import Random

_GIVEN_NAMES = (
    "Anna Alexander Barbara Benjamin Brandon Caroline Catherine Charlotte Daniel Deborah Dorothy Edward Eleanor "
    "Elizabeth Frances Gabriel George Hannah Harold Isabella Jacob Jessica Katherine Leonard Lillian Margaret Martin "
    "Matilda Nathaniel Oliver Patricia Penelope Rebecca Richard Samantha Stephen Theodore Victoria Vincent William"
)
_FAMILY_NAMES = (
    "Abernathy Anderson Armstrong Atkinson Bennett Blackwood Bradley Callahan Campbell Carpenter Chamberlain "
    "Christensen Cunningham Davidson Donovan Eastwood Ferguson Fitzgerald Gallagher Goldstein Hamilton Harrington "
    "Henderson Holloway Hutchinson Jefferson Kensington Lancaster Lieberman Livingston MacDonald Mansfield "
    "McAllister Middleton Montgomery Nightingale Oppenheimer Pemberton Rosenberg Rutherford Schneider Shackleton "
    "Sheffield Silverman Stevenson Sullivan Thackeray Underwood Vanderbilt Wellington Whitaker Winchester Zimmerman"
)
_GIVEN, _FAMILY = _GIVEN_NAMES.split(), _FAMILY_NAMES.split()
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
_CHARACTERS = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国文辉志鹏宇晨浩然子轩梓涵欣怡佳琪思远雨婷嘉俊天翔若曦诗"
)
_RARE = "Featherstonehaugh"
EVERY = 5_000
"""One name in so many is the rare one."""

_BUSINESS = ("Trading", "Optics", "Logistics", "Textiles", "Instruments", "Consulting", "Foods", "Robotics")
_BRANCHES = ("贸易", "光电", "物流", "纺织", "仪器", "咨询", "食品", "科技")

QUERIES = {
    "common": "ander",
    "rare": "stoneh",
    "two letters": "an",
    "two words": "anna bra",
    "Chinese, two": "王伟",
    "Chinese, one": "欣",
    "none found": "qqzx",
}
"""By kind: a part of names to look for."""


def people(count: int, seed: int = 1) -> Iterator[str]:
    """Yield names of persons."""
    random = Random(seed)  # noqa: S311 # test data
    for place in range(count):
        if place % EVERY == EVERY // 2:
            yield f"{random.choice(_GIVEN)} {_RARE}"
        elif random.random() < 0.5:
            initial = chr(ord("A") + random.randrange(26))
            yield f"{random.choice(_GIVEN)} {initial}. {random.choice(_FAMILY)}"
        else:
            given = random.choices(_CHARACTERS, k=1 if random.random() < 0.3 else 2)
            yield random.choice(_SURNAMES) + "".join(given)


def companies(count: int, seed: int = 2) -> Iterator[str]:
    """Yield names of companies."""
    random = Random(seed)  # noqa: S311 # test data
    for place in range(count):
        if place % 2:
            yield f"{random.choice(_FAMILY)} {random.choice(_BUSINESS)} {place}"
        else:
            yield f"{''.join(random.choices(_CHARACTERS, k=2))}{random.choice(_BRANCHES)}有限公司{place}"


def address(place: int) -> str:
    """Return an e-mail address of its own for the person at `place`."""
    return f"Person.{place}@Company-{place % 997}.example"


def number(place: int) -> str:
    """Return a Chinese mobile number of its own for the person at `place`, as people write it."""
    return f"138 {place // 10_000 % 10_000:04} {place % 10_000:04}"
