"""Lists with one number a row (2014-2018): printed lines in, the cell of each row out."""
