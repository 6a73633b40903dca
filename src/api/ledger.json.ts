import { ledgerIndex } from "../site/api/ledgerFiles.js";
import { withPublished } from "../site/published/published.js";

process.stdout.write(JSON.stringify(await withPublished(ledgerIndex)));
