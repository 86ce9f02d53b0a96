#!/usr/bin/env node
/**
 * `petiole`: the program. Loads as little as it can before it knows what is wanted.
 *
 * @module
 */
import module from "node:module";

// From Node 22 on, which the types of 20 do not know: compiled code is kept between starts.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
const { run } = await import("./program.ts");
await run(process.argv);
