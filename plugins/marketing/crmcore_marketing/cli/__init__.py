"""`crm marketing`: thin commands, imported when they run."""
