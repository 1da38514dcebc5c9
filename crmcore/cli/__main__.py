"""Run the `crm` command: `python -m crmcore.cli`."""

from crmcore.cli.root import main

main()
