"""The key of the pseudonyms: made on first use, kept with the user, never in the project or its output."""

import os
import secrets
from pathlib import Path

from platformdirs import user_config_path

KEY_BYTES = 32


def key_path() -> Path:
    """Where the key of the pseudonyms lives: the user's configuration folder, or `BWK_CONFIG_DIR` when set."""
    folder = os.environ.get("BWK_CONFIG_DIR")
    return (Path(folder) if folder else user_config_path("bwk_analysis", appauthor=False)) / "pseudonym.key"


def load_key() -> bytes:
    """The key of the pseudonyms; made on first use, readable by its owner alone."""
    path = key_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()
