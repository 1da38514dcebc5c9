"""How requests come in: mailboxes and pages."""
