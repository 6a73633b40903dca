import { withPublished } from "./pipeline/api/openPublished.js";
import { status } from "./pipeline/api/status.js";

process.stdout.write(JSON.stringify(await withPublished((published) => status(published, null))));
