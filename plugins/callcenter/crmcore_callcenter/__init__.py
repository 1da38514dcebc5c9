"""Call centre: no ring unrecognised: a plugin of crmcore."""
