"""Sales method for complex deals: buying roles, win-results, red flags."""
