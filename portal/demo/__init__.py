"""The demo: two streets with their official communities, invented people marked 演示, twelve needs."""
