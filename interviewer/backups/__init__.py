"""Backups: one file with every row that is ours, made while serving, that any database can be restored from."""

from interviewer.backups.archive import Archive
from interviewer.backups.erased import keep_list
from interviewer.backups.making import Made, make
from interviewer.backups.restoring import Restored, restore

__all__ = ["Archive", "Made", "Restored", "keep_list", "make", "restore"]
