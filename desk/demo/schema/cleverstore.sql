CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  phone TEXT,
  address TEXT,
  password_hash TEXT NOT NULL,
  plan TEXT NOT NULL,
  created_on DATE NOT NULL,
  wants_offers INTEGER NOT NULL DEFAULT 0 CHECK (wants_offers IN (0, 1)),
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);

CREATE TABLE belonging (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  name TEXT NOT NULL,
  value_nok INTEGER,
  bought_on DATE,
  serial_number TEXT,
  note TEXT
);
CREATE INDEX belonging_account ON belonging (account_id);

-- A payment outlives the account: the Bookkeeping Act keeps it.
CREATE TABLE payment (
  id INTEGER PRIMARY KEY,
  account_id INTEGER REFERENCES account (id) ON DELETE SET NULL,
  payer_name TEXT NOT NULL,
  payer_email TEXT NOT NULL,
  card_number TEXT NOT NULL,
  description TEXT NOT NULL,
  amount_nok INTEGER NOT NULL,
  paid_on DATE NOT NULL
);
CREATE INDEX payment_account ON payment (account_id);

CREATE TABLE activity (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  at DATETIME NOT NULL,
  action TEXT NOT NULL,
  ip TEXT NOT NULL
);
CREATE INDEX activity_account ON activity (account_id);

CREATE TABLE recommendation (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  made_on DATE NOT NULL,
  offer TEXT NOT NULL,
  because TEXT NOT NULL
);
CREATE INDEX recommendation_account ON recommendation (account_id);

CREATE TABLE device (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  device TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  ip TEXT NOT NULL,
  last_seen DATETIME NOT NULL
);
CREATE INDEX device_account ON device (account_id);

-- Feedback comes from people without an account too.
CREATE TABLE feedback (
  id INTEGER PRIMARY KEY,
  sender_name TEXT,
  sender_email TEXT NOT NULL,
  sent_at DATETIME NOT NULL,
  text TEXT NOT NULL,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX feedback_sender ON feedback (sender_email);
