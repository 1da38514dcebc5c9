"""What service contributes, a module for each hook of the core; they only gather."""
