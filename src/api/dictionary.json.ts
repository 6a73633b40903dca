import { dictionary } from "../site/dictionary/dictionary.js";
import { publishedManifest } from "../site/published/publishedFolder.js";

process.stdout.write(JSON.stringify(dictionary(publishedManifest())));
