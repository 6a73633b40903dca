import { parseArgs } from "node:util";
import { z } from "zod";
import { apiSchemas } from "../../pipeline/api/apiSchemas.js";

const { values } = parseArgs({ options: { name: { type: "string" } }, strict: false });
const schema = new Map(Object.entries(apiSchemas)).get(String(values.name));
if (!schema) throw new Error(`no schema ${values.name}`);
process.stdout.write(JSON.stringify(z.toJSONSchema(schema, { io: "input" })));
