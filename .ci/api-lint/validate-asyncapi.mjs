// Validates an AsyncAPI document as `asyncapi validate` does: errors and warnings are faults, but not
// the hint that there is a later version of the specification.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const WARNING = 1;
const { diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const faults = diagnostics.filter((each) => each.severity <= WARNING);
for (const each of faults) console.log(each.code, each.path.join("/"), each.message);
console.log(`${faults.length} errors and warnings`);
process.exit(faults.length ? 1 : 0);
