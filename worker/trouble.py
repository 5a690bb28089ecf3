"""What a person can mend. The command line prints the message of these, and nothing else.

Trouble
├── SettingsError        a variable (worker.settings); exit status 2
├── ProfileError         a file of the profile (worker.profile.yaml_lines)
├── DatabaseError        the database (worker.storage.database)
├── BrokerUnavailable    the broker (worker.broker)
├── HomeInUse            another process in the same home (worker.lock)
└── FileUnreadable       a file that a command was given (worker.lines)
"""

from typing import ClassVar


class Trouble(Exception):
    """The message is a sentence that names the thing and the remedy."""

    exit_status: ClassVar[int] = 1
