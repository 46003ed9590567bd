"""The command line: reads arguments, asks a service, prints what a renderer makes of the answer."""
