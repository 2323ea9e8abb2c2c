/*
title = "Hungry"
summary = "Asks for a gigabyte at once."
source = "numbers"
count = "none"
formats = ["csv"]
*/
SELECT length(hex(zeroblob(400000000))) AS digits
