"""`python -m miareview`."""

from miareview.cli.main import main

if __name__ == "__main__":
    main()
