"""Chinese names in Latin letters: syllables of Hanyu Pinyin (GB/T 28039-2011, Chinese personal names in pinyin)."""

import re
import unicodedata
from functools import cache, lru_cache

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇]+")
"""A run of Chinese characters, simplified or traditional."""

CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇\u3040-\u30ff\uac00-\ud7af]+")
"""A run of Chinese characters, Japanese kana or Korean syllables: scripts that put the family name first."""

_COMPOUND_SURNAMES_TEXT = """
欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 尉迟 尉遲 皇甫 令狐 慕容 端木 公孙 公孫 轩辕 軒轅 东方 東方 夏侯
长孙 長孫 宇文 独孤 獨孤 南宫 南宮 万俟 闻人 聞人 澹台 澹臺 公冶 宗政 濮阳 濮陽 淳于 单于 太叔 申屠 钟离 鍾離
司空 闾丘 鲜于 鮮于 赫连 赫連 呼延 西门 西門 第五 百里 东郭 南门 羊舌 梁丘 左丘 拓跋 完颜 完顏 纳兰 納蘭
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND_SURNAMES_TEXT.split())
"""Family names of two characters."""

# Characters that are read differently when they are a family name.
_SURNAME_READINGS = {
    "单": "shan", "單": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "任": "ren", "区": "ou", "區": "ou",
    "查": "zha", "翟": "zhai", "朴": "piao", "种": "chong", "盖": "ge", "蓋": "ge", "乐": "yue", "樂": "yue",
    "尉迟": "yuchi", "尉遲": "yuchi", "万俟": "moqi", "覃": "qin", "员": "yun", "折": "she", "召": "shao",
    "繁": "po", "秘": "bi", "冼": "xian", "缪": "miao", "繆": "miao", "长孙": "zhangsun", "長孫": "zhangsun",
    "单于": "chanyu", "洗": "xian", "葛": "ge", "么": "yao", "晟": "cheng", "宁": "ning", "寧": "ning",
}  # fmt: skip

_COMMON_SURNAMES_TEXT = """
wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang
deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren yao shen zhong
cui tan fan liao wang shi jin jia xia fu fang zou xiong bai meng qin qiu hou yin xue yan lei long tao shao qian
mao hao gong wan gu lai kang mo ouyang sima shangguan zhuge situ
"""
_COMMON_SURNAMES = frozenset(_COMMON_SURNAMES_TEXT.split())

# Finals that each initial takes, from the table of syllables in ISO 7098:2015, annex A; ü is written u.
_SYLLABLES = frozenset(
    initial + final
    for initial, finals in {
        "": "a ai an ang ao e ei en eng er o ou",
        "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
        "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
        "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
        "f": "a an ang ei en eng o ou u",
        "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
        "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
        "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue un uo",
        "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan ue un uo",
        "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
        "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
        "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
        "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
        "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
        "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
        "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
        "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
        "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
        "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
        "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
        "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
        "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
        "y": "a an ang ao e i in ing o ong ou u uan ue un",
        "w": "a ai an ang ei en eng o u",
    }.items()
    for final in finals.split()
)
_LONGEST = max(map(len, _SYLLABLES))
_SPELLINGS = {"lv": "lu", "nv": "nu", "lyu": "lu", "nyu": "nu"}  # ways to write lü and nü, passports included


def is_surname(word: str) -> bool:
    """Tell whether a folded Latin `word` is one of the hundred most common Chinese family names in pinyin."""
    return word in _COMMON_SURNAMES


@lru_cache(maxsize=65536)
def syllables(word: str) -> tuple[str, ...]:
    """Split a folded Latin `word` into pinyin syllables; empty where it cannot be pinyin.

    As an apostrophe must stand before an inner syllable that begins with a vowel, ``linan`` is li nan, not lin an.
    """
    spelled = _SPELLINGS.get(word, word)
    # From the back: the best split of each rest as (inner syllables that begin with a vowel, syllables).
    best: dict[int, tuple[int, int, tuple[str, ...]]] = {len(spelled): (0, 0, ())}
    for start in range(len(spelled) - 1, -1, -1):
        for end in range(start + 1, min(start + _LONGEST, len(spelled)) + 1):
            rest = best.get(end)
            syllable = spelled[start:end]
            if rest is None or syllable not in _SYLLABLES:
                continue
            vowel = start > 0 and syllable[0] in "aeo"
            found = (rest[0] + vowel, rest[1] + 1, (syllable, *rest[2]))
            if start not in best or found[:2] < best[start][:2]:
                best[start] = found
    return best.get(0, (0, 0, ()))[2]


@cache
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT  # large: only for who has Chinese names

    readings: dict[int, str] = PINYIN_DICT
    return readings


@lru_cache(maxsize=32768)
def _syllable(character: str) -> str:
    first = _readings().get(ord(character), character).split(",")[0]
    plain = "".join(c for c in unicodedata.normalize("NFD", first) if not "\u0300" <= c <= "\u036f")
    return _SPELLINGS.get(plain, plain)


def split_han(text: str) -> tuple[str, str]:
    """Split a Chinese name without spaces into family name and given name: ``欧阳娜娜`` into 欧阳 and 娜娜."""
    if len(text) > 2 and text[:2] in COMPOUND_SURNAMES:
        return text[:2], text[2:]
    return text[:1], text[1:]


@lru_cache(maxsize=8192)
def romanise_place(text: str) -> str:
    """Return the pinyin of a place or organisation in Chinese characters, read word by word: 重庆 is chongqing."""
    from pypinyin import lazy_pinyin  # large, as above

    return "".join(lazy_pinyin(text))


def romanise(text: str, *, surname: bool = False) -> list[str]:
    """Return the pinyin syllables of a run of Chinese characters, without tones, ü as u.

    With `surname`, the beginning of `text` is a family name and read as one: 单 is shan.
    """
    if not surname:
        return [_syllable(character) for character in text]
    family, given = split_han(text)
    reading = _SURNAME_READINGS.get(family)
    head = list(syllables(reading)) if reading else [_syllable(character) for character in family]
    return head + [_syllable(character) for character in given]
