"""Pictures of what is for sale: taken in from uploads and addresses, looked at, made anew in our sizes, and shown."""
