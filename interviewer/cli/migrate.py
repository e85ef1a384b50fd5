"""`interviewer migrate`: bring the database to this version's tables."""

import typer


def migrate() -> None:
    """Bring the database up to date. `serve` does it by itself at start."""
    from interviewer import bootstrap
    from interviewer.store import migrate as store

    settings = bootstrap.load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store.upgrade(settings.url)
    typer.echo("The database is up to date.")
