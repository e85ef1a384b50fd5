"""What a model makes of an interview, a module for each step: its reply, its prompt, and what is believed of it."""
