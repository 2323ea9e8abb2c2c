/*
title = "Orders"
summary = "All orders, as the bench exports them."
source = "orders"
*/
SELECT * FROM orders
