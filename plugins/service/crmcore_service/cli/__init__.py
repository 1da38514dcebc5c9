"""The commands `crm service ...`; thin: options, a call, what is printed."""
