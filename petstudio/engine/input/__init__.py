"""Pictures to tensors: a store hands out uint8 pictures, a sampler makes batches of them."""
