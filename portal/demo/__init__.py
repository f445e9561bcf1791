"""The demo: six streets with their communities, invented people marked 演示, sixteen needs in residents' voices."""
