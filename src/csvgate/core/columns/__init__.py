"""What a column is: values in, in any number of parts; type, figures and findings of the whole column out."""
