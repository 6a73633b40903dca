-- Turns an empty store of the newest schema into one of version 2.
ALTER TABLE ledger DROP COLUMN officialSeen;
ALTER TABLE ledger DROP COLUMN officialDigest;
ALTER TABLE officialForecasts DROP COLUMN entry;
ALTER TABLE ewmae ADD COLUMN validation FLOAT;
ALTER TABLE ewmae ADD COLUMN training FLOAT;
DROP TABLE ewmaeHours;
DROP TABLE networkStations;
ALTER TABLE liveScores DROP COLUMN modelVersion;
ALTER TABLE hours DROP COLUMN inNetwork;
DROP TABLE networkPlaces;
DROP TABLE networkStates;
DROP TABLE networkFields;
UPDATE meta SET value = '2' WHERE key = 'schemaVersion';
