"""Forms of the warehouse: they read what was typed; services decide whether it is right."""
