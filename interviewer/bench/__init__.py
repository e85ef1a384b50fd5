"""Simulated buyers with hidden facts, played over the real application: what an interviewer gets out of them, at what
price, and with which faults.

`buyers.py` reads who they are, `play.py` decides what each says to a question, `session.py` drives the application's
own pages, `baselines.py` are the plain forms to beat, `score.py` and `faults.py` judge, `report.py` and `page.py` show.
`answers.py` is apart from these: it judges the reading of single answers that a person has labelled.
"""
