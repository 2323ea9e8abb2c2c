/*
title = "A few orders"
summary = "The first ten orders, with which the bench warms up."
source = "orders"
*/
SELECT * FROM orders WHERE order_id <= 10
