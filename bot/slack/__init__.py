"""Slack as a door to the same answers: parse, acknowledge, ask a service, render."""
