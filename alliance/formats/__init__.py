"""How dates are written in languages whose Django defaults do not suit."""
