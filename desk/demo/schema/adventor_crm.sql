-- Several customers' own data in one database; `customer` is the controller of the row.
-- `customer_email` is the address of that company's main contact.
CREATE TABLE crm_contact (
  id INTEGER PRIMARY KEY,
  customer TEXT NOT NULL,
  customer_email TEXT,
  full_name TEXT NOT NULL,
  email TEXT,
  phone TEXT,
  address TEXT,
  employer TEXT,
  comment TEXT,
  registered_on DATE NOT NULL,
  restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1)),
  UNIQUE (customer, email)
);

CREATE TABLE crm_event (
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES crm_contact (id),
  at DATETIME NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX crm_event_contact ON crm_event (contact_id);
