"""One file with everything: the database, the images, and a manifest by which each part can be checked."""
