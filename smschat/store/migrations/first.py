"""Version 1: conversations, SMS with their attempts and parts, callbacks, receipts, and parts of long SMS.

The rules of `domain/delivery.py` that must hold whatever the code does are constraints and triggers here: one live
attempt for each SMS, one POST for each attempt, only known steps, no repeat without the user's consent, one SMS for
each inbound message id.
"""

from __future__ import annotations

from typing import Final

SCRIPT: Final = """
CREATE TABLE counter(
  only INTEGER PRIMARY KEY CHECK(only = 1),
  revision INTEGER NOT NULL,
  activity INTEGER NOT NULL
) STRICT;
INSERT INTO counter VALUES(1, 0, 0);

CREATE TABLE profile(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE pace(
  only INTEGER PRIMARY KEY CHECK(only = 1),
  taken_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  paused_at INTEGER NOT NULL,
  paused_until INTEGER NOT NULL
) STRICT;
INSERT INTO pace VALUES(1, 0, 0, 0, 0);

CREATE TABLE conversation(
  id INTEGER PRIMARY KEY,
  peer TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  activity INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  unread INTEGER NOT NULL DEFAULT 0 CHECK(unread >= 0),
  read_upto INTEGER NOT NULL DEFAULT 0,
  draft TEXT NOT NULL DEFAULT '',
  pinned INTEGER NOT NULL DEFAULT 0 CHECK(pinned IN (0, 1)),
  muted INTEGER NOT NULL DEFAULT 0 CHECK(muted IN (0, 1)),
  archived INTEGER NOT NULL DEFAULT 0 CHECK(archived IN (0, 1)),
  opted_out INTEGER NOT NULL DEFAULT 0 CHECK(opted_out IN (0, 1)),
  blocked INTEGER NOT NULL DEFAULT 0 CHECK(blocked IN (0, 1)),
  last_seq INTEGER,
  last_id TEXT,
  last_direction TEXT,
  last_status TEXT,
  last_text TEXT,
  last_at INTEGER
) STRICT;
CREATE INDEX conversation_order ON conversation(archived, pinned DESC, activity DESC);
CREATE INDEX conversation_unread ON conversation(archived, pinned DESC, activity DESC, unread) WHERE unread > 0;
CREATE INDEX conversation_revision ON conversation(revision);

CREATE TABLE sms(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE CHECK(length(id) = 32),
  conversation INTEGER NOT NULL REFERENCES conversation(id),
  revision INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK(direction IN ('inbound', 'outbound')),
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  type TEXT NOT NULL,
  text TEXT NOT NULL,
  encoding TEXT NOT NULL,
  segments INTEGER NOT NULL CHECK(segments >= 1),
  status TEXT NOT NULL,
  reason TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  price TEXT,
  remaining_balance TEXT,
  answer_http INTEGER,
  answer_status TEXT,
  answer_error TEXT,
  answer_transaction TEXT,
  keyword TEXT,
  data TEXT,
  udh TEXT,
  client_ref TEXT,
  wants_receipt INTEGER NOT NULL DEFAULT 1 CHECK(wants_receipt IN (0, 1)),
  wants_inbound INTEGER NOT NULL DEFAULT 1 CHECK(wants_inbound IN (0, 1)),
  tries INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0 CHECK(held IN (0, 1)),
  due_at INTEGER NOT NULL DEFAULT 0,
  claim TEXT,
  consent INTEGER NOT NULL DEFAULT 0 CHECK(consent IN (0, 1)),
  CHECK(CASE direction
    WHEN 'inbound' THEN status IN ('received', 'partial')
    ELSE status IN ('scheduled', 'queued', 'sending', 'unknown', 'accepted', 'buffered',
                    'failed', 'expired', 'rejected', 'delivered', 'refused') END)
) STRICT;
CREATE INDEX sms_transcript ON sms(conversation, seq);
CREATE INDEX sms_revision ON sms(revision);
CREATE INDEX sms_inbound ON sms(conversation, seq) WHERE direction = 'inbound';
CREATE INDEX sms_sent_at ON sms(created_at, status, segments) WHERE direction = 'outbound';
CREATE INDEX sms_due ON sms(seq, status, held, claim, due_at, updated_at) WHERE status = 'queued' AND held = 0;
CREATE INDEX sms_next_due ON sms(due_at, status, held, claim) WHERE status = 'queued' AND held = 0;
CREATE INDEX sms_claimed ON sms(claim) WHERE status = 'queued' AND claim IS NOT NULL;

CREATE VIRTUAL TABLE sms_text USING fts5(
  text, content = 'sms', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE step(
  old TEXT NOT NULL,
  new TEXT NOT NULL,
  PRIMARY KEY(old, new)
) STRICT, WITHOUT ROWID;
INSERT INTO step VALUES
  ('scheduled', 'queued'),
  ('queued', 'sending'), ('queued', 'refused'), ('queued', 'unknown'),
  ('queued', 'accepted'), ('queued', 'buffered'), ('queued', 'failed'),
  ('queued', 'expired'), ('queued', 'rejected'), ('queued', 'delivered'),
  ('sending', 'queued'), ('sending', 'unknown'), ('sending', 'refused'),
  ('sending', 'accepted'), ('sending', 'buffered'), ('sending', 'failed'),
  ('sending', 'expired'), ('sending', 'rejected'), ('sending', 'delivered'),
  ('unknown', 'queued'),
  ('unknown', 'accepted'), ('unknown', 'buffered'), ('unknown', 'failed'),
  ('unknown', 'expired'), ('unknown', 'rejected'), ('unknown', 'delivered'),
  ('accepted', 'buffered'), ('accepted', 'failed'), ('accepted', 'expired'),
  ('accepted', 'rejected'), ('accepted', 'delivered'),
  ('buffered', 'failed'), ('buffered', 'expired'), ('buffered', 'rejected'), ('buffered', 'delivered'),
  ('failed', 'delivered'), ('expired', 'delivered'), ('rejected', 'delivered'),
  ('partial', 'received');

CREATE TRIGGER sms_takes_known_steps BEFORE UPDATE OF status ON sms
WHEN old.status <> new.status AND NOT EXISTS(SELECT 1 FROM step WHERE old = old.status AND new = new.status)
BEGIN SELECT raise(ABORT, 'illegal step'); END;

CREATE TRIGGER sms_repeat_needs_consent BEFORE UPDATE OF status ON sms
WHEN old.status = 'unknown' AND new.status = 'queued' AND new.consent = 0
BEGIN SELECT raise(ABORT, 'repeat without consent'); END;

CREATE TABLE attempt(
  ref TEXT PRIMARY KEY CHECK(length(ref) BETWEEN 8 AND 40),
  sms INTEGER NOT NULL REFERENCES sms(seq) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK(state IN ('sending', 'unsent', 'unknown', 'refused', 'accepted')),
  posts INTEGER NOT NULL DEFAULT 1 CHECK(posts BETWEEN 0 AND 1),
  consent INTEGER NOT NULL DEFAULT 0 CHECK(consent IN (0, 1)),
  holder TEXT NOT NULL,
  reason TEXT,
  http INTEGER,
  answer_status TEXT,
  answer_error TEXT,
  answer_transaction TEXT,
  begun_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_sms ON attempt(sms);
CREATE UNIQUE INDEX attempt_live ON attempt(sms) WHERE state = 'sending';
CREATE INDEX attempt_holder ON attempt(holder) WHERE state = 'sending';

CREATE TRIGGER attempt_posts_once BEFORE UPDATE OF posts ON attempt
WHEN new.posts > old.posts
BEGIN SELECT raise(ABORT, 'second post'); END;

CREATE TRIGGER attempt_takes_known_steps BEFORE UPDATE OF state ON attempt
WHEN old.state <> new.state AND NOT (
  old.state = 'sending'
  OR (old.state = 'unknown' AND new.state IN ('accepted', 'refused'))
  OR (old.state = 'unsent' AND new.state = 'accepted'))
BEGIN SELECT raise(ABORT, 'illegal step'); END;

CREATE TRIGGER attempt_repeat_needs_consent BEFORE INSERT ON attempt
WHEN new.consent = 0 AND EXISTS(SELECT 1 FROM attempt WHERE sms = new.sms AND state <> 'unsent')
BEGIN SELECT raise(ABORT, 'repeat without consent'); END;

CREATE TABLE part(
  id INTEGER PRIMARY KEY,
  sms INTEGER NOT NULL REFERENCES sms(seq) ON DELETE CASCADE,
  attempt TEXT REFERENCES attempt(ref) ON DELETE CASCADE,
  place INTEGER,
  message_id TEXT,
  status TEXT NOT NULL CHECK(status IN ('unknown', 'accepted', 'buffered', 'failed', 'expired', 'rejected',
                                        'delivered', 'refused')),
  network TEXT,
  price TEXT,
  error_code TEXT
) STRICT;
CREATE UNIQUE INDEX part_of_attempt ON part(attempt, message_id) WHERE attempt IS NOT NULL;
CREATE INDEX part_sms ON part(sms);
CREATE INDEX part_message ON part(message_id) WHERE message_id IS NOT NULL;

CREATE TRIGGER part_takes_known_steps BEFORE UPDATE OF status ON part
WHEN old.status <> new.status AND NOT EXISTS(SELECT 1 FROM step WHERE old = old.status AND new = new.status)
BEGIN SELECT raise(ABORT, 'illegal step'); END;

CREATE TABLE callback(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at INTEGER NOT NULL,
  method TEXT NOT NULL,
  ref TEXT,
  query BLOB NOT NULL,
  body BLOB NOT NULL,
  content_type TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('inbound', 'receipt', 'unreadable')),
  outcome TEXT NOT NULL CHECK(outcome IN ('taken', 'waiting', 'repeat', 'quarantined', 'pending', 'unreadable')),
  reason TEXT,
  sms INTEGER REFERENCES sms(seq) ON DELETE SET NULL
) STRICT;
CREATE INDEX callback_sms ON callback(sms) WHERE sms IS NOT NULL;

CREATE TABLE receipt(
  id INTEGER PRIMARY KEY,
  callback INTEGER NOT NULL REFERENCES callback(id) ON DELETE CASCADE,
  attempt TEXT REFERENCES attempt(ref) ON DELETE SET NULL,
  part INTEGER REFERENCES part(id) ON DELETE SET NULL,
  message_id TEXT,
  status TEXT NOT NULL,
  error_code TEXT,
  network TEXT,
  price TEXT,
  scts TEXT,
  client_ref TEXT,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX receipt_callback ON receipt(callback);
CREATE INDEX receipt_attempt ON receipt(attempt) WHERE attempt IS NOT NULL;
CREATE INDEX receipt_part ON receipt(part) WHERE part IS NOT NULL;
CREATE INDEX receipt_message ON receipt(message_id) WHERE message_id IS NOT NULL;

CREATE TABLE inbound_set(
  id INTEGER PRIMARY KEY,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  ref TEXT NOT NULL,
  total INTEGER NOT NULL CHECK(total BETWEEN 2 AND 255),
  begun_at INTEGER NOT NULL,
  missing INTEGER NOT NULL CHECK(missing BETWEEN 0 AND 254),
  sms INTEGER REFERENCES sms(seq) ON DELETE CASCADE
) STRICT;
CREATE INDEX inbound_set_open ON inbound_set(sender, recipient, ref, total, id) WHERE missing > 0;
CREATE INDEX inbound_set_waiting ON inbound_set(begun_at) WHERE missing > 0 AND sms IS NULL;
CREATE INDEX inbound_set_sms ON inbound_set(sms) WHERE sms IS NOT NULL;

CREATE TABLE inbound_part(
  id INTEGER PRIMARY KEY,
  callback INTEGER NOT NULL REFERENCES callback(id),
  message_id TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL,
  sms INTEGER REFERENCES sms(seq) ON DELETE CASCADE,
  inbound_set INTEGER REFERENCES inbound_set(id) ON DELETE CASCADE,
  place INTEGER CHECK(place BETWEEN 1 AND 255),
  type TEXT,
  text TEXT,
  keyword TEXT,
  data TEXT,
  udh TEXT,
  UNIQUE(inbound_set, place),
  CHECK((inbound_set IS NULL) = (place IS NULL)),
  CHECK(inbound_set IS NOT NULL OR sms IS NOT NULL)
) STRICT;
CREATE INDEX inbound_part_sms ON inbound_part(sms) WHERE sms IS NOT NULL;
"""
