"""Every test has its own key, so that pseudonyms never depend on the machine."""

import os
import tempfile

os.environ["BWK_CONFIG_DIR"] = tempfile.mkdtemp(prefix="bwk-config-")
