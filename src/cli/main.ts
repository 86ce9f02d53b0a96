#!/usr/bin/env node
/**
 * `petiole`: the program. Loads as little as it can before it knows what is wanted.
 *
 * @module
 */
import module from "node:module";
import v8 from "node:v8";

// V8 would make objects of calls that are in work old before their time, and these keep what they point at: twice the
// work of the garbage collector where calls wait for something.
v8.setFlagsFromString("--no-allocation-site-pretenuring");

// From Node 22 on, which the types of 20 do not know: compiled code is kept between starts.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
const { run } = await import("./program.ts");
await run(process.argv);
