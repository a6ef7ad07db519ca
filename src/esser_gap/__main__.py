"""Run the program as `python -m esser_gap`."""

from esser_gap.cli.app import main

if __name__ == "__main__":
    main()
