"""How resources and bookings are put into words."""
