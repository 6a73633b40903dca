import { ledgerIndex } from "../pipeline/api/ledgerFiles.js";
import { withPublished } from "../pipeline/api/openPublished.js";

process.stdout.write(JSON.stringify(await withPublished(ledgerIndex)));
