"""How satisfied people are after a ticket, and what is done about those who are not."""
