"""`rettsvar`: the command line. Exit codes: 0 fine, 1 found a problem, 2 wrong usage."""

import sys

import typer

from desk.commands import companies, deliver, linting, mail, reading, running, terms, upkeep
from desk.commands.printing import WRONG_USAGE
from desk.settings import BadSettings
from desk.systems import NoAddress
from fulfilment.adapter import Misconfigured
from operators.table import ProfileError

app = typer.Typer(
    help="The privacy desk of a company.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for command in (
    running.serve, running.web, running.worker, running.telegram, running.demo,
    reading.ask, reading.read, reading.due,
    upkeep.migrate, upkeep.check, upkeep.doctor,
):  # fmt: skip
    app.command()(command)
terms.terms_app.command("lint")(linting.lint_terms)
app.add_typer(companies.operator_app, name="operator")
app.add_typer(terms.terms_app, name="terms")
mail.mail_app.command("deliver")(deliver.deliver)
app.add_typer(mail.mail_app, name="mail")
app.add_typer(companies.system_app, name="system")
app.add_typer(upkeep.config_app, name="config")
app.add_typer(upkeep.officer_app, name="officer")
app.add_typer(upkeep.audit_app, name="audit")


def main() -> None:
    """The entry point: faults of the settings and the descriptions are told in a sentence, not a traceback."""
    try:
        app()
    except (BadSettings, ProfileError, NoAddress) as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(WRONG_USAGE)
    except Misconfigured as fault:
        sys.stderr.write(f"{fault.why}\n")
        sys.exit(WRONG_USAGE)


if __name__ == "__main__":
    main()
