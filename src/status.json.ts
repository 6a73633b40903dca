import { withPublished } from "./data/published.js";
import { status } from "./data/status.js";

process.stdout.write(JSON.stringify(await withPublished((published) => status(published, null))));
