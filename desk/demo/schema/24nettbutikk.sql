CREATE TABLE newsletter (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  subscribed_on DATE NOT NULL,
  consent_text TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  latest_opened_on DATE,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);

CREATE TABLE ebook_download (
  id INTEGER PRIMARY KEY,
  full_name TEXT,
  email TEXT NOT NULL,
  title TEXT NOT NULL,
  downloaded_at DATETIME NOT NULL,
  wants_offers INTEGER NOT NULL DEFAULT 0 CHECK (wants_offers IN (0, 1)),
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX ebook_download_email ON ebook_download (email);

CREATE TABLE demo_shop (
  id INTEGER PRIMARY KEY,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  shop_name TEXT NOT NULL,
  created_on DATE NOT NULL,
  latest_login_on DATE,
  wants_tips INTEGER NOT NULL DEFAULT 0 CHECK (wants_tips IN (0, 1)),
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX demo_shop_email ON demo_shop (email);

CREATE TABLE contract (
  id INTEGER PRIMARY KEY,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  phone TEXT,
  address TEXT,
  company TEXT NOT NULL,
  organisation_form TEXT NOT NULL,
  signed_on DATE NOT NULL,
  ended_on DATE,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);

-- An invoice outlives the contract: the Bookkeeping Act keeps it.
CREATE TABLE invoice (
  id INTEGER PRIMARY KEY,
  contract_id INTEGER REFERENCES contract (id) ON DELETE SET NULL,
  billed_name TEXT NOT NULL,
  billed_email TEXT NOT NULL,
  description TEXT NOT NULL,
  amount_nok INTEGER NOT NULL,
  issued_on DATE NOT NULL
);
CREATE INDEX invoice_contract ON invoice (contract_id);

CREATE TABLE enquiry (
  id INTEGER PRIMARY KEY,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT,
  sent_at DATETIME NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  answer TEXT,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX enquiry_email ON enquiry (email);

CREATE TABLE visit (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL,
  at DATETIME NOT NULL,
  page TEXT NOT NULL,
  cookie TEXT NOT NULL,
  ip TEXT NOT NULL,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX visit_email ON visit (email);
