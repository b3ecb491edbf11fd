"""The list of participants as it stood: kept, compared, published and taken back."""
