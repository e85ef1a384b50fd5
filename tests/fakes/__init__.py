"""Stand-ins for the outside world: the clock, chance, the mail server, the worker. Nothing of ours is replaced."""
