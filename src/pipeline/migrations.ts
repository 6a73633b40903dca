/** `migrations[i]` turns a store of version i + 1 into one of version i + 2. `schema.sql` is always the newest version. */
export const migrations: readonly string[] = [];

/** The version of `schema.sql`. */
export const schemaVersion = migrations.length + 1;
