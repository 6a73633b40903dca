import { dictionary } from "../data/dictionary.js";
import { publishedManifest } from "../data/publishedFolder.js";

process.stdout.write(JSON.stringify(dictionary(publishedManifest())));
