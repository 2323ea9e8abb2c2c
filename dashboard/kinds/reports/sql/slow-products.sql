/*
title = "Slow products"
summary = "Products of which few pieces were sold in a period, with the stock that waits for buyers."
source = "shop"
icon = "package"

[[params]]
name = "period"
type = "date-range"
presets = ["last-month", "last-quarter", "last-year", "all"]
default = "last-quarter"
span = "SELECT min(ordered_on), max(ordered_on) FROM orders"

[[params]]
name = "at_most"
label = "Sold at most"
type = "integer"
required = true
default = 100
least = 0
help = "Pieces in the whole period."

[[params]]
name = "category"
type = "choice"
query = "SELECT DISTINCT category FROM products ORDER BY category"
empty = "All categories"

[[params]]
name = "discontinued"
label = "With discontinued products"
type = "yes-no"
required = true
default = false

[columns.sku]
label = "SKU"

[columns.listed_on]
type = "date"

[columns.price]
label = "Price (€)"
type = "money"

[columns.pieces]
label = "Pieces sold"
type = "integer"
total = true

[columns.stock]
label = "In stock"
type = "integer"
total = true

[columns.stock_value]
label = "Stock at cost (€)"
type = "money"
total = true

[columns.last_sold]
label = "Last sold in the period"
type = "date"
*/
WITH sold AS (
    SELECT l.product_id, sum(l.quantity) AS pieces, max(o.ordered_on) AS last_sold
    FROM orders AS o
    JOIN order_lines AS l ON l.order_id = o.id
    WHERE o.ordered_on BETWEEN :period_from AND :period_until
      AND o.status <> 'cancelled'
    GROUP BY l.product_id
)
SELECT p.sku,
       p.name AS product,
       p.category,
       p.listed_on,
       p.price,
       coalesce(s.pieces, 0) AS pieces,
       p.stock,
       round(p.stock * p.cost, 2) AS stock_value,
       s.last_sold
FROM products AS p
LEFT JOIN sold AS s ON s.product_id = p.id
WHERE coalesce(s.pieces, 0) <= :at_most
  AND p.listed_on <= :period_until
  AND (CAST(:category AS text) IS NULL OR p.category = :category)
  AND (:discontinued OR p.discontinued_on IS NULL)
ORDER BY pieces, stock_value DESC, p.id
