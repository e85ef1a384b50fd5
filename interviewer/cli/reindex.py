"""`interviewer reindex`: make anew what the library searches."""

import typer


def reindex() -> None:
    """Make the library's search index anew from the evidence. Harmless, and the desk may be used meanwhile."""
    from interviewer.cli.running import with_deps
    from interviewer.deps import Deps
    from interviewer.library import upkeep

    async def work(deps: Deps) -> int:
        def tell(number: int, every: int) -> None:
            if number % 500 == 0:
                typer.echo(f"{number} of {every}")

        return await upkeep.reindex(deps, tell)

    number = with_deps(work)
    typer.echo(f"{number} {'interview' if number == 1 else 'interviews'} indexed.")
