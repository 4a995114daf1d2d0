"""Icons, recipes and the sample set's definition: data of PetStudio."""
