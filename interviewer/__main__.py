"""`python -m interviewer`, for where the command is not on the path."""

from interviewer.cli import main

main()
