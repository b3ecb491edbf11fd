"""The delegate's own page: read with the private link, changed with a code that we mail."""
