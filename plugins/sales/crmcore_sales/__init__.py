"""Sales pipeline: from the first contact to the won deal: a plugin of crmcore."""
