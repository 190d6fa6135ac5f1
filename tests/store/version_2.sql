-- A store of version 2 as smschat 0.2 wrote it: named, blocked and archived conversations, options, a loan, a repeat.
INSERT OR REPLACE INTO counter(only, revision, activity) VALUES(1, 30, 12);
INSERT INTO profile(key, value) VALUES('balance', '8.25000000');
INSERT INTO loan(number, country, url, since) VALUES('31970000000', 'NL', 'https://theirs.example/in', 1769860869000000);
INSERT INTO conversation(id, peer, name, activity, revision, unread, read_upto, draft, pinned, muted, archived, opted_out, blocked, last_seq, last_id, last_direction, last_status, last_text, last_at, sender)
  VALUES(1, '31611111111', 'Anna', 12, 30, 1, 1, 'dra', 1, 0, 0, 0, 0, 3, '00000000000000000000000000000003', 'inbound', 'received', 'and you?', 1769860803000000, 'MyShop');
INSERT INTO conversation(id, peer, name, activity, revision, unread, read_upto, blocked, last_seq, last_id, last_direction, last_status, last_text, last_at)
  VALUES(2, '31622222222', 'Nuisance', 5, 21, 0, 4, 1, 4, '00000000000000000000000000000004', 'inbound', 'received', 'buy now', 1769860804000000);
INSERT INTO conversation(id, peer, name, activity, revision, archived, last_seq, last_id, last_direction, last_status, last_text, last_at)
  VALUES(3, '31633333333', '', 7, 22, 1, 5, '00000000000000000000000000000005', 'outbound', 'delivered', 'done', 1769860805000000);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, keyword)
  VALUES(1, '00000000000000000000000000000001', 1, 2, 'inbound', '31611111111', '31970000000', 'text', 'how are you', 'gsm7', 1, 'received', 1769860801000000, 1769860801000000, 'HOW');
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, reason, created_at, updated_at, tries, ttl_ms, message_class)
  VALUES(2, '00000000000000000000000000000002', 1, 9, 'outbound', '31970000000', '31611111111', 'text', 'fine', 'gsm7', 2, 'refused', 'no', 1769860802000000, 1769860802000000, 1, 60000, 0);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at)
  VALUES(3, '00000000000000000000000000000003', 1, 30, 'inbound', '31611111111', '31970000000', 'text', 'and you?', 'gsm7', 1, 'received', 1769860803000000, 1769860803000000);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at)
  VALUES(4, '00000000000000000000000000000004', 2, 21, 'inbound', '31622222222', '31970000000', 'text', 'buy now', 'gsm7', 1, 'received', 1769860804000000, 1769860804000000);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, price, tries)
  VALUES(5, '00000000000000000000000000000005', 3, 22, 'outbound', '31970000000', '31633333333', 'text', 'done', 'gsm7', 1, 'delivered', 1769860805000000, 1769860805000000, '0.07', 1);
INSERT INTO attempt(ref, sms, number, state, posts, holder, begun_at, ended_at)
  VALUES('attempt-002', 2, 1, 'refused', 1, 'them', 1769860802000000, 1769860802000000);
INSERT INTO attempt(ref, sms, number, state, posts, holder, begun_at, ended_at)
  VALUES('attempt-005', 5, 1, 'accepted', 1, 'them', 1769860805000000, 1769860805000000);
INSERT INTO part(id, sms, attempt, place, message_id, status, network, price)
  VALUES(1, 5, 'attempt-005', 1, 'part-5', 'delivered', '20408', '0.07');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome, sms, signature)
  VALUES(1, 1769860803000000, 'POST', x'', x'7b7d', 'application/json', '', 'inbound', 'taken', 3, 'good');
INSERT INTO inbound_part(id, callback, message_id, digest, sms) VALUES(1, 1, 'in-3', x'00', 3);
