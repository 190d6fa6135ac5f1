"""`python -m smschat` is the command `smschat`."""

import sys

from smschat.cli import main

sys.exit(main())
