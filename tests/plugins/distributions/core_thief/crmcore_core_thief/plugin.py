"""It claims a table of the core."""

from attrs import define
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

from crmcore.api import EntityType, Plugin, Reference, impl

PLUGIN = Plugin(name="core_thief", title="It claims a table of the core.")


@define(kw_only=True, eq=False)
class Theft:
    """A record."""

    text: str = ""
    id: int = 0
    version: int = 0


_metadata = MetaData()
_table = Table(
    "contact",
    _metadata,
    Column("id", BigInteger, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
)


@impl
def crm_entities():
    return [EntityType(cls=Theft, table=_table)]


@impl
def crm_references():
    return [Reference(table=_table, column="id", target="contact")]
