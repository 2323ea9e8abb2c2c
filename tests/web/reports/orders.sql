/*
title = "Orders"
summary = "Every order of the till, with its customer."
source = "till"
title_template = "{title} of {name}"

[[params]]
name = "name"
type = "text"
label = "Customer"
empty = "everybody"

[[params]]
name = "region"
type = "choice"
choices = ["North", "South"]
default = "North"

[[params]]
name = "least"
type = "number"
label = "Amount of at least"
required = true
default = 0

[[params]]
name = "period"
type = "date-range"
required = false
presets = ["last-month", "this-year"]
*/
SELECT number, customer, region, day, amount
FROM orders
WHERE (:name IS NULL OR customer = :name)
  AND (:region IS NULL OR region = :region)
  AND amount >= :least
  AND (:period_from IS NULL OR day BETWEEN :period_from AND :period_until)
ORDER BY number
