"""One file per subject; together they are the HTTP interface."""
