"""What figures of calls rest on where a workspace has not set it (`callcenter.NAME`)."""

DEFAULTS = {"answer_seconds": 20, "short_seconds": 5, "again_days": 7}
