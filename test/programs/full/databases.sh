#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# sqlite3 and openssl.
sqlite3 db 'create table t(a integer primary key, b text); with recursive n(i) as (select 1 union all select i+1 from n where i<5000) insert into t select i, hex(i) from n; create index x on t(b); select count(*), max(b) from t; pragma integrity_check;'
sqlite3 db 'pragma journal_mode=wal; begin; delete from t where a%2; rollback; select count(*) from t; vacuum; .dump' | md5sum
(for i in 1 2 3 4; do for j in $(seq 10); do sqlite3 -cmd '.timeout 20000' db "insert into t(b) values('$i-$j')"; done & done; wait); sqlite3 db 'select count(*) from t; pragma integrity_check'
head -c 100000 /dev/zero > z; openssl dgst -sha256 z; openssl enc -aes-256-cbc -pbkdf2 -k pass -in z -out e && openssl enc -d -aes-256-cbc -pbkdf2 -k pass -in e | cmp - z && echo decrypted
openssl genrsa -out k 2048 2>/dev/null; openssl req -x509 -new -key k -subj /CN=x -days 1 -out c; openssl verify -CAfile c c; openssl dgst -sha256 -sign k -out s z; openssl x509 -in c -pubkey -noout > p; openssl dgst -sha256 -verify p -signature s z
openssl rand 1000 | wc -c; openssl speed -seconds 1 -bytes 1024 sha256 2>/dev/null | grep -c '^sha256'
