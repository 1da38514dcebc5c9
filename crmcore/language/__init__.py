"""Understanding one line of text, English or Chinese: dates, durations, promises, preferences."""
