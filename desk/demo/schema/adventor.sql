CREATE TABLE company (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  manager_name TEXT NOT NULL,
  manager_email TEXT,
  fetched_on DATE NOT NULL
);

CREATE TABLE contact_person (
  id INTEGER PRIMARY KEY,
  company_id INTEGER NOT NULL REFERENCES company (id),
  full_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  mobile TEXT,
  title TEXT,
  main_contact INTEGER NOT NULL DEFAULT 0 CHECK (main_contact IN (0, 1)),
  registered_on DATE NOT NULL,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1))
);
CREATE INDEX contact_person_company ON contact_person (company_id);

CREATE TABLE mailing (
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contact_person (id),
  channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
  wants_offers INTEGER NOT NULL DEFAULT 0 CHECK (wants_offers IN (0, 1)),
  latest_on DATE
);
CREATE INDEX mailing_contact ON mailing (contact_id);

-- A case belongs to the company and outlives its contact person.
CREATE TABLE support_case (
  id INTEGER PRIMARY KEY,
  company_id INTEGER NOT NULL REFERENCES company (id),
  contact_id INTEGER REFERENCES contact_person (id) ON DELETE SET NULL,
  reporter_name TEXT NOT NULL,
  reporter_email TEXT,
  opened_on DATE NOT NULL,
  closed_on DATE,
  subject TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX support_case_contact ON support_case (contact_id);

CREATE TABLE change_log (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES support_case (id),
  contact_id INTEGER REFERENCES contact_person (id) ON DELETE SET NULL,
  changed_by TEXT NOT NULL,
  changed_by_email TEXT,
  at DATETIME NOT NULL,
  change TEXT NOT NULL
);
CREATE INDEX change_log_contact ON change_log (contact_id);

CREATE TABLE contract (
  id INTEGER PRIMARY KEY,
  company_id INTEGER NOT NULL REFERENCES company (id),
  signer_name TEXT NOT NULL,
  signer_email TEXT NOT NULL,
  signed_with TEXT NOT NULL,
  signed_on DATE NOT NULL
);

CREATE TABLE invoice (
  id INTEGER PRIMARY KEY,
  company_id INTEGER NOT NULL REFERENCES company (id),
  contact_id INTEGER REFERENCES contact_person (id) ON DELETE SET NULL,
  reference_name TEXT NOT NULL,
  reference_email TEXT NOT NULL,
  description TEXT NOT NULL,
  amount_nok INTEGER NOT NULL,
  issued_on DATE NOT NULL
);
CREATE INDEX invoice_contact ON invoice (contact_id);

CREATE TABLE credit_check (
  id INTEGER PRIMARY KEY,
  company_id INTEGER NOT NULL REFERENCES company (id),
  person_name TEXT NOT NULL,
  person_email TEXT NOT NULL,
  result TEXT NOT NULL,
  source TEXT NOT NULL,
  checked_on DATE NOT NULL
);
