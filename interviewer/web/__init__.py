"""The edge to browsers: buyers on a phone, product marketing at the desk."""
