"""Chinese dates: words, weekdays, distances and calendar dates.

Weeks run from Monday to Sunday, so 本周, 上周 and 下周 name calendar weeks. A bare 周五, and 本周五 that is still due
but has passed, is the nearest one on or after today (with a past verb: on or before). 周末 is the Saturday, 下周 and
本周 the Friday, 下个月 and 月底 the last day of the month. 三天前 is the past, 周五前 a limit; 三天内 and 三天后 both
lie three days ahead.
"""

import re
from datetime import date

from crmcore.language.dates_english import Reader, Reading
from crmcore.language.numbers import ANY_HAN, read_number
from crmcore.language.reckoning import (
    day_of_month,
    month_end,
    nearest_weekday,
    shift_days,
    shift_months,
    shift_working_days,
    weekday_of_week,
    year_not_said,
)

_WORDS = {
    "大后天": 3, "大前天": -3, "后天": 2, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "今天": 0,
    "今日": 0, "今晚": 0, "今早": 0,
    "昨天": -1, "昨日": -1, "昨晚": -1, "前天": -2, "前日": -2, "当天": 0,
}  # fmt: skip
_WEEKDAYS = {**{c: n for n, c in enumerate("一二三四五六日")}, "天": 6, **{str(n + 1): n for n in range(7)}}
_LIMIT = r"(?P<limit>\s?(?:的?[上下]午)?(?:之前|以前|前(?!台|面|期|景|后)|为止|截止))?"
_STEPS = {"下下": 2, "下": 1, "上": -1, "上上": -2}
_MONTH_STEPS = {"下": 1, "上": -1, "本": 0, "这": 0, "当": 0}


def _kind(found: re.Match[str]) -> str:
    return "due" if found["limit"] else ""


def _word(found: re.Match[str], today: date, back: bool) -> Reading:
    days = _WORDS[found["word"]]
    return shift_days(today, days), "due" if days > 0 else "happened" if days < 0 else _kind(found)


def _weekday(found: re.Match[str], today: date, back: bool) -> Reading:
    which = (found["which"] or "").removesuffix("个")
    weekday = _WEEKDAYS[found["day"]]
    if which in _STEPS:
        step = _STEPS[which]
        return weekday_of_week(today, weekday, step), "due" if step > 0 else "happened"
    back = back and not found["limit"]
    if which:
        there = weekday_of_week(today, weekday, 0)
        if there and there < today and not back:
            there = weekday_of_week(today, weekday, 1)
        return there, _kind(found)
    return nearest_weekday(today, weekday, back=back), _kind(found)


def _week(found: re.Match[str], today: date, back: bool) -> Reading:
    step = _STEPS.get((found["which"] or "").removesuffix("个"), 0)
    weekday = 5 if found["end"] else 4
    there = weekday_of_week(today, weekday, step)
    if step == 0 and there and there < today and not back:
        there = weekday_of_week(today, weekday, 1)
    return there, "due" if step > 0 else "happened" if step < 0 else _kind(found)


def _weekend(found: re.Match[str], today: date, back: bool) -> Reading:
    return nearest_weekday(today, 5, back=back and not found["limit"]), _kind(found)


def _month(found: re.Match[str], today: date, back: bool) -> Reading:
    step = _MONTH_STEPS[found["which"]] if found["which"] else 0
    return month_end(today, step), "happened" if step < 0 else "due"


def _year_end(found: re.Match[str], today: date, back: bool) -> Reading:
    return date(min(today.year + (found["which"] == "明"), 9999), 12, 31), "due"


def _distance(found: re.Match[str], today: date, back: bool) -> Reading:
    number = read_number(found["number"])
    if number is None or number > 3000:
        return None, ""
    ago = "前" in found["side"]
    count = int(number) * (-1 if ago else 1)
    unit = found["unit"]
    if unit == "工作日":
        there = shift_days(today, count) if ago else shift_working_days(today, count)
    elif unit in ("天", "日"):
        there = shift_days(today, count)
    elif unit in ("周", "星期", "礼拜"):
        there = shift_days(today, 7 * count)
    else:
        there = shift_months(today, count * (12 if unit == "年" else 1))
    return there, "happened" if ago else "due"


def _calendar(found: re.Match[str], today: date, back: bool) -> Reading:
    month, day = read_number(found["month"]), read_number(found["number"])
    if month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 31):
        return None, ""
    said = found["year"]
    if said:
        year = {"今": today.year, "明": today.year + 1, "去": today.year - 1}.get(said) or int(read_number(said) or 0)
        try:
            return date(year, int(month), int(day)), _kind(found)
        except ValueError:
            return None, ""
    return year_not_said(today, int(month), int(day), back=back and not found["limit"]), _kind(found)


def _day_of_month(found: re.Match[str], today: date, back: bool) -> Reading:
    day = read_number(found["number"])
    if day is None or not 1 <= day <= 31:
        return None, ""
    if found["which"]:
        there = month_end(today, _MONTH_STEPS[found["which"]])
        return (there.replace(day=int(day)) if there and day <= there.day else None), _kind(found)
    return day_of_month(today, int(day), back=back and not found["limit"]), _kind(found)


_HAN_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (
        re.compile(
            rf"(?:(?P<year>\d{{4}}|二〇[〇一二三四五六七八九]{{2}}|今|明"
            rf"|去)年)?(?P<month>{_HAN_NUMBER})月(?P<number>{_HAN_NUMBER})[日号]?{_LIMIT}"
        ),
        _calendar,
    ),
    (re.compile(rf"(?P<word>{'|'.join(_WORDS)}){_LIMIT}"), _word),
    (
        re.compile(
            rf"(?<!每)(?<!每个)(?P<which>下下个?|上上个?|下个?|上个?|本|这个?)?(?:周|星期"
            rf"|礼拜)(?P<day>[一二三四五六日天]|[1-7](?!\d))(?!个){_LIMIT}"
        ),
        _weekday,
    ),
    (
        re.compile(
            rf"(?P<which>下下个?|上上个?|下个?|上个?|本|这个?)(?:周|星期|礼拜)(?P<end>末)?(?:[之以]?内)?{_LIMIT}"
        ),
        _week,
    ),
    (re.compile(rf"(?<!每)(?<!每个)周末{_LIMIT}"), _weekend),
    (
        re.compile(
            rf"(?P<number>{ANY_HAN}|[半])\s*个?(?P<unit>工作日|天|日|周|星期|礼拜|月"
            rf"|年)\s*(?P<side>(?:[之以])?(?:内|后|前(?!台|面|期|景|后))|左右)"
        ),
        _distance,
    ),
    (re.compile(rf"(?:(?P<which>[下上本这当])个?)?月(?:底|末){_LIMIT}"), _month),
    (re.compile(rf"(?P<which>[下上本这])个?月(?!底|末|{_HAN_NUMBER}[日号]){_LIMIT}"), _month),
    (re.compile(rf"(?P<which>[今明])?年(?:底|末){_LIMIT}"), _year_end),
    (
        re.compile(
            rf"(?:(?P<which>[下上本这])个?月)?(?<![\d.])(?P<number>{_HAN_NUMBER})号(?!楼|线|店|机|厂|门|馆|仓"
            rf"|院|产品|码){_LIMIT}"
        ),
        _day_of_month,
    ),
)
