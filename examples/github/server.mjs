// Stand-in of GitHub for the example flow.sh: the public REST API as far as a flow and a user of
// the example call it, webhooks, and git by git's own server. It listens on the loopback only.
//   node server.mjs PORT DIRECTORY
// The users are ada and agent; their tokens are "token-of-ada" and "token-of-agent". The
// repository acme/widgets is created below DIRECTORY. Numbers are those of the only process, as
// nothing is kept.
import { execFileSync, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const [port, directory] = [Number(process.argv[2]), process.argv[3]];
const url = `http://127.0.0.1:${port}`;
const name = "acme/widgets";
const users = {
  "token-of-ada": { login: "ada", id: 1001, type: "User" },
  "token-of-agent": { login: "agent", id: 1002, type: "User" },
};
const repository = { id: 1, name: "widgets", full_name: name, owner: { login: "acme", id: 1 } };
const issues = [];
const comments = [];
const pulls = [];
const hooks = [];
let lastNumber = 0;
let lastId = 100;

function createRepository() {
  const bare = join(directory, name + ".git");
  const work = join(directory, "first");
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };
  const git = (cwd, ...args) => execFileSync("git", args, { cwd, env });
  mkdirSync(bare, { recursive: true });
  mkdirSync(work);
  git(work, "init", "-q", "-b", "main");
  writeFileSync(join(work, "README.md"), "# Widgets\n");
  writeFileSync(join(work, "test.sh"), "grep -q Widgets README.md && test -s NOTES.md\n");
  git(work, "add", "-A");
  git(work, "commit", "-q", "-m", "First");
  git(bare, "init", "-q", "--bare", "-b", "main");
  git(bare, "config", "http.receivepack", "true");
  git(work, "push", "-q", bare, "main");
}

// Sends an event to the hooks, signed as GitHub does. The receiver may be slow, so nobody waits.
function send(event, payload, sender) {
  const body = JSON.stringify({ ...payload, repository, sender });
  for (const { config, events } of hooks.filter((hook) => hook.events.includes(event)))
    fetch(config.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": randomUUID(),
        "X-Hub-Signature-256":
          "sha256=" + createHmac("sha256", config.secret).update(body).digest("hex"),
      },
      body,
    }).catch((error) => console.error(`${event}: ${error.message}`));
}

const routes = [
  ["GET /user", ({ user }) => [200, user]],
  [`GET /repos/${name}`, () => [200, repository]],
  [`POST /repos/${name}/hooks`, ({ body }) => [201, hooks[hooks.push({ id: ++lastId, ...body }) - 1]]],
  [`POST /repos/${name}/issues`, openIssue],
  [`GET /repos/${name}/issues/(\\d+)`, ({ match }) => found(issues, "number", match[1])],
  [
    `GET /repos/${name}/issues/(\\d+)/comments`,
    ({ match }) => [200, comments.filter((comment) => comment.issue === Number(match[1]))],
  ],
  [`POST /repos/${name}/issues/(\\d+)/comments`, addComment],
  [`PATCH /repos/${name}/issues/comments/(\\d+)`, editComment],
  [
    `GET /repos/${name}/pulls`,
    ({ query }) => [
      200,
      pulls.filter((pull) => !query.get("head") || pull.head.label === query.get("head")),
    ],
  ],
  [`POST /repos/${name}/pulls`, openPull],
  [`GET /repos/${name}/pulls/(\\d+)`, ({ match }) => found(pulls, "number", match[1])],
].map(([pattern, handle]) => [new RegExp(`^${pattern}$`), handle]);

function found(all, key, value) {
  const item = all.find((candidate) => candidate[key] === Number(value));
  return item ? [200, item] : [404, { message: "Not Found" }];
}

function openIssue({ body, user }) {
  const number = ++lastNumber;
  const html_url = `${url}/${name}/issues/${number}`;
  const author_association = "OWNER";
  const issue = { id: ++lastId, number, html_url, user, author_association, ...body };
  issues.push(issue);
  send("issues", { action: "opened", issue }, user);
  return [201, issue];
}

function addComment({ match, body, user }) {
  const issue = issues.find((candidate) => candidate.number === Number(match[1]));
  if (!issue) return [404, { message: "Not Found" }];
  const id = ++lastId;
  const html_url = `${issue.html_url}#issuecomment-${id}`;
  const author_association = "OWNER";
  const created_at = new Date().toISOString().replace(/\.\d+/, "");
  const comment = {
    id,
    issue: issue.number,
    html_url,
    body: body.body,
    user,
    author_association,
    created_at,
    updated_at: created_at,
  };
  comments.push(comment);
  send("issue_comment", { action: "created", issue, comment }, user);
  return [201, comment];
}

function editComment({ match, body, user }) {
  const comment = comments.find((candidate) => candidate.id === Number(match[1]));
  if (!comment) return [404, { message: "Not Found" }];
  if (comment.user !== user) return [403, { message: "Forbidden" }];
  comment.body = body.body;
  const issue = issues.find((candidate) => candidate.number === comment.issue);
  send("issue_comment", { action: "edited", issue, comment }, user);
  return [200, comment];
}

function openPull({ body, user }) {
  const label = `acme:${body.head}`;
  if (pulls.some((pull) => pull.head.label === label))
    return [422, { message: "Validation Failed" }];
  const number = ++lastNumber;
  const pull = {
    id: ++lastId,
    number,
    state: "open",
    title: body.title,
    body: body.body,
    user,
    html_url: `${url}/${name}/pull/${number}`,
    head: { ref: body.head, label },
    base: { ref: body.base },
  };
  pulls.push(pull);
  return [201, pull];
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function respondApi(request, response, path, query) {
  const token = (request.headers.authorization ?? "").replace(/^(Bearer|token) /, "");
  const content = await read(request);
  let [status, result] = [404, { message: "Not Found" }];
  if (!users[token]) [status, result] = [401, { message: "Bad credentials" }];
  else
    for (const [pattern, handle] of routes) {
      const match = pattern.exec(`${request.method} ${path}`);
      if (!match) continue;
      const body = content.length ? JSON.parse(content) : {};
      [status, result] = handle({ match, body, query, user: users[token] });
      break;
    }
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(result));
}

// The protocol between a web server and git http-backend is CGI.
async function respondGit(request, response, { pathname, search }) {
  const login = Buffer.from("x-access-token:token-of-agent").toString("base64");
  if (request.headers.authorization !== `Basic ${login}`) {
    response.writeHead(401, { "WWW-Authenticate": 'Basic realm="GitHub"' });
    response.end();
    return;
  }
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: directory,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      REMOTE_USER: "agent",
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: request.headers["git-protocol"] ?? "",
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  backend.stdin.on("error", () => {}); // It may end before it has read everything.
  backend.stdin.end(await read(request));
  const output = await read(backend.stdout);
  const end = output.indexOf("\r\n\r\n");
  const headers = output.subarray(0, end).toString().split("\r\n").map((line) => line.split(": "));
  const status = headers.find(([header]) => header === "Status")?.[1] ?? "200";
  response.writeHead(
    parseInt(status),
    Object.fromEntries(headers.filter(([header]) => header !== "Status")),
  );
  response.end(output.subarray(end + 4));
}

createRepository();
createServer((request, response) => {
  const target = new URL(request.url, url);
  const api = target.pathname.match(/^\/api\/v3(\/.*)$/);
  const done = api
    ? respondApi(request, response, api[1], target.searchParams)
    : respondGit(request, response, target);
  done.catch((error) => {
    console.error(error);
    response.destroy();
  });
}).listen(port, "127.0.0.1", () => console.log("ready"));
