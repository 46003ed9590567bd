"""What the bot keeps: what it said, to whom, what was thought of it, and what it has dealt with already."""
