"""Finding many parties at once means the same as finding one."""

from crmcore.directory.many import party_ids
from crmcore.engine import tables
from crmcore.model.party import Contact, ContactPoint


def test_texts_mean_ids_names_and_addresses_or_a_sentence(app):
    with app.transaction() as tx:
        li, wang, other = (tx.add(Contact(name=name)) for name in ("李伟", "Wang Fang", "Wang Fang"))
        tx.add(ContactPoint(contact_id=li.id, kind="email", value="li@example.cn", normal="li@example.cn"))
    said = ["李伟", "LI@example.cn", str(wang.id), "Wang Fang", "Nobody", "no@example.cn", "999999"]
    with app.read() as reader:
        found = party_ids(reader, tables.contact, said)
    assert dict(found.ids) == {"李伟": li.id, "LI@example.cn": li.id, str(wang.id): wang.id}
    assert set(found.problems) == {"Wang Fang", "Nobody", "no@example.cn", "999999"}
    assert str(other.id) in found.problems["Wang Fang"]
    assert "There is no" in found.problems["Nobody"]
