"""Marketing campaigns: who should hear from us, and what came of it: a plugin of crmcore."""
