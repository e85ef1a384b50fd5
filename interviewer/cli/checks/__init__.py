"""What `interviewer doctor` looks at, a module for each kind of thing. All of it gives a `Finding` or several."""
