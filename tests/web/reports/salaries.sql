/*
title = "Salaries"
summary = "For administrators."
source = "till"
roles = ["admin"]
*/
SELECT 'Ada' AS name, 1 AS salary
