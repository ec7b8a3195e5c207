// Prints the names in the type declarations of the pinned Claude Agent SDK.
// Run by SdkSurfaceIT: node surface.mjs > surface.json
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readFileSync } from "node:fs";
import ts from "typescript";

const SDK = "@anthropic-ai/claude-agent-sdk";
const home = dirname(createRequire(import.meta.url).resolve(SDK));
const about = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
const file = join(home, about.types);
const program = ts.createProgram([file], {
  strict: true,
  noLib: false,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
});
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);

const declarations = new Map();
source.forEachChild((node) => {
  if (node.name) declarations.set(node.name.text, node);
});

function declaration(name) {
  const found = declarations.get(name);
  if (!found) throw new Error(`the SDK declares no ${name} any more`);
  return found;
}

const typeOf = (name) => checker.getTypeAtLocation(declaration(name).name);

// The alternatives of a type, without undefined and null.
function alternatives(type) {
  const defined = checker.getNonNullableType(type);
  return defined.isUnion() ? defined.types : [defined];
}

const typeOfProperty = (property) => checker.getTypeOfSymbolAtLocation(property, source);
const isObject = (type) => (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
const isList = (type) => checker.isArrayType(type) || checker.isTupleType(type);
const isRecord = (type) => checker.getIndexInfosOfType(type).length > 0;

function some(names, of) {
  if (names.length === 0) throw new Error(`nothing found in ${of}`);
  return names;
}

const literals = (type, of) =>
  some(alternatives(type).filter((one) => one.isStringLiteral()).map((one) => one.value), of);
const values = (name) => literals(typeOf(name), name);

// Fields in order of declaration, including those of nested objects.
function fields(type, before = "") {
  return type.getProperties().flatMap((property) => {
    const name = before + property.name;
    const inner = alternatives(typeOfProperty(property)).filter(
      (one) => isObject(one) && !isList(one) && !isRecord(one) && one.getCallSignatures().length === 0,
    );
    const own = inner.filter((one) => isOwn(one));
    return [name, ...new Set(own.flatMap((one) => fields(one, `${name}.`)))];
  });
}

// Returns whether an object type is declared inline, without a name.
function isOwn(type) {
  return type.aliasSymbol === undefined && /^__(type|object)$/.test(type.symbol?.name ?? "");
}

// Fields without those of nested objects.
const flat = (type) => type.getProperties().map((property) => property.name);
const fieldsOf = (name) => some(flat(typeOf(name)), name);

function literal(type, property) {
  const found = type.getProperty(property);
  if (!found) return undefined;
  const kinds = alternatives(typeOfProperty(found)).filter((one) => one.isStringLiteral());
  return kinds.length === 0 ? undefined : kinds.map((one) => one.value);
}

// The alternatives of a union by their discriminator, each with its fields.
function kinds(type, tag, otherwise) {
  return alternatives(type)
    .filter(isObject)
    .flatMap((one) => {
      const kind = literal(one, tag)?.[0] ?? otherwise;
      if (!kind) throw new Error(`an alternative without ${tag}`);
      return [kind, ...flat(one).filter((name) => name !== tag).map((name) => `${kind}.${name}`)];
    });
}

const kindsOf = (name, tag, otherwise) =>
  some([...new Set(kinds(typeOf(name), tag, otherwise))], name);

// The members of a union of named types, as they are declared.
function members(name) {
  const node = declaration(name).type;
  if (!ts.isUnionTypeNode(node)) throw new Error(`${name} is not a union any more`);
  return node.types.map((each) => each.getText(source).replace(/^\w+\./, ""));
}

function option(name) {
  const property = typeOf("Options").getProperty(name);
  if (!property) throw new Error(`there is no option ${name} any more`);
  return typeOfProperty(property);
}

function preset() {
  const found = alternatives(option("systemPrompt")).find((one) => literal(one, "type"));
  return flat(found).filter((name) => name !== "type" && name !== "preset");
}

// The type of a message in JSON, with the declared name if the type is ambiguous.
function messages() {
  return members("SDKMessage").map((name) => {
    const [one] = alternatives(typeOf(name));
    const type = literal(one, "type")?.[0];
    const subtype = type === "system" ? literal(one, "subtype")?.[0] : undefined;
    if (!type) throw new Error(`${name} has no type`);
    return `${name} ${type}${subtype ? `/${subtype}` : ""}`;
  });
}

// By subtype; some are only mentioned in the declarations and are listed as mentioned.
function controls() {
  return members("SDKControlRequestInner").map((name) => {
    if (!declarations.has(name)) return name;
    const subtype = literal(typeOf(name), "subtype");
    if (!subtype) throw new Error(`${name} has no subtype`);
    return subtype[0];
  });
}

function answersOfHooks() {
  const sync = typeOf("SyncHookJSONOutput");
  const specific = typeOfProperty(sync.getProperty("hookSpecificOutput"));
  return [
    ...flat(typeOf("AsyncHookJSONOutput")),
    ...flat(sync).filter((name) => name !== "hookSpecificOutput"),
    ...alternatives(specific).flatMap((one) => {
      const event = literal(one, "hookEventName")[0];
      return flat(one)
        .filter((name) => name !== "hookEventName")
        .map((name) => `${event}.${name}`);
    }),
  ];
}

const own = (name) => some(declaration(name).members.map((each) => each.name.text), name);

const functions = () =>
  some(
    [...declarations.values()].filter(ts.isFunctionDeclaration).map((each) => each.name.text),
    "functions",
  );

function asked() {
  const about = typeOf("CanUseTool").getCallSignatures()[0].getParameters()[2];
  return flat(typeOfProperty(about));
}

const surface = {
  function: functions(),
  option: fieldsOf("Options"),
  "option systemPrompt": preset(),
  "option outputFormat": fieldsOf("OutputFormat"),
  "option thinking": kindsOf("ThinkingConfig", "type"),
  "option effort": values("EffortLevel"),
  "option agents": fieldsOf("AgentDefinition"),
  "option mcpServers": kindsOf("McpServerConfig", "type", "stdio"),
  "option plugins": fieldsOf("SdkPluginConfig"),
  "option settingSources": values("SettingSource"),
  "option betas": values("SdkBeta"),
  "option toolConfig": some(fields(typeOf("ToolConfig")), "ToolConfig"),
  "option sandbox": some(fields(typeOf("SandboxSettings")), "SandboxSettings"),
  "permission mode": values("PermissionMode"),
  "permission request": some(asked(), "CanUseTool"),
  "permission result": kindsOf("PermissionResult", "behavior"),
  "permission update": kindsOf("PermissionUpdate", "type").filter((name) => !name.includes(".")),
  "hook event": values("HookEvent"),
  "hook answer": some([...new Set(answersOfHooks())], "HookJSONOutput"),
  query: own("Query"),
  input: fieldsOf("SDKUserMessage"),
  "input priority": literals(
    typeOfProperty(typeOf("SDKUserMessage").getProperty("priority")),
    "priority",
  ),
  message: some(messages(), "SDKMessage"),
  "message origin": kindsOf("SDKMessageOrigin", "kind"),
  "result subtype": [
    ...literal(typeOf("SDKResultSuccess"), "subtype"),
    ...literal(typeOf("SDKResultError"), "subtype"),
  ],
  control: some(controls(), "SDKControlRequestInner"),
};

for (const [kind, names] of Object.entries(surface))
  if (new Set(names).size !== names.length) throw new Error(`${kind} has a name twice`);

const document = { package: SDK, version: about.version, cli: about.claudeCodeVersion, surface };
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
