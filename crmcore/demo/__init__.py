"""The demonstration: a small trading company's files, and the story `crm demo` tells with them."""
