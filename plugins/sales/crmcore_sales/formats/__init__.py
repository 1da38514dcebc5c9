"""Files of other systems with leads, accounts, opportunities and products."""
