// `npm run build`: bundles `src` and `console` into `dist`.
import { build, checkNode, ensureInstalled } from "./setup.mjs";

checkNode();
ensureInstalled();
build();
