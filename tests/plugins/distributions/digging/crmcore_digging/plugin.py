"""It digs for the connection, and ends the transaction of others."""

import os
from contextlib import suppress

from sqlalchemy import text

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="digging", title="It digs for the connection, and ends the transaction of others.")


def _dig(lent):
    """Find the connection behind what is lent, which nobody may do."""
    return lent._host.connection


def _end(lent):
    connection = _dig(lent)
    match os.environ["DIG_FOR"]:
        case "commit":
            connection.commit()
        case "rollback":
            connection.rollback()
        case "close":
            connection.close()
        case "quiet commit":
            with suppress(Exception):  # nobody is to know
                connection.commit()
        case "driver":
            connection.connection.dbapi_connection.commit()
        case "sql":
            connection.exec_driver_sql("COMMIT")
        case "text":
            connection.execute(text("COMMIT"))


@impl
def crm_before_save(changes, tx):
    if os.environ.get("DIG_IN") == "crm_before_save":
        _end(tx)


@impl
def crm_apply(changes, tx):
    if os.environ.get("DIG_IN") == "crm_apply":
        _end(tx)


@impl
def crm_brief(subject, reader):
    if os.environ.get("DIG_IN") == "crm_brief":
        _end(reader)
