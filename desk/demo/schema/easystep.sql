CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  full_name TEXT NOT NULL,
  title TEXT,
  company TEXT,
  email TEXT NOT NULL UNIQUE,
  phone TEXT,
  street TEXT,
  postcode TEXT,
  city TEXT,
  since DATE NOT NULL,
  consented_on DATE,
  wants_offers INTEGER NOT NULL DEFAULT 0 CHECK (wants_offers IN (0, 1)),
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);

-- An order with its invoice outlives the customer: the Bookkeeping Act keeps it.
CREATE TABLE purchase (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER REFERENCES customer (id) ON DELETE SET NULL,
  buyer_name TEXT NOT NULL,
  buyer_email TEXT NOT NULL,
  description TEXT NOT NULL,
  amount_nok INTEGER NOT NULL,
  invoiced_on DATE NOT NULL
);
CREATE INDEX purchase_customer ON purchase (customer_id);

CREATE TABLE card (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  card_number TEXT NOT NULL,
  payout_account TEXT,
  added_on DATE NOT NULL
);
CREATE INDEX card_customer ON card (customer_id);

CREATE TABLE credit_check (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  checked_on DATE NOT NULL,
  source TEXT NOT NULL,
  result TEXT NOT NULL
);
CREATE INDEX credit_check_customer ON credit_check (customer_id);

CREATE TABLE correspondence (
  id INTEGER PRIMARY KEY,
  other_party_name TEXT,
  other_party_email TEXT NOT NULL,
  at DATETIME NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX correspondence_email ON correspondence (other_party_email);

CREATE TABLE mailing (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  sent_on DATE NOT NULL,
  campaign TEXT NOT NULL,
  opened INTEGER NOT NULL CHECK (opened IN (0, 1))
);
CREATE INDEX mailing_customer ON mailing (customer_id);

-- Lists bought from others; these people never gave their address themselves (GDPR Art. 14).
CREATE TABLE prospect (
  id INTEGER PRIMARY KEY,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT,
  company TEXT,
  source TEXT NOT NULL,
  bought_on DATE NOT NULL,
  contacted_on DATE,
  may_contact INTEGER NOT NULL DEFAULT 1 CHECK (may_contact IN (0, 1)),
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX prospect_email ON prospect (email);

CREATE TABLE visit (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  at DATETIME NOT NULL,
  page TEXT NOT NULL,
  cookie TEXT NOT NULL,
  ip TEXT NOT NULL
);
CREATE INDEX visit_customer ON visit (customer_id);
