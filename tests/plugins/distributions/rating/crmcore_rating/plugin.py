"""Owns hooks: it asks others for signs, from its block in the brief and before a contact is saved."""

from crmcore.api import Block, Plugin, Refused, impl
from crmcore_rating import signs

PLUGIN = Plugin(name="rating", title="Rates contacts by signs", hooks=(signs,))


@impl
def crm_brief(subject, reader):
    tops = {one.name: one.top for one in reader.ask("rating_scales")}
    seen = reader.ask("rating_signs", contact_ids=subject.contact_ids)
    rows = tuple((each.scale, f"{min(each.points, tops[each.scale])} of {tops[each.scale]}") for each in seen)
    yield Block(title="Rating", weight=60, rows=rows)


@impl
def crm_before_save(changes, tx):
    for each in changes:
        if each.entity == "contact" and each.after:
            try:
                tx.ask("rating_doubts", name=each.after["name"])
            except Refused as refused:
                yield from refused.reasons
