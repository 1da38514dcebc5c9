"""What marketing contributes to the core, one module for each hook."""
