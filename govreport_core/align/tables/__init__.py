"""Tables: the printed lines of a region in, the cells of each row of the form out."""
