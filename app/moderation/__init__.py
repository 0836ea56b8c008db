"""What people say is wrong with an advert, for the platform's staff to look into."""
