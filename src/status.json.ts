import { status } from "./site/api/status.js";
import { withPublished } from "./site/published/published.js";

process.stdout.write(JSON.stringify(await withPublished((published) => status(published, null))));
