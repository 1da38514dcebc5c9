"""It crashes."""
