"""What comes in from outside: interviews that were held elsewhere, calls of people, and deals that are typed.

A file becomes text (`files`), text becomes a talk (`callnotes`), a talk becomes an interview as `interchange` says
them (`calls`); from there on a call and a team's history go one way (`imports`), into the same pipeline and pages.
"""
