import { DuckDBInstance } from "@duckdb/node-api";

/** Opens databases with one thread each: in tests they are small, and a second one costs more than it does. */
const create = DuckDBInstance.create.bind(DuckDBInstance);
DuckDBInstance.create = (path, options) => create(path, { ...options, threads: "1" });
