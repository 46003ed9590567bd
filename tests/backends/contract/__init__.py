"""What every trace store must answer alike, over the same spans."""
