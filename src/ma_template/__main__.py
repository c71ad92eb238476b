"""`python -m ma_template` is `ma-lint`."""

import sys

from ma_template.cli import main

if __name__ == "__main__":
    sys.exit(main())
