"""The sender: a job that gives mail to the server, one at a time, each marked before and settled after."""

from sqlalchemy import select

from crmcore.api import Desk
from crmcore.mail import KeptLine, Line, server
from crmcore_service.replying.claiming import take
from crmcore_service.replying.settling import report_lost, settle
from crmcore_service.replying.states import SENDING, UNSETTLED
from crmcore_service.tables import outgoing


class Sender:
    """Sends what is due.

    A mail is marked `sending`, and that is committed, before anything is said of it to the server, and what the server
    answered is committed before the next one: whenever the process is killed, at most one mail is on its way. It is
    then reported, not sent again. The connection is kept while there is something to send.
    """

    def __init__(self) -> None:
        self._line = KeptLine()

    def run(self, desk: Desk) -> bool:
        """Send until nothing is due or the desk is over; return whether there is more to do now.

        One statement where nothing is to do, some thirty-five for a mail: the policy, and the ticket's clocks.
        """
        c = outgoing.c
        with desk.read() as reader:
            begun_or_due = (c.status == SENDING) | (c.due_at <= reader.now)
            wanted = select(c.status).where(c.status.in_(UNSETTLED), begun_or_due).distinct()
            due = {row.status for row in reader.rows(wanted)}
            where = server(reader) if due - {SENDING} else None
        if SENDING in due:
            with desk.transaction() as tx:
                report_lost(tx)
        if where is None:
            self._line.close()
            return False
        with self._line.to(*where) as line:
            return self._send(desk, line)

    def _send(self, desk: Desk, line: Line) -> bool:
        while not desk.is_over():
            line.ready()
            with desk.transaction() as tx:
                taken = take(tx)
            if taken is None:
                return False
            if isinstance(taken, int):
                continue
            answer = line.give(taken.sender, taken.address, taken.content)
            with desk.transaction(f"outgoing {taken.row.id}") as tx:
                settle(tx, taken.row, answer)
        return True
