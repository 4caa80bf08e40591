"""One page per file: guard, load, ask the queries, render. File, function, address name and template share a name."""
