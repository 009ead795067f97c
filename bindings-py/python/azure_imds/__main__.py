"""``python -m azure_imds``: the command line."""

import sys

from azure_imds.cli import main

if __name__ == "__main__":
    sys.exit(main())
