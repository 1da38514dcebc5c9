"""A calendar: time reckoned in working hours. Pure arithmetic; each question costs two searches in a year's hours."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from attrs import field, frozen

from crmcore.calendars.daylight import Stretch, stretches
from crmcore.calendars.hours import Spans
from crmcore.errors import InvalidInput
from crmcore.i18n import _

_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = 1900, 2999
_NEVER = 10  # years without an hour


@frozen(kw_only=True, eq=False)
class _Year:
    """A year's hours in microseconds since 1970: `begins` and `ends` of each, and how much was worked `until` its end.

    `before` is how much was worked before each, in the same year.
    """

    begins: list[int]
    ends: list[int]
    before: list[int]
    until: list[int]

    @property
    def whole(self) -> int:
        return self.until[-1] if self.until else 0

    def worked(self, at: int) -> int:
        """Return how much of the year was worked before an instant."""
        n = bisect_right(self.begins, at)
        return self.before[n - 1] + min(at, self.ends[n - 1]) - self.begins[n - 1] if n else 0


@frozen(kw_only=True, eq=False)
class Calendar:
    """Working hours: of each day of the `week` (Monday first), but for `holidays` and for `workdays`, which go before.

    An instant is open when the clocks of the `zone` then show a time within the hours of that day, the end of them
    excluded. All instants given must have an offset; those returned are in UTC. From 1900 to 2999: beyond, and where
    nothing is open for ten years, `InvalidInput` is raised.
    """

    name: str
    zone: ZoneInfo
    week: tuple[Spans, ...]
    holidays: frozenset[date] = frozenset()
    workdays: Mapping[date, Spans] = field(factory=dict)
    _years: dict[int, _Year] = field(factory=dict, init=False, repr=False)

    def spans(self, day: date) -> Spans:
        """Return the hours of a day, in minutes since its midnight; none on one that is free."""
        own = self.workdays.get(day)
        if own is not None:
            return own
        return () if day in self.holidays else self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Return whether an instant is within working hours."""
        return self.opens(at) == at

    def opens(self, at: datetime) -> datetime:
        """Return the first open instant that is not before another."""
        now, year = _ticks(at), self._local(at)
        for _n in range(_NEVER):
            found = self._year(year)
            n = bisect_right(found.ends, now)
            if n < len(found.begins):
                return _instant(max(now, found.begins[n]))
            year += 1
        raise self._never()

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much working time lies between two instants; less than nothing when the end is earlier."""
        if end < start:
            return -self.between(end, start)
        first, last, until = self._local(start), self._local(end), _ticks(end)
        worked = sum(self._year(year).worked(until) for year in range(first, last + 1))
        return (worked - self._year(first).worked(_ticks(start))) * _TICK

    def add(self, start: datetime, working: timedelta) -> datetime:
        """Return the first instant by which so much working time has passed: 17:30 and 30 minutes is 18:00.

        With less than nothing it is the last instant from which so much passes until `start`; with nothing, `start`.
        """
        left, year = working // _TICK, self._local(start)
        if not left:
            return start.astimezone(UTC)
        left += self._year(year).worked(_ticks(start))
        back, empty = working < timedelta(), 0
        while left < 0 if back else left > self._year(year).whole:
            if back:
                year -= 1
                left += self._year(year).whole
            else:
                left -= self._year(year).whole
                year += 1
            empty = 0 if self._year(year).whole else empty + 1
            if empty >= _NEVER:
                raise self._never()
        found = self._year(year)
        n = bisect_right(found.before, left) - 1 if back else bisect_left(found.until, left)
        return _instant(found.begins[n] + left - found.before[n])

    def add_days(self, start: datetime, days: int) -> datetime:
        """Return the same time of day so many working days later; what begins in closed hours begins with the next.

        A day that opens later, or closes earlier, than that time gives its opening, or its end. Raises `InvalidInput`
        for less than no day.
        """
        if days < 0:
            raise InvalidInput(_("Working days are counted forwards only."))
        begun = self.opens(start).astimezone(self.zone)
        day, left, free = begun.date(), days, 0
        while left:
            day += timedelta(days=1)
            open_ = bool(self.spans(day))
            left, free = left - open_, 0 if open_ else free + 1
            if free > _NEVER * 366 or day.year > _LAST:
                raise self._never()
        hours = list(stretches(self.zone, day, self.spans(day)))
        wanted = datetime.combine(day, begun.timetz()).astimezone(UTC)
        return min(max(wanted, hours[0][0]), hours[-1][1]) if hours else wanted

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """Yield the open hours between two instants, in order; what is open over midnight is one but at new year."""
        first, last = _ticks(start), _ticks(end)
        for year in range(self._local(start), self._local(end) + 1):
            found = self._year(year)
            for n in range(bisect_right(found.ends, first), bisect_left(found.begins, last)):
                yield _instant(max(found.begins[n], first)), _instant(min(found.ends[n], last))

    def midnight(self, day: date) -> datetime:
        """Return the instant at which a day begins in the calendar's zone."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _local(self, at: datetime) -> int:
        return at.astimezone(self.zone).year

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            if not _FIRST <= year <= _LAST:
                raise InvalidInput(_("A calendar reckons from {first} to {last}.").format(first=_FIRST, last=_LAST))
            found = self._years[year] = self._made(year)
        return found

    def _made(self, year: int) -> _Year:
        begins: list[int] = []
        ends: list[int] = []
        first = date(year, 1, 1)
        for n in range((date(year + 1, 1, 1) - first).days):
            day = first + timedelta(days=n)
            for begin, end in stretches(self.zone, day, self.spans(day)):
                if ends and ends[-1] == _ticks(begin):
                    ends[-1] = _ticks(end)
                else:
                    begins.append(_ticks(begin))
                    ends.append(_ticks(end))
        until = list(accumulate(end - begin for begin, end in zip(begins, ends, strict=True)))
        return _Year(begins=begins, ends=ends, before=[0, *until[:-1]], until=until)

    def _never(self) -> InvalidInput:
        return InvalidInput(
            _("The calendar {name} is never open in {n} years from then.").format(name=self.name, n=_NEVER)
        )


def _ticks(at: datetime) -> int:
    return (at - _EPOCH) // _TICK


def _instant(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK
