// What the page can do beyond being read.
