"""`python -m worker` is `dyadwatch`."""

from worker.cli import main

main()
