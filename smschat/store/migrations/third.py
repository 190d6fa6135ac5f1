"""Version 3: contacts of their own, more marks of a conversation, SMS with a time, and what the user deleted.

A deletion leaves a tombstone, so that every process hears of it, and the message ids of what came in, so that the
gateway's next delivery of it does not bring it back.
"""

from __future__ import annotations

from typing import Final

SCRIPT: Final = """
CREATE TABLE contact(
  peer TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK(name <> '' OR notes <> ''),
  notes TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO contact(peer, name) SELECT peer, name FROM conversation WHERE name <> '';

ALTER TABLE conversation ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0 CHECK(marked_unread IN (0, 1));
ALTER TABLE conversation ADD COLUMN failed INTEGER NOT NULL DEFAULT 0 CHECK(failed IN (0, 1));
UPDATE conversation SET failed = 1 WHERE (
  SELECT status FROM sms WHERE sms.conversation = conversation.id AND direction = 'outbound' ORDER BY seq DESC LIMIT 1
) IN ('refused', 'failed', 'expired', 'rejected', 'unknown');
UPDATE conversation SET archived = 1 WHERE blocked = 1;

DROP INDEX conversation_unread;
CREATE INDEX conversation_unread ON conversation(archived, pinned DESC, activity DESC)
  WHERE unread > 0 OR marked_unread = 1;
CREATE INDEX conversation_failed ON conversation(archived, pinned DESC, activity DESC) WHERE failed = 1;
CREATE INDEX conversation_new ON conversation(archived, unread) WHERE unread > 0;

ALTER TABLE sms ADD COLUMN send_at INTEGER;
CREATE INDEX sms_scheduled ON sms(send_at) WHERE status = 'scheduled';
DROP INDEX sms_sent_at;
CREATE INDEX sms_sent_at ON sms(created_at, status, segments) WHERE direction = 'outbound' AND send_at IS NULL;
CREATE INDEX sms_sent_later ON sms(send_at, status, segments) WHERE send_at IS NOT NULL;
CREATE INDEX sms_created ON sms(conversation, created_at);

CREATE TABLE gone(
  id INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL,
  peer TEXT NOT NULL,
  sms TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX gone_revision ON gone(revision);
CREATE INDEX gone_at ON gone(at);

CREATE TABLE forgotten(message_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""
