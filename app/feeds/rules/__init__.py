"""Pure rules of imports: how sheets are opened, what their columns and cells mean."""
