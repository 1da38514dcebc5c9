"""Service tickets: no request unanswered: a plugin of crmcore."""
