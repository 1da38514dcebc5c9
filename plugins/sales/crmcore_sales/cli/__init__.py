"""The commands of `crm sales`."""
