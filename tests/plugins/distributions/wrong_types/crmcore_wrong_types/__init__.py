"""It answers what nobody asked for."""
