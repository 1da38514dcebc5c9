"""Caps in the large: whom all departments together reached often enough, and who got a brochure lately.

Asked as the sender asks, who sees everything: a cap holds whoever acts.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bench.load import instant
from bench.raw import Raw
from crmcore.app import App

TIMES, DAYS, MATERIAL_DAYS = 4, 7, 60

_OFTEN = (
    "SELECT count(*) FROM (SELECT contact_id FROM interaction WHERE moment > ? AND moment <= ? AND direction = 'out' "
    "AND contact_id IS NOT NULL AND at IS NOT NULL GROUP BY contact_id HAVING count(*) >= ?) AS often"
)
_GOT = "SELECT count(DISTINCT contact_id) FROM marketing_handout WHERE material_id = ? AND at > ? AND at <= ?"


def sides(
    raw: Raw, app: App, now: datetime, material_id: int
) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Return by name how the same is asked by hand, and of us; both count people."""
    since, lately = instant(raw, now - timedelta(days=DAYS)), instant(raw, now - timedelta(days=MATERIAL_DAYS))
    until = instant(raw, now)

    def often() -> object:
        from crmcore_marketing.sending.capping import often_reached

        with app.read() as reader:
            capped = often_reached(now - timedelta(days=DAYS), now, TIMES).subquery()
            return reader.value(select(func.count()).select_from(capped))

    def got() -> object:
        from crmcore_marketing.materials.objecting import got_lately

        with app.read() as reader:
            lately = got_lately([material_id], now - timedelta(days=MATERIAL_DAYS), now).subquery()
            return reader.value(select(func.count(lately.c.contact_id.distinct())))

    return {
        f"whom all reached {TIMES} times in {DAYS} days": (
            lambda: raw.execute(raw.sql(_OFTEN), (since, until, TIMES)).fetchone()[0], often,
        ),
        f"who got a brochure in {MATERIAL_DAYS} days": (
            lambda: raw.execute(raw.sql(_GOT), (material_id, lately, until)).fetchone()[0], got,
        ),
    }  # fmt: skip
