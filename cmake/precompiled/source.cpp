// A target needs a source; the header beside it is what counts.
