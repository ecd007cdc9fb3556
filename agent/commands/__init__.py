"""One file per command of the `careline` command line; each imports what it needs, when it runs."""
