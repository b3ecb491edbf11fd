"""Who of the staff may do what at a meeting: what each role opens, giving and taking roles, telling those concerned."""
