"""The lists of needs and wishes, declared: rows, columns, facets, tabs, orders. One module per list."""
