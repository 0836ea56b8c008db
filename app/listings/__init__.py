"""Stock: cars for sale, of dealers and of private sellers; who may see which, and where they are found."""
