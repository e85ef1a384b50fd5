"""`interviewer migrate`: bring the database to this version's tables."""

import typer


def migrate() -> None:
    """Bring the database up to date. `serve` does it by itself at start.

    Exit code 1 where a newer version brought it further than this one knows.
    """
    from interviewer import bootstrap
    from interviewer.store import db
    from interviewer.store import migrate as store

    settings = bootstrap.load_settings()
    db.make_folder(settings.data_dir)
    store.upgrade_all(settings.url)
    typer.echo(f"The database is up to date: {db.named(settings.url)}")
