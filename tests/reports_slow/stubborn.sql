/*
title = "Stubborn"
summary = "One comparison that takes for ever and hears of no interrupt."
source = "numbers"
count = "none"
formats = ["csv"]
soft_limit = 1
hard_limit = 2
*/
SELECT instr(zeroblob(10000000), CAST(zeroblob(5000000) || x'01' AS blob)) AS found
