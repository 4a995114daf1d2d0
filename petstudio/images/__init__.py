"""Pictures without torch: listing, safe decoding, thumbnails, verifying and splitting."""
