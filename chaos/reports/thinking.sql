/*
title = "Thinking"
summary = "One long statement that gives its only row at the end."
source = "numbers"
count = "none"
formats = ["csv"]
*/
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
SELECT count(*) AS numbers FROM n
