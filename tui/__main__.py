"""`python -m tui` is `outpace`."""

import sys

from tui.cli import main

sys.exit(main())
