"""It writes where it has no business."""
