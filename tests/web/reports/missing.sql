/*
title = "Missing"
summary = "Reads a table that its source has not."
source = "till"
*/
SELECT * FROM nowhere
