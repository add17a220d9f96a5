"""What a build has written, and the ways out of it: store, exports, readings of one report."""
