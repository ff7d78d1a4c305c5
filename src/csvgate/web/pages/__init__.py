"""What people look at: operations with pages of HTML as answers, made of the parts of a receipt."""
