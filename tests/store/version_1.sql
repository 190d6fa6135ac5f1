-- A store of version 1 as smschat 0.1 wrote it: receipts in any order, a repeat, and long SMS in every state.
INSERT OR REPLACE INTO counter(only, revision, activity)
  VALUES(1, 21, 10);
INSERT INTO profile(key, value)
  VALUES('balance', '9.50000000');
INSERT INTO profile(key, value)
  VALUES('registration', '{"number": "31970000000", "url": "https://callbacks.example/in/t", "at": 1769860869000000, "error": null}');
INSERT OR REPLACE INTO pace(only, taken_at, next_at, paused_at, paused_until)
  VALUES(1, 0, 0, 0, 0);
INSERT INTO conversation(id, peer, name, activity, revision, unread, read_upto, draft, pinned, muted, archived, opted_out, blocked, last_seq, last_id, last_direction, last_status, last_text, last_at)
  VALUES(1, '31611111111', 'Anna', 10, 20, 4, 0, '', 0, 0, 0, 0, 0, 8, '17b3c8d6ec4d4add957d527e1d27efe7', 'inbound', 'received', '', 1769860869000000);
INSERT INTO conversation(id, peer, name, activity, revision, unread, read_upto, draft, pinned, muted, archived, opted_out, blocked, last_seq, last_id, last_direction, last_status, last_text, last_at)
  VALUES(2, '31622222222', '', 5, 21, 0, 0, 'hel', 0, 0, 0, 0, 0, 3, '00000000000000000000000000000003', 'outbound', 'buffered', 'told early', 1769860808000000);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, price, remaining_balance, answer_http, answer_status, client_ref, wants_receipt, wants_inbound, tries, held, due_at, consent)
  VALUES(1, '00000000000000000000000000000001', 1, 5, 'outbound', '31970000000', '31611111111', 'text', 'a long one', 'gsm7', 2, 'delivered', 1769860801000000, 1769860801000000, '0.14500000', '9.50000000', 200, '0', 'mine', 1, 1, 1, 0, 1769860801000000, 0);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, reason, created_at, updated_at, answer_http, answer_status, wants_receipt, wants_inbound, tries, held, due_at, consent)
  VALUES(2, '00000000000000000000000000000002', 1, 11, 'outbound', '31970000000', '31611111111', 'text', 'may arrive twice', 'gsm7', 1, 'unknown', 'the repeat was refused; the first try may have arrived', 1769860802000000, 1769860807000000, 200, '15', 1, 1, 2, 0, 1769860802000000, 0);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, answer_http, answer_status, wants_receipt, wants_inbound, tries, held, due_at, consent)
  VALUES(3, '00000000000000000000000000000003', 2, 14, 'outbound', '31970000000', '31622222222', 'text', 'told early', 'gsm7', 1, 'buffered', 1769860808000000, 1769860808000000, 200, '0', 1, 1, 1, 0, 1769860808000000, 0);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, wants_receipt, wants_inbound, tries, held, due_at, consent)
  VALUES(4, '00000000000000000000000000000004', 1, 15, 'outbound', '31970000000', '31611111111', 'text', 'waits', 'gsm7', 1, 'queued', 1769860809000000, 1769860809000000, 1, 1, 0, 0, 1769860809000000, 0);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, keyword, wants_receipt, wants_inbound, tries, held, due_at, consent)
  VALUES(5, 'c4fbf6d1a0a54a5dbbdbece4021bb161', 1, 16, 'inbound', '31611111111', '31970000000', 'text', 'hi', 'gsm7', 1, 'received', 1769860809000000, 1769860809000000, 'HI', 1, 1, 0, 0, 0, 0);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, wants_receipt, wants_inbound, tries, held, due_at, consent)
  VALUES(6, '630acf555ced44d396f90b330e6f64e8', 1, 17, 'inbound', '31611111111', '31970000000', 'text', 'part 1 part 2 ', 'gsm7', 2, 'received', 1769860809000000, 1769860809000000, 1, 1, 0, 0, 0, 0);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, wants_receipt, wants_inbound, tries, held, due_at, consent)
  VALUES(7, 'eecd0e1ce2454d4a8ce7f547e3509606', 1, 18, 'inbound', '31611111111', '31970000000', 'text', 'part 1 […]', 'ucs2', 3, 'partial', 1769860869000000, 1769860869000000, 1, 1, 0, 0, 0, 0);
