"""Simulated operations with known truth, and how soon and how wrongly detectors speak of them."""
