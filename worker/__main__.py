"""`python -m worker` is `dyadwatch`."""

from worker.entry import main

main()
