"""One page per file. A view guards, loads, asks the queries and renders; file, function, address name and template share a name."""
