"""Declaring: what a plugin brings, told once at load."""

from collections.abc import Iterable

from crmcore.hooks.background import Action, Job, Schedule
from crmcore.hooks.entities import EntityType
from crmcore.hooks.formats import Format
from crmcore.hooks.kinds import DECLARE, hook
from crmcore.hooks.metrics import Metric
from crmcore.hooks.pages import Page
from crmcore.hooks.references import Reference
from crmcore.hooks.settings import Setting
from crmcore.model.definitions import Process


@hook(DECLARE)
def crm_formats() -> Iterable[Format]:  # type: ignore[empty-body] # a specification
    """Declare the file formats `crm import` reads thanks to this plugin."""


@hook(DECLARE)
def crm_entities() -> Iterable[EntityType]:  # type: ignore[empty-body] # a specification
    """Declare the plugin's entity types, in an order in which their rows can be inserted.

    A table with a JSON column `custom` takes fields that a workspace defines itself.
    """


@hook(DECLARE)
def crm_references() -> Iterable[Reference]:  # type: ignore[empty-body] # a specification
    """Declare every column that points at a customer, contact or user.

    Merge moves them, unmerge moves them back, and erase finds a person's data through them. Which of the columns that
    point at users say whose a record is, its table tells (see `EntityType`).
    """


@hook(DECLARE)
def crm_processes() -> Iterable[Process]:  # type: ignore[empty-body] # a specification
    """Declare the processes the plugin brings: their states, ways and fields.

    A workspace may define a process of the same name otherwise; then its definition holds. A process whose states ask
    for more manual fields than the workspace allows keeps the plugin from being enabled (row S2-02).
    """


@hook(DECLARE)
def crm_schedules() -> Iterable[Schedule]:  # type: ignore[empty-body] # a specification
    """Declare what is to be done at times."""


@hook(DECLARE)
def crm_jobs() -> Iterable[Job]:  # type: ignore[empty-body] # a specification
    """Declare what is to go on in the background, in transactions of its own: sending, fetching, computing."""


@hook(DECLARE)
def crm_actions() -> Iterable[Action]:  # type: ignore[empty-body] # a specification
    """Declare what automations can do thanks to this plugin."""


@hook(DECLARE)
def crm_metrics() -> Iterable[Metric]:  # type: ignore[empty-body] # a specification
    """Declare the plugin's figures, for `crm metric`."""


@hook(DECLARE)
def crm_settings() -> Iterable[Setting]:  # type: ignore[empty-body] # a specification
    """Declare what a workspace can set about the plugin, for `crm setting`."""


@hook(DECLARE)
def crm_pages() -> Iterable[Page]:  # type: ignore[empty-body] # a specification
    """Declare what the plugin answers on the web, for `crm web serve`.

    Asked only where pages are served or looked at: import what answers them here. Of two plugins that answer the same
    address the first does.
    """
