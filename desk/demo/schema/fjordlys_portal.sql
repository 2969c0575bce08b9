-- Customers of other power companies, in the portal run for them; `customer`, the company, is the controller.
-- `customer_email` is the address of that company's main contact.
CREATE TABLE portal_user (
  id INTEGER PRIMARY KEY,
  customer TEXT NOT NULL,
  customer_email TEXT,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT,
  password_hash TEXT NOT NULL,
  created_on DATE NOT NULL,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1)),
  UNIQUE (customer, email)
);

CREATE TABLE portal_login (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES portal_user (id),
  at DATETIME NOT NULL,
  ip TEXT NOT NULL
);
CREATE INDEX portal_login_user ON portal_login (user_id);
