"""The shop's tables, in SQL that SQLite and PostgreSQL both take."""

from typing import Final

TABLES: Final = """
CREATE TABLE calendar (
    day date PRIMARY KEY, number integer NOT NULL, month text NOT NULL, quarter text NOT NULL,
    year integer NOT NULL, weekday text NOT NULL
);
CREATE TABLE regions (id integer PRIMARY KEY, name text NOT NULL, manager text);
CREATE TABLE customers (
    id integer PRIMARY KEY, number text NOT NULL, name text NOT NULL, email text, city text,
    region_id integer NOT NULL REFERENCES regions (id), customer_since date NOT NULL, note text
);
CREATE TABLE products (
    id integer PRIMARY KEY, sku text NOT NULL, name text NOT NULL, category text NOT NULL,
    price numeric(10, 2) NOT NULL, cost numeric(10, 2) NOT NULL, stock integer,
    listed_on date NOT NULL, discontinued_on date
);
CREATE TABLE orders (
    id integer PRIMARY KEY, number text NOT NULL,
    customer_id integer NOT NULL REFERENCES customers (id), ordered_on date NOT NULL,
    ordered_at timestamp NOT NULL, channel text NOT NULL, status text NOT NULL,
    shipped_on date, note text
);
CREATE TABLE order_lines (
    id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders (id),
    product_id integer NOT NULL REFERENCES products (id), quantity integer NOT NULL,
    unit_price numeric(10, 2) NOT NULL, discount_percent integer, amount numeric(12, 2) NOT NULL
);
CREATE TABLE invoices (
    id integer PRIMARY KEY, number text NOT NULL,
    order_id integer NOT NULL REFERENCES orders (id),
    customer_id integer NOT NULL REFERENCES customers (id), issued_on date NOT NULL,
    due_on date NOT NULL, paid_on date, amount numeric(12, 2) NOT NULL
);
"""

# Made after the rows: filling an index once is faster than keeping it while rows arrive.
INDEXES: Final = """
CREATE INDEX orders_by_day ON orders (ordered_on);
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE INDEX lines_by_order ON order_lines (order_id);
CREATE INDEX lines_by_product ON order_lines (product_id);
CREATE INDEX invoices_unpaid ON invoices (due_on) WHERE paid_on IS NULL;
"""
