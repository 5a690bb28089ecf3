"""The commands of `dyadwatch`, by what they are for; each module registers its own.

A command imports what it needs when it runs: nobody who asks for `--help` waits for Celery.
"""
