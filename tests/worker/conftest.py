"""Makes `storage_samples` importable for every test of the worker."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "storage"))
