import { ledgerIndex } from "../data/ledgerFiles.js";
import { withPublished } from "../data/published.js";

process.stdout.write(JSON.stringify(await withPublished(ledgerIndex)));
