CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  company TEXT,
  contact_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  phone TEXT,
  street TEXT,
  postcode TEXT,
  city TEXT,
  since DATE NOT NULL,
  latest_delivery_on DATE NOT NULL,
  wants_offers INTEGER NOT NULL DEFAULT 0 CHECK (wants_offers IN (0, 1)),
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);

-- An invoice outlives the customer: the Bookkeeping Act keeps it.
CREATE TABLE invoice (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER REFERENCES customer (id) ON DELETE SET NULL,
  billed_name TEXT NOT NULL,
  billed_email TEXT NOT NULL,
  billed_address TEXT NOT NULL,
  description TEXT NOT NULL,
  amount_nok INTEGER NOT NULL,
  issued_on DATE NOT NULL,
  paid_on DATE
);
CREATE INDEX invoice_customer ON invoice (customer_id);

CREATE TABLE letter (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER REFERENCES customer (id),
  other_party_email TEXT NOT NULL,
  at DATETIME NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  subject TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX letter_customer ON letter (customer_id);

CREATE TABLE credit_check (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  checked_on DATE NOT NULL,
  source TEXT NOT NULL,
  result TEXT NOT NULL
);
CREATE INDEX credit_check_customer ON credit_check (customer_id);

CREATE TABLE mailing (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  sent_on DATE NOT NULL,
  campaign TEXT NOT NULL,
  opened INTEGER NOT NULL CHECK (opened IN (0, 1))
);
CREATE INDEX mailing_customer ON mailing (customer_id);

CREATE TABLE login (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  at DATETIME NOT NULL,
  action TEXT NOT NULL,
  ip TEXT NOT NULL
);
CREATE INDEX login_customer ON login (customer_id);
