"""Writing what is stored to files that other programs, and `crm import`, read."""
