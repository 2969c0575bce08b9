-- What FakturaNett's users keep about those they invoice; `customer`, the user, is the controller of the row.
-- `customer_email` is the address of that company's main contact.
CREATE TABLE end_customer (
  id INTEGER PRIMARY KEY,
  customer TEXT NOT NULL,
  customer_email TEXT,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT,
  address TEXT,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1)),
  UNIQUE (customer, email)
);

CREATE TABLE end_invoice (
  id INTEGER PRIMARY KEY,
  end_customer_id INTEGER REFERENCES end_customer (id) ON DELETE SET NULL,
  description TEXT NOT NULL,
  amount_nok INTEGER NOT NULL,
  issued_on DATE NOT NULL
);
CREATE INDEX end_invoice_customer ON end_invoice (end_customer_id);
