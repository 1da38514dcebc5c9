"""Our own pages' side: unsubscribing, forms, clicks and visits, without anybody being followed who did not agree."""
