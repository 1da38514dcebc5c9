"""The ledger of promises: who promised what to whom, until when, and which promises cannot both hold."""
