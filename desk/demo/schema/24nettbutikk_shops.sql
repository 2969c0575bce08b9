-- The shops' own customers; `customer`, the shop, is the controller of the row.
-- `customer_email` is the address of that company's main contact.
CREATE TABLE shopper (
  id INTEGER PRIMARY KEY,
  customer TEXT NOT NULL,
  customer_email TEXT,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT,
  address TEXT,
  password_hash TEXT,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1)),
  UNIQUE (customer, email)
);

CREATE TABLE shop_order (
  id INTEGER PRIMARY KEY,
  shopper_id INTEGER REFERENCES shopper (id) ON DELETE SET NULL,
  ordered_at DATETIME NOT NULL,
  goods TEXT NOT NULL,
  amount_nok INTEGER NOT NULL,
  message TEXT
);
CREATE INDEX shop_order_shopper ON shop_order (shopper_id);
