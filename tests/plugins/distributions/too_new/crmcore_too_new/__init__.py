"""It needs a newer crmcore."""
