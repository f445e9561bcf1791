"""What deadlines add to the pages below the site."""
