"""What the bot does for whoever asks: one function for each kind of question."""
