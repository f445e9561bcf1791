"""Pages of meetings for whoever comes."""
