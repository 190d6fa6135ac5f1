"""Version 2: options of an SMS, a sender for each conversation, quotas, signatures, borrowed callback addresses.

`sms_outbound` leads to what was written to a peer; `part_network` to what a part cost in a network. A callback belongs
to the SMS that its part became, also when that was shown later, and a repeat to what its original belongs to.
"""

from __future__ import annotations

from typing import Final

SCRIPT: Final = """
ALTER TABLE sms ADD COLUMN ttl_ms INTEGER;
ALTER TABLE sms ADD COLUMN message_class INTEGER;
ALTER TABLE sms ADD COLUMN protocol_id INTEGER;
ALTER TABLE sms ADD COLUMN title TEXT;
ALTER TABLE sms ADD COLUMN url TEXT;
ALTER TABLE sms ADD COLUMN validity_ms INTEGER CHECK(
  (ttl_ms IS NULL OR ttl_ms BETWEEN 20000 AND 604800000)
  AND (message_class IS NULL OR message_class BETWEEN 0 AND 3)
  AND (protocol_id IS NULL OR protocol_id BETWEEN 0 AND 255)
  AND (validity_ms IS NULL OR validity_ms > 0));
CREATE INDEX sms_outbound ON sms(conversation, seq) WHERE direction = 'outbound';

ALTER TABLE conversation ADD COLUMN sender TEXT;

ALTER TABLE attempt ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN quota TEXT;

CREATE INDEX part_network ON part(network) WHERE price IS NOT NULL;

ALTER TABLE callback ADD COLUMN signature TEXT NOT NULL DEFAULT 'unchecked'
  CHECK(signature IN ('unchecked', 'good', 'late', 'missing', 'wrong'));
ALTER TABLE callback ADD COLUMN original INTEGER REFERENCES callback(id) ON DELETE SET NULL;
CREATE INDEX callback_original ON callback(original) WHERE original IS NOT NULL;

UPDATE callback SET outcome = 'taken', sms = inbound_part.sms FROM inbound_part
  WHERE inbound_part.callback = callback.id AND inbound_part.sms IS NOT NULL AND callback.outcome = 'waiting';
UPDATE callback SET outcome = CASE outcome WHEN 'pending' THEN 'taken' ELSE outcome END, sms = part.sms
  FROM receipt JOIN part ON part.id = receipt.part WHERE receipt.callback = callback.id AND callback.sms IS NULL;

CREATE TRIGGER inbound_part_is_shown AFTER UPDATE OF sms ON inbound_part
WHEN new.sms IS NOT old.sms
BEGIN
  UPDATE callback SET outcome = 'taken', sms = new.sms WHERE id = new.callback AND outcome = 'waiting';
  UPDATE callback SET sms = new.sms WHERE original = new.callback;
END;

CREATE TABLE loan(
  number TEXT PRIMARY KEY,
  country TEXT NOT NULL,
  url TEXT NOT NULL,
  since INTEGER NOT NULL,
  error TEXT
) STRICT, WITHOUT ROWID;
"""
