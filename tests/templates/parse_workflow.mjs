// Prints what GitHub's parser says against a workflow file: node parse_workflow.mjs PARSER FILE
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

// The parser is made for a bundler, which takes JSON for a module without being told.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
});

const [parser, file] = process.argv.slice(2);
const { parseWorkflow, NoOperationTraceWriter } = await import(`${parser}/dist/index.js`);
const read = parseWorkflow({ name: file, content: readFileSync(file, "utf8") }, new NoOperationTraceWriter());
console.log(JSON.stringify(read.context.errors.getErrors().map((error) => error.message)));
