/*
title = "Order lines"
summary = "Every line of every order, in detail: for other programs, or to look things up."
source = "shop"
icon = "list"
formats = ["csv", "xlsx"]

[[params]]
name = "period"
type = "date-range"
presets = ["last-month", "last-quarter", "this-year", "last-year", "all"]
default = "last-month"
span = "SELECT min(ordered_on), max(ordered_on) FROM orders"

[[params]]
name = "region"
type = "choice"
query = "SELECT name FROM regions ORDER BY id"
empty = "All regions"

[[params]]
name = "category"
type = "choice"
query = "SELECT DISTINCT category FROM products ORDER BY category"
empty = "All categories"

[columns.order_number]
label = "Order"

[columns.ordered_at]
type = "datetime"

[columns.shipped_on]
type = "date"

[columns.sku]
label = "SKU"

[columns.quantity]
type = "integer"

[columns.unit_price]
label = "Unit price (€)"
type = "money"

[columns.discount_percent]
label = "Discount (%)"
type = "integer"

[columns.amount]
label = "Amount (€)"
type = "money"

[columns.note]
label = "Note on the order"
*/
SELECT o.number AS order_number,
       o.ordered_at,
       o.channel,
       o.status,
       o.shipped_on,
       k.number AS customer_number,
       k.name AS customer,
       k.city,
       r.name AS region,
       p.sku,
       p.name AS product,
       p.category,
       l.quantity,
       l.unit_price,
       l.discount_percent,
       l.amount,
       o.note
FROM order_lines AS l
JOIN orders AS o ON o.id = l.order_id
JOIN customers AS k ON k.id = o.customer_id
JOIN regions AS r ON r.id = k.region_id
JOIN products AS p ON p.id = l.product_id
WHERE o.ordered_on BETWEEN :period_from AND :period_until
  AND (CAST(:region AS text) IS NULL OR r.name = :region)
  AND (CAST(:category AS text) IS NULL OR p.category = :category)
ORDER BY l.id
