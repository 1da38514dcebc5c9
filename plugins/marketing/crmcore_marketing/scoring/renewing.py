"""Training all scores anew, as the worker does each night: they learn from what sales accepted and rejected since."""

from crmcore.api import CrmError, NotifyTransaction, here
from crmcore_marketing.model.qualification import ScoreModel
from crmcore_marketing.scoring.scores import write
from crmcore_marketing.scoring.training import keep, train, wanted_of


def renew(tx: NotifyTransaction) -> None:
    """Train every score anew and score everybody; one that cannot be learned now stays as it is."""
    zone = here(tx).zone
    for record in tx.load(ScoreModel):
        wanted = wanted_of(record)
        try:
            found = train(tx, wanted, zone)
        except CrmError:
            write(tx, record)  # who did something since has another score, by the same card
            continue
        keep(tx, record.name, wanted, found, active=record.active)
        tx.flush()
        write(tx, record)
