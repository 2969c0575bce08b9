CREATE TABLE customer (
  customer_number TEXT PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  phone TEXT,
  street TEXT,
  postcode TEXT,
  city TEXT,
  birthdate DATE,
  since DATE NOT NULL,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);

CREATE TABLE meter_point (
  id INTEGER PRIMARY KEY,
  meter_number TEXT NOT NULL UNIQUE,
  customer_number TEXT NOT NULL REFERENCES customer (customer_number),
  address TEXT NOT NULL,
  contract TEXT NOT NULL,
  from_date DATE NOT NULL
);
CREATE INDEX meter_point_customer ON meter_point (customer_number);

CREATE TABLE reading (
  id INTEGER PRIMARY KEY,
  meter_id INTEGER NOT NULL REFERENCES meter_point (id),
  month TEXT NOT NULL,
  kwh INTEGER NOT NULL
);
CREATE INDEX reading_meter ON reading (meter_id);

-- An invoice outlives the customer: the Bookkeeping Act keeps it.
CREATE TABLE invoice (
  id INTEGER PRIMARY KEY,
  customer_number TEXT REFERENCES customer (customer_number) ON DELETE SET NULL,
  billed_name TEXT NOT NULL,
  billed_email TEXT NOT NULL,
  billed_address TEXT NOT NULL,
  kwh INTEGER NOT NULL,
  amount_nok INTEGER NOT NULL,
  card_last_four TEXT,
  issued_on DATE NOT NULL
);
CREATE INDEX invoice_customer ON invoice (customer_number);

CREATE TABLE credit_check (
  id INTEGER PRIMARY KEY,
  customer_number TEXT NOT NULL REFERENCES customer (customer_number),
  checked_on DATE NOT NULL,
  source TEXT NOT NULL,
  result TEXT NOT NULL
);
CREATE INDEX credit_check_customer ON credit_check (customer_number);

CREATE TABLE consent (
  id INTEGER PRIMARY KEY,
  customer_number TEXT NOT NULL REFERENCES customer (customer_number),
  purpose TEXT NOT NULL,
  wording TEXT NOT NULL,
  given_on DATE NOT NULL,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
);
CREATE INDEX consent_customer ON consent (customer_number);

CREATE TABLE enquiry (
  id INTEGER PRIMARY KEY,
  sender_name TEXT,
  sender_email TEXT NOT NULL,
  sent_at DATETIME NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX enquiry_sender ON enquiry (sender_email);
