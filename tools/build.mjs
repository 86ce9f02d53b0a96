// `npm run build`: compiles `src` into `dist`.
import { build, checkNode, ensureInstalled } from "./setup.mjs";

checkNode();
ensureInstalled();
build();