INSERT INTO sms(seq, id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status, created_at, updated_at, data, udh, wants_receipt, wants_inbound, tries, held, due_at, consent)
  VALUES(8, '17b3c8d6ec4d4add957d527e1d27efe7', 1, 19, 'inbound', '31611111111', '31970000000', 'binary', '', 'binary', 1, 'received', 1769860869000000, 1769860869000000, '00ff', '050003010201', 1, 1, 0, 0, 0, 0);
INSERT INTO attempt(ref, sms, state, posts, consent, holder, http, answer_status, begun_at, ended_at)
  VALUES('ga_67caFcls', 1, 'accepted', 1, 0, '6a4fa22871ba31bc', 200, '0', 1769860801000000, 1769860801000000);
INSERT INTO attempt(ref, sms, state, posts, consent, holder, reason, begun_at, ended_at)
  VALUES('gyQgrSxDIYE', 2, 'unknown', 1, 0, '6a4fa22871ba31bc', 'no answer', 1769860802000000, 1769860802000000);
INSERT INTO attempt(ref, sms, state, posts, consent, holder, reason, http, answer_status, begun_at, ended_at)
  VALUES('DyI0_hI9Kmg', 2, 'refused', 1, 1, '6a4fa22871ba31bc', 'no', 200, '15', 1769860807000000, 1769860807000000);
INSERT INTO attempt(ref, sms, state, posts, consent, holder, http, answer_status, begun_at, ended_at)
  VALUES('MHK2xbufscs', 3, 'accepted', 1, 0, '6a4fa22871ba31bc', 200, '0', 1769860808000000, 1769860808000000);
INSERT INTO part(id, sms, attempt, place, message_id, status, network, price, error_code)
  VALUES(1, 1, 'ga_67caFcls', 1, 'm1', 'delivered', '20408', '0.07250000', '0');
INSERT INTO part(id, sms, attempt, place, message_id, status, network, price, error_code)
  VALUES(2, 1, 'ga_67caFcls', 2, 'm2', 'delivered', '20408', '0.07250000', '0');
INSERT INTO part(id, sms, attempt, place, message_id, status, error_code)
  VALUES(3, 3, 'MHK2xbufscs', 1, 'early', 'buffered', '0');
INSERT INTO callback(id, received_at, method, ref, query, body, content_type, user_agent, kind, outcome, sms)
  VALUES(1, 1769860800000000, 'POST', 'ga_67caFcls', X'', X'7B226D6573736167654964223A226D31227D', 'application/json', '', 'receipt', 'taken', 1);
INSERT INTO callback(id, received_at, method, ref, query, body, content_type, user_agent, kind, outcome, sms)
  VALUES(2, 1769860800000000, 'POST', 'ga_67caFcls', X'', X'7B226D6573736167654964223A226D32227D', 'application/json', '', 'receipt', 'taken', 1);
INSERT INTO callback(id, received_at, method, ref, query, body, content_type, user_agent, kind, outcome, sms)
  VALUES(3, 1769860800000000, 'POST', 'ga_67caFcls', X'', X'7B226D6573736167654964223A226D32227D', 'application/json', '', 'receipt', 'repeat', 1);
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome)
  VALUES(4, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'receipt', 'pending');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome)
  VALUES(5, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'receipt', 'repeat');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome)
  VALUES(6, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'receipt', 'pending');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome, sms)
  VALUES(7, 1769860800000000, 'POST', X'', X'7B2274657874223A226869227D', 'application/json', '', 'inbound', 'taken', 5);
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome)
  VALUES(8, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'inbound', 'waiting');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome, sms)
  VALUES(9, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'inbound', 'taken', 6);
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome, sms)
  VALUES(10, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'inbound', 'repeat', 6);
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome)
  VALUES(11, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'inbound', 'waiting');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome)
  VALUES(12, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'inbound', 'repeat');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome)
  VALUES(13, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'inbound', 'waiting');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome, reason)
  VALUES(14, 1769860800000000, 'POST', X'', X'FF', 'application/json', '', 'unreadable', 'unreadable', 'not UTF-8');
INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome, sms)
  VALUES(15, 1769860800000000, 'POST', X'', X'7B7D', 'application/json', '', 'inbound', 'taken', 8);
INSERT INTO receipt(id, callback, attempt, part, message_id, status, error_code, network, scts, received_at)
  VALUES(1, 1, 'ga_67caFcls', 1, 'm1', 'delivered', '0', '20408', '2601311200', 1769860801000000);
INSERT INTO receipt(id, callback, attempt, part, message_id, status, error_code, network, scts, received_at)
  VALUES(2, 2, 'ga_67caFcls', 2, 'm2', 'delivered', '0', '20408', '2601311200', 1769860801000000);
INSERT INTO receipt(id, callback, attempt, part, message_id, status, error_code, network, scts, received_at)
  VALUES(3, 3, 'ga_67caFcls', 2, 'm2', 'delivered', '0', '20408', '2601311200', 1769860801000000);
INSERT INTO receipt(id, callback, attempt, part, message_id, status, error_code, received_at)
  VALUES(4, 4, 'MHK2xbufscs', 3, 'early', 'buffered', '0', 1769860808000000);
INSERT INTO receipt(id, callback, attempt, part, message_id, status, error_code, received_at)
  VALUES(5, 5, 'MHK2xbufscs', 3, 'early', 'buffered', '0', 1769860808000000);
INSERT INTO receipt(id, callback, message_id, status, error_code, received_at)
  VALUES(6, 6, 'nobodys', 'delivered', '0', 1769860808000000);
INSERT INTO inbound_set(id, sender, recipient, ref, total, begun_at, missing, sms)
  VALUES(1, '31611111111', '31970000000', 'joined', 2, 1769860809000000, 0, 6);
INSERT INTO inbound_set(id, sender, recipient, ref, total, begun_at, missing, sms)
  VALUES(2, '31611111111', '31970000000', 'shown', 3, 1769860809000000, 2, 7);
INSERT INTO inbound_set(id, sender, recipient, ref, total, begun_at, missing)
  VALUES(3, '31611111111', '31970000000', 'waits', 3, 1769860869000000, 2);
INSERT INTO inbound_part(id, callback, message_id, digest, sms)
  VALUES(1, 7, 'single', X'7918E44FBBE397EA4E607BB28511D8FC', 5);
INSERT INTO inbound_part(id, callback, message_id, digest, sms, inbound_set, place, type, text)
  VALUES(2, 8, 'joined-2', X'6B73C821342CE4F9357F242C9B926F9F', 6, 1, 2, 'text', 'part 2 ');
INSERT INTO inbound_part(id, callback, message_id, digest, sms, inbound_set, place, type, text)
  VALUES(3, 9, 'joined-1', X'66D644C1B53FB00D430D0F72ECB0704D', 6, 1, 1, 'text', 'part 1 ');
INSERT INTO inbound_part(id, callback, message_id, digest, sms, inbound_set, place, type, text)
  VALUES(4, 11, 'shown-1', X'66D644C1B53FB00D430D0F72ECB0704D', 7, 2, 1, 'text', 'part 1 ');
INSERT INTO inbound_part(id, callback, message_id, digest, inbound_set, place, type, text)
  VALUES(5, 13, 'waits-2', X'6B73C821342CE4F9357F242C9B926F9F', 3, 2, 'text', 'part 2 ');
INSERT INTO inbound_part(id, callback, message_id, digest, sms)
  VALUES(6, 15, 'octets', X'A55376649AD8D345BA75CB3C4E5A691A', 8);
