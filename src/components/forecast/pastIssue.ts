import type { StationForecast } from "../../shared/published/stationForecast.js";
import { fetchApiBytes } from "../ui/fetchApi.js";
import { type Issue, type IssueRow, issueFrom } from "./issue.js";

let kept: { name: string; newest: number | null; rows: Promise<IssueRow[]> } | null = null;

/**
 * An earlier issue of a station, with what reads Parquet loaded when first asked: most readers never look back.
 * The file of the station last looked at is kept.
 */
export async function pastIssue(data: StationForecast, issuedTime: number): Promise<Issue | null> {
  const name = `${data.station.key}/issues.parquet`;
  if (kept?.name !== name || kept.newest !== data.issuedTime) {
    const asked = { name, newest: data.issuedTime, rows: readRows(name) };
    kept = asked;
    // What failed is asked for again next time.
    asked.rows.catch(() => {
      if (kept === asked) kept = null;
    });
  }
  return issueFrom(await kept.rows, data, issuedTime);
}

async function readRows(name: string): Promise<IssueRow[]> {
  const [{ parquetReadObjects }, file] = await Promise.all([import("hyparquet"), fetchApiBytes(name)]);
  return (await parquetReadObjects({ file })) as IssueRow[];
}
