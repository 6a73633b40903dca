import { readPublishedManifest } from "../shared/published/readPublished.js";
import { dictionary } from "../site/dictionary/dictionary.js";

process.stdout.write(JSON.stringify(dictionary(readPublishedManifest())));
