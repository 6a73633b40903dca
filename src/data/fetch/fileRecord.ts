import { z } from "zod";
import { type Store, timestamp } from "../store/store.js";
import type { Period } from "../validate/checkFile.js";

const FileRecord = z.object({
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  checkedTime: z.number(),
  absent: z.boolean(),
  ingestedFrom: z.number().nullable(),
  ingestedThrough: z.number().nullable(),
});
/** What is known of a file, or of the reports of a station at a live service. */
export type FileRecord = z.infer<typeof FileRecord>;

export interface FileVersion {
  url: string;
  etag: string | null;
  lastModified: string | null;
}

export async function readFileRecord(store: Store, source: string, file: string): Promise<FileRecord | null> {
  const [row] = await store.all(
    `SELECT url, etag, lastModified, checkedTime, absent, ingestedFrom, ingestedThrough
     FROM files WHERE source = $source AND file = $file`,
    { source, file },
    FileRecord,
  );
  return row ?? null;
}

/** All records of a source, by file. */
export async function readFileRecords(store: Store, source: string): Promise<Map<string, FileRecord>> {
  const rows = await store.all(
    `SELECT file, url, etag, lastModified, checkedTime, absent, ingestedFrom, ingestedThrough
     FROM files WHERE source = $source`,
    { source },
    FileRecord.extend({ file: z.string() }),
  );
  return new Map(rows.map(({ file, ...record }) => [file, record]));
}

export interface NewFileRecord extends Partial<FileVersion> {
  source: string;
  file: string;
  /** Null for a file of many stations. */
  stationId: string | null;
  year?: number;
  url: string;
  checkedTime: number;
  absent?: boolean;
  /** The period that is stored. */
  covered?: Period | null;
}

/** Call it within a transaction. */
export async function writeFileRecord(
  store: Store,
  { year, etag = null, lastModified = null, checkedTime, absent = false, covered = null, ...key }: NewFileRecord,
): Promise<void> {
  await store.run(
    `INSERT OR REPLACE INTO files
       (source, file, stationId, year, url, etag, lastModified, checkedTime, absent, ingestedFrom, ingestedThrough)
     VALUES ($source, $file, $stationId, $year, $url, $etag, $lastModified, $checkedTime, $absent, $from, $through)`,
    {
      ...key,
      etag,
      lastModified,
      absent,
      year: year ?? null,
      checkedTime: timestamp(checkedTime),
      from: covered && timestamp(covered.from),
      through: covered && timestamp(covered.through),
    },
  );
}

/** Stores that these addresses lack a file; what they had `before` stays covered. */
export async function writeAbsence(store: Store, record: NewFileRecord, before: FileRecord | null): Promise<void> {
  await store.transaction(() => writeFileRecord(store, { ...record, absent: true, covered: coveredBy(before) }));
}

/** The period stored according to a record; null if nothing is stored. */
export function coveredBy(record: FileRecord | null): Period | null {
  return record?.ingestedThrough == null ? null : { from: record.ingestedFrom!, through: record.ingestedThrough };
}
