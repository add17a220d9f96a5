"""The app's screens: each takes a view and draws it; `dashboard.app` lists them."""
