"""The commands `crm callcenter ...`."""
