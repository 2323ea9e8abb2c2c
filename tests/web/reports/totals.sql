/*
title = "Totals"
summary = "What each region has taken."
source = "till"
*/
SELECT region, sum(amount) AS amount FROM orders GROUP BY region ORDER BY region
