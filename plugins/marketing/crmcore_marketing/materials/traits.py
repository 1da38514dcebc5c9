"""What selections may ask about materials: when a person last got one, from anyone."""

from collections.abc import Iterator

from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader, Trait
from crmcore_marketing.i18n import _
from crmcore_marketing.materials.finding import material_named
from crmcore_marketing.tables import handout


def traits() -> Iterator[Trait]:
    """Yield it, as `days_since(marketing.got("B")) < 60`, or `marketing.got("B") == null` for who never did."""
    yield Trait(name="got", title=_("When the person last got a material"), of="contact", kind="instant", by=_given)


def _given(reader: Reader | PluginReader, material: str) -> Trait:
    """Return when people last got a material, from anyone; raises `NotFound`."""
    h = handout.c
    of_it = h.material_id == material_named(reader, material).id
    latest = (
        select(h.contact_id, func.max(h.at).label("latest"))
        .where(of_it, h.contact_id.is_not(None))
        .group_by(h.contact_id)
        .subquery()
    )
    return Trait(
        name="got", title=material, of="contact", kind="instant", source=latest, key=latest.c.contact_id,
        value=latest.c.latest,
    )  # fmt: skip
