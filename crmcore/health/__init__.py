"""How a workspace is: its database, its plugins, its background work and its imports, for `crm doctor`."""
