"""What marketing does in the background."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from crmcore.api import Desk, Job, NotifyTransaction, impl

if TYPE_CHECKING:
    from crmcore_marketing.sending.claiming import Taken
    from crmcore_marketing.sending.job import Sender


@impl
def crm_jobs() -> Iterable[Job]:
    """Declare them. Who sends is made when there is something to send: the plugin loads without it."""
    yield Job(name="send", run=_Sending().run, parallel=True)
    yield Job(name="inbox", run=_read, every=timedelta(minutes=5))


class _Sending:
    """The sender of this process, with those who note what was sent."""

    def __init__(self) -> None:
        self._sender: Sender | None = None

    def run(self, desk: Desk) -> bool:
        """Send for a while."""
        from crmcore_marketing.sending.job import Sender

        self._sender = self._sender or Sender(noted=(_handed,))
        return self._sender.run(desk)


def _handed(tx: NotifyTransaction, taken: "Taken", interaction_id: int) -> None:
    """Note that the person has the material that went with a message."""
    from crmcore_marketing.materials.giving import Given, handed

    if taken.row.material_id is None:
        return
    given = Given(
        material_id=taken.row.material_id, contact_id=taken.recipient.contact_id,
        customer_id=taken.row.customer_id or taken.recipient.customer_id, at=tx.now, user_id=taken.row.owner_id,
        channel="email", campaign_id=taken.row.campaign_id, interaction_id=interaction_id, message_id=taken.id,
    )  # fmt: skip
    handed(tx, [given])


def _read(desk: Desk) -> bool:
    """Read what came into the mailbox of the workspace, if it has one."""
    from crmcore_marketing.events.replying import replied
    from crmcore_marketing.inbox.reading import configured, read

    with desk.read() as reader:
        found = configured(reader)
    if found is None:
        return False
    address, password = found
    _taken, more = read(desk.transaction, address, password, answered=replied, is_over=desk.is_over)
    return more
