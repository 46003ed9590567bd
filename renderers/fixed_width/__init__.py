"""What is drawn with characters of one width: bars, columns and cut names, on a terminal as in Slack's code blocks."""
