package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.StreamItemJson;
import io.agentledger.client.support.ClientJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the commands that make one call to the service each. */
@Timeout(120)
class CommandsTest extends CliFixture {
  private static final String SESSION = "/api/v1/sessions/" + FakeService.SESSION;

  @BeforeEach
  void withoutColours() {
    environment.put("NO_COLOR", "1");
    environment.put("AGENTLEDGER_COMMAND", "./agentledger");
  }

  private void list(String path, String... items) {
    service.answer(
        "GET " + path,
        request ->
            new CannedResponse(
                200, "{\"items\":[" + String.join(",", items) + "],\"next_cursor\":null}"));
  }

  private static String waiting(String action) {
    return waiting(action, "permission", "Bash", "{\"command\":\"npm test\"}");
  }

  private static String waiting(String action, String type, String tool, String input) {
    return """
        {"session_id":"%s","action_id":"%s","type":"%s","run_id":"%s","thread_id":"%s",
         "tool_call_id":"%s","tool":"%s","input":%s,"input_digest":"d1",
         "requested_at":"2026-11-20T09:00:00Z"}"""
        .formatted(
            FakeService.SESSION,
            action,
            type,
            FakeService.RUN,
            FakeService.THREAD,
            FakeService.CALL,
            tool,
            input);
  }

  @Test
  void waitingCallsAreListedWithTheCommandThatDecides() {
    list("/api/v1/pending-actions", waiting("act_dddddddddd"), waiting("act_eeeeeeeeee"));
    assertThat(runCli("", "approve")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("ses_aaaaaaaaaa  Bash npm test\n  ./agentledger approve act_dddddddddd\n");
    assertThat(runCli("", "deny", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    assertThat(service.requests(INPUTS)).isEmpty();
  }

  @Test
  void actionsThatWaitForAnotherAnswerAreListedWithTheWayToGiveIt() {
    list(
        "/api/v1/pending-actions",
        waiting(
            "act_dddddddddd", "question", "AskUserQuestion", "[{\"question\":\"Which colour?\"}]"),
        waiting("act_eeeeeeeeee", "elicitation", "mcp__shop__pay", "{\"message\":\"Who pays?\"}"),
        waiting("act_ffffffffff", "client_tool", "lookup", "{}"));
    assertThat(runCli("", "approve")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("ses_aaaaaaaaaa  AskUserQuestion Which colour?\n")
        .contains("  answer at a terminal:  ./agentledger tail --ask --from-start ses_aaaaaaaaaa\n")
        .contains("ses_aaaaaaaaaa  mcp__shop__pay Who pays?\n")
        .contains("ses_aaaaaaaaaa  lookup\n  a client executes it (answer_tool)\n");
    list("/api/v1/pending-actions");
    runCli("", "deny");
    assertThat(shown()).endsWith("nothing waits for an answer\n");
  }

  @Test
  void waitingCallIsDecidedByItsIdOrItsSession() {
    list("/api/v1/pending-actions", waiting("act_dddddddddd"));
    assertThat(runCli("", "approve", "--always", "act_dddddddddd")).isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS).getLast().body())
        .contains("\"decision\":\"allow\"", "\"input_digest\":\"d1\"", "\"remember\":\"tool\"");
    assertThat(runCli("", "deny", "--reason", "not now", FakeService.SESSION))
        .isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS).getLast().body())
        .contains("\"decision\":\"deny\"", "\"reason\":\"not now\"")
        .doesNotContain("remember");
    assertThat(shown()).contains("approved: ses_aaaaaaaaaa  Bash npm test", "denied: ");
  }

  @Test
  void sessionIsArchivedAndRestored() {
    for (String action : List.of("archive", "restore")) {
      service.answer(
          "POST " + SESSION + "/" + action,
          request -> new CannedResponse(200, StreamItemJson.session("idle", 2)));
      assertThat(runCli("", action, FakeService.SESSION)).isEqualTo(ExitCode.OK);
      assertThat(shown()).endsWith("ses_aaaaaaaaaa is open\n");
    }
  }

  @Test
  void sessionIsDeletedAfterAConfirmation() {
    service.answer("DELETE " + SESSION, request -> new CannedResponse(204, ""));
    list(SESSION + "/messages", StreamItemJson.prompt("What is here?"));
    assertThat(runCli("", "delete", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    answer("n");
    assertThat(runCli("io", "delete", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    assertThat(service.requests("DELETE " + SESSION)).isEmpty();
    answer("y");
    assertThat(runCli("io", "delete", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("delete ses_aaaaaaaaaa (What is here?)?");
    assertThat(runCli("", "delete", "--yes", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(service.requests("DELETE " + SESSION)).hasSize(2);
  }

  @Test
  void sessionWithoutATitleIsListedWithItsFirstPrompt() {
    list("/api/v1/sessions", StreamItemJson.session("idle", 7));
    list(SESSION + "/messages", StreamItemJson.prompt("What is\\n here?"));
    runCli("", "sessions");
    assertThat(shown()).endsWith("What is here?\n");
  }

  @Test
  void filesAreListedAndCopied() throws Exception {
    list(
        SESSION + "/files",
        """
        {"path":"a.txt","type":"file","size_bytes":2048,"modified_at":"2026-11-20T09:00:00Z",
         "etag":"e"}""",
        """
        {"path":"src","type":"folder","size_bytes":0,"modified_at":"2026-11-20T09:00:00Z",
         "etag":""}""");
    service.answer(
        "GET " + SESSION + "/files/content", request -> new CannedResponse(200, "content"));
    runCli("", "files", FakeService.SESSION);
    assertThat(shown()).isEqualTo("   2.0 KiB  a.txt\n            src/\n");
    out.reset();
    runCli("", "get", FakeService.SESSION, "a.txt");
    assertThat(shown()).isEqualTo("content");
    runCli("", "get", FakeService.SESSION, "/workspace/a.txt");
    assertThat(service.requests("GET " + SESSION + "/files/content").getLast().path())
        .endsWith("?path=a.txt");
    runCli("", "files", FakeService.SESSION, "/workspace/src");
    assertThat(service.requests("GET " + SESSION + "/files").getLast().path())
        .endsWith("&folder=src");
    assertThat(runCli("", "get", FakeService.SESSION, "a.txt", "-o", "b.txt"))
        .isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("b.txt")).hasContent("content");
    assertThat(runCli("", "get", FakeService.SESSION, "a.txt", "-o", "b.txt"))
        .isEqualTo(ExitCode.USAGE);
    out.reset();
    assertThat(runCli("", "get", FakeService.SESSION, "a.txt", "-o", "-")).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("content");
  }

  @Test
  void filesAreShownAsTheyWere() {
    list(SESSION + "/files");
    service.answer("GET " + SESSION + "/files/content", request -> new CannedResponse(200, "old"));
    runCli("", "files", FakeService.SESSION, "src", "--at", "31");
    assertThat(service.requests("GET " + SESSION + "/files").getLast().path())
        .endsWith("&folder=src&at=31");
    out.reset();
    runCli("", "get", FakeService.SESSION, "a.txt", "--as-of", "2026-11-01T09:30:00Z");
    assertThat(shown()).isEqualTo("old");
    assertThat(service.requests("GET " + SESSION + "/files/content").getLast().path())
        .endsWith("?path=a.txt&as_of=2026-11-01T09%3A30%3A00Z");
    assertThat(runCli("", "files", FakeService.SESSION, "--at", "1", "--as-of", "2026-11-01"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "files", FakeService.SESSION, "--as-of", "yesterday"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void positionsAreCompared() {
    service.answer(
        "GET " + SESSION + "/comparison",
        request ->
            new CannedResponse(
                200,
                """
                {"session_id":"ses_aaaaaaaaaa","from":12,"to":31,
                 "changes":[{"pointer":"/cost_usd","old_value":0.1,"new_value":0.25},
                  {"pointer":"/title","old_value":null,"new_value":"A \\u001b[31mtitle"}],
                 "events":[{"event":"ToolCalled","count":2}],
                 "files":{"truncated":false,"files":[
                  {"path":"a.txt","change":"modified","added_lines":1,"removed_lines":1,
                   "diff":"-one\\n+two"}]}}"""));
    assertThat(runCli("", "compare", FakeService.SESSION, "12", "31")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("GET " + SESSION + "/comparison").getLast().path())
        .endsWith("?from=12&to=31");
    assertThat(shown())
        .contains("event 12 to 31\n/cost_usd: 0.1 -> 0.25\n/title: none -> ")
        .contains("modified a.txt  +1 -1\n-one\n+two\n     2  ToolCalled\n")
        .doesNotContain("\u001b[31m");
    runCli("", "compare", FakeService.SESSION, "12");
    assertThat(service.requests("GET " + SESSION + "/comparison").getLast().path())
        .endsWith("?from=12");
  }

  @Test
  void policiesAndKeysAreListed() {
    list(
        "/api/v1/policies",
        """
        {"id":"pol_aaaaaaaaaa","scope":{"type":"tenant"},"name":"no network","enabled":true,
         "permits_bypass":false,"rules":[{"name":"r","effect":"deny","priority":0,
         "tools":["Bash"],"paths":[],"use":"any","commands":["curl"],"hosts":[],
         "approval_timeout_seconds":0,"reason":"offline"}],"advisories":[],"version":1,
         "created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""");
    list(
        "/api/v1/keys",
        """
        {"id":"key_aaaaaaaaaa","owner_id":"usr_aaaaaaaaaa","name":"ci","prefix":"al_abc",
         "scopes":["sessions:read"],"status":"active","created_at":"2026-11-20T09:00:00Z"}""");
    assertThat(runCli("", "policies")).isEqualTo(ExitCode.OK);
    assertThat(runCli("", "keys")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("no network  pol_aaaaaaaaaa · all sessions\n  deny Bash: curl (offline)\n")
        .contains("key_aaaaaaaaaa  al_abc          active   never        ci");
  }

  private static final String AGENT =
      """
      {"id":"agt_aaaaaaaaaa","owner_id":"usr_aaaaaaaaaa","sharing":"tenant","name":"reviewer",
       "description":"Reviews files","session":{"options":{"max_turns":7}},
       "instructions":"Be brief.","version":3,"created_at":"2026-11-20T09:00:00Z",
       "skills":[{"name":"checklist","description":"Checks","digest":"d","bytes":1200,
         "files":["SKILL.md","a.md"]}],"writable_folders":["plan"],
       "updated_at":"2026-11-20T09:00:00Z","archived_at":null}""";

  @Test
  void agentIsCreatedShownAndArchivedByItsName() throws Exception {
    list("/api/v1/agents", AGENT);
    service.answer("POST /api/v1/agents", request -> new CannedResponse(201, AGENT));
    service.answer("DELETE /api/v1/agents/agt_aaaaaaaaaa", request -> new CannedResponse(204, ""));
    var line = "reviewer  agt_aaaaaaaaaa · version 3 · tenant\n  Reviews files\n";
    assertThat(runCli("", "agents")).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo(line);
    Files.writeString(folder.resolve("CLAUDE.md"), "Be brief.");
    Files.writeString(folder.resolve("a.json"), "{\"options\":{\"max_turns\":7}}");
    var create =
        List.of(
            "agents",
            "create",
            "reviewer",
            "--shared",
            "--description=Reviews files",
            "--instructions=CLAUDE.md",
            "--definition=a.json");
    assertThat(runCli("", create.toArray(String[]::new))).isEqualTo(ExitCode.OK);
    assertThat(
            ClientJson.MAPPER.readTree(service.requests("POST /api/v1/agents").getFirst().body()))
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"name":"reviewer","sharing":"tenant","description":"Reviews files",
                 "session":{"options":{"max_turns":7}},"instructions":"Be brief."}"""));
    assertThat(runCli("", "agents", "show", "reviewer")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("\n    \"max_turns\" : 7\n", "Be brief.")
        .contains("writes only to plan\n", "skill checklist  2 files, 1,200 bytes\n  Checks\n");
    service.answer("PUT /api/v1/agents/agt_aaaaaaaaaa", request -> new CannedResponse(200, AGENT));
    var share =
        List.of("agents", "share", "reviewer", "--user=usr_bbbbbbbbbb", "--user=usr_cccccccccc");
    assertThat(runCli("", share.toArray(String[]::new))).isEqualTo(ExitCode.OK);
    var shared = service.requests("PUT /api/v1/agents/agt_aaaaaaaaaa").getFirst();
    assertThat(shared.headers()).containsValue("\"3\"");
    assertThat(ClientJson.MAPPER.readTree(shared.body()))
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"name":"reviewer","sharing":"users","description":"Reviews files",
                 "shared_with":["usr_bbbbbbbbbb","usr_cccccccccc"],
                 "session":{"options":{"max_turns":7}},"instructions":"Be brief.",
                 "writable_folders":["plan"]}"""));
    assertThat(runCli("", "agents", "share", "reviewer", "--tenant")).isEqualTo(ExitCode.OK);
    assertThat(runCli("", "agents", "share", "reviewer")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "agents", "archive", "reviewer")).isEqualTo(ExitCode.OK);
    assertThat(shown()).endsWith("agt_aaaaaaaaaa is archived\n");
    service.answer(
        "POST /api/v1/agents/agt_aaaaaaaaaa/restore", request -> new CannedResponse(200, AGENT));
    assertThat(runCli("", "agents", "restore", "reviewer")).isEqualTo(ExitCode.USAGE);
    var archivedAt = "\"archived_at\":\"2026-11-20T10:00:00Z\"";
    list("/api/v1/agents", AGENT.replace("\"archived_at\":null", archivedAt));
    assertThat(runCli("", "agents", "restore", "reviewer")).isEqualTo(ExitCode.OK);
    list("/api/v1/agents");
    assertThat(runCli("", "agents", "show", "nobody")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void agentIsImportedFromItsPartsOfAFolder() throws Exception {
    service.answer("POST /api/v1/agents/import", request -> new CannedResponse(200, AGENT));
    Files.createDirectories(folder.resolve("project/.claude/agents"));
    Files.writeString(folder.resolve("project/.claude/agents/tester.md"), "---\n---\n");
    Files.writeString(folder.resolve("project/agent.json"), "{\"name\": \"reviewer\"}");
    Files.writeString(folder.resolve("project/source.txt"), "not part of the agent");
    assertThat(runCli("", "agents", "import", "project")).isEqualTo(ExitCode.OK);
    var request = service.requests("POST /api/v1/agents/import").getFirst();
    assertThat(request.headers()).containsValue("application/zip");
    assertThat(request.body())
        .contains("agent.json", ".claude/agents/tester.md")
        .doesNotContain("source.txt");
    assertThat(runCli("", "agents", "import", "nowhere")).isEqualTo(ExitCode.USAGE);
    Files.createSymbolicLink(folder.resolve("project/CLAUDE.md"), Path.of("missing.md"));
    assertThat(runCli("", "agents", "import", "project")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("CLAUDE.md is a symbolic link");
    assertThat(runCli("", "agents", "export", "reviewer", "project")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void sessionIsOpenedWithTheAgentThatIsNamed() {
    list("/api/v1/agents", AGENT);
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    assertThat(runCli("", "run", "--empty", "--agent", "reviewer", "hello")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("GET /api/v1/agents").getLast().path()).endsWith("?name=reviewer");
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body())
        .contains("\"agent_id\":\"agt_aaaaaaaaaa\"")
        .doesNotContain("agent_version");
  }

  private static final String EXECUTION =
      """
      {"id":"exe_aaaaaaaaaa","task_id":"tsk_aaaaaaaaaa","task_version":1,"task_name":"Greeting",
       "user_id":"usr_aaaaaaaaaa","trigger":{"type":"manual"},"status":"failed","priority":5,
       "timeout_seconds":3600,"max_attempts":3,"variables":{},"session_id":null,"attempts":[],
       "cost_usd":"0","error":{"code":"user_inactive","message":"The user is disabled."},
       "queued_at":"2026-11-20T09:00:00Z"}""";

  @Test
  void taskIsListedRunAndFollowedToItsFailure() {
    list(
        "/api/v1/tasks",
        """
        {"id":"tsk_aaaaaaaaaa","owner_id":"usr_aaaaaaaaaa","sharing":"private","name":"Greeting",
         "category":"","tags":[],"variables":[],"session":{},"prompt":"hi","priority":5,
         "retry":{"max_attempts":3,"delay_seconds":10},"schedule":{"type":"cron",
         "expression":"0 8 * * *","time_zone":"UTC","missed_runs":"skip","overlap":"skip",
         "variables":{}},"paused":false,"next_execution_at":"2026-11-21T08:00:00Z","version":2,
         "created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""");
    service.answer(
        "POST /api/v1/tasks/tsk_aaaaaaaaaa/run", request -> new CannedResponse(202, EXECUTION));
    service.answer(
        "GET /api/v1/executions/exe_aaaaaaaaaa", request -> new CannedResponse(200, EXECUTION));
    assertThat(runCli("", "tasks")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo("tsk_aaaaaaaaaa  Greeting · version 2 · next 2026-11-21T08:00:00Z\n");
    assertThat(runCli("", "tasks", "run", "tsk_aaaaaaaaaa", "--var", "who=Ada", "--follow"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(service.requests("POST /api/v1/tasks/tsk_aaaaaaaaaa/run").getLast().body())
        .isEqualTo("{\"variables\":{\"who\":\"Ada\"}}");
    assertThat(shown()).contains("failed").contains("Greeting: The user is disabled.");
  }

  @Test
  void templatesAreListedByCategory() {
    list(
        "/api/v1/templates",
        """
        {"id":"tpl_aaaaaaaaaa","owner_id":"usr_aaaaaaaaaa","sharing":"tenant","name":"Review",
         "category":"reviews","variables":[],"session":{},"version":2,"uses":1,
         "created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""");
    assertThat(runCli("", "templates", "--category", "reviews")).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("tpl_aaaaaaaaaa  Review · version 2 · 1 use · reviews\n");
    assertThat(service.requests("GET /api/v1/templates").getLast().path())
        .endsWith("&category=reviews");
  }

  private static final String AUDIT_ENTRY =
      """
      {"id":"e1","at":"2026-11-20T09:00:00Z","actor":"user:usr_aaaaaaaaaa",
       "credential_id":"key_aaaaaaaaaa","action":"EnvironmentChanged",
       "resource_type":"environment","resource_id":"env_aaaaaaaaaa","outcome":"succeeded",
       "count":1,"ip":"192.0.2.7","user_agent":"curl","request_id":"req_a",
       "last_request_id":null,"details":{},"changes":[
         {"field":"limits.memory_mib","before":0,"after":512,"withheld":false,
          "truncated":false},
         {"field":"notes","before":null,"after":null,"withheld":true,"truncated":false},
         {"field":"variables","before":null,"after":["\\u001b[2J"],"withheld":false,
          "truncated":false}],"changes_omitted":2}""";

  @Test
  void auditShowsWhatWasChanged() {
    list("/api/v1/audit", AUDIT_ENTRY);
    assertThat(runCli("", "audit", "--changes", "--since", "2026-11-01T00:00:00Z"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown())
        .startsWith(
            """
            2026-11-20T09:00:00Z  user:usr_aaaaaaaaaa  EnvironmentChanged  env_aaaaaaaaaa
              limits.memory_mib: 0 -> 512
              notes: (not shown)
              variables: none -> [""")
        .endsWith("\n  and 2 more\n")
        .doesNotContain("\u001b");
    assertThat(service.requests("GET /api/v1/audit").getLast().path())
        .endsWith("?limit=50&changes=true&from=2026-11-01T00%3A00%3A00Z");
    runCli("", "audit", "--to", "2026-11-02", "--outcome", "denied", "--request", "req_a");
    assertThat(service.requests("GET /api/v1/audit").getLast().path())
        .endsWith("?limit=50&to=2026-11-02&outcome=denied&request_id=req_a");
    assertThat(runCli("", "audit", "--format", "csv")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void auditIsExportedToANewFile() throws Exception {
    service.answer("GET /api/v1/audit/export", request -> new CannedResponse(200, "lines"));
    var file = folder.resolve("audit.csv");
    String[] command = {"audit", "--export", file.toString(), "--format", "csv"};
    assertThat(runCli("", command)).isEqualTo(ExitCode.OK);
    assertThat(Files.readString(file)).isEqualTo("lines");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(service.requests("GET /api/v1/audit/export").getLast().path())
        .endsWith("?format=csv");
    assertThat(runCli("", command)).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void auditIsExportedToStandardOutput() {
    service.answer("GET /api/v1/audit/export", request -> new CannedResponse(200, "lines"));
    assertThat(runCli("", "audit", "--export", "-")).isEqualTo(ExitCode.OK);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("lines");
    assertThat(runCli("", "audit", "--export", "-", "--limit", "3")).isEqualTo(ExitCode.USAGE);
  }

  private static final String POLICY =
      """
      {"id":"pol_aaaaaaaaaa","scope":{"type":"tenant"},"name":"no network","enabled":true,
       "permits_bypass":false,"rules":[{"name":"rule","effect":"deny","priority":0,
       "tools":["Bash"],"paths":[],"use":"any","commands":["curl"],"hosts":[],
       "approval_timeout_seconds":0,"reason":"offline"}],"advisories":[{"rule":"rule",
       "subject":"a script","reason":"Its commands are not seen."}],"version":1,
       "created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""";

  @Test
  void policyIsAddedShownAndRemoved() {
    service.answer("POST /api/v1/policies", request -> new CannedResponse(201, POLICY));
    service.answer(
        "GET /api/v1/policies/pol_aaaaaaaaaa", request -> new CannedResponse(200, POLICY));
    service.answer(
        "DELETE /api/v1/policies/pol_aaaaaaaaaa", request -> new CannedResponse(204, ""));
    var shownPolicy = "no network  pol_aaaaaaaaaa · all sessions\n  deny Bash: curl (offline)\n";
    assertThat(
            runCli(
                "",
                "policies",
                "add",
                "--deny=Bash",
                "--command=curl",
                "--reason=offline",
                "no network"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo(shownPolicy);
    var body =
        ClientJson.MAPPER.readTree(service.requests("POST /api/v1/policies").getFirst().body());
    assertThat(body)
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"name":"no network","scope":{"type":"tenant"},"rules":[{"name":"rule",
                 "effect":"deny","priority":0,"tools":["Bash"],"paths":[],"use":"any",
                 "commands":["curl"],"hosts":[],"approval_timeout_seconds":0,
                 "reason":"offline"}]}"""));
    out.reset();
    assertThat(runCli("", "policies", "show", "pol_aaaaaaaaaa")).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo(shownPolicy + "  ! rule, a script: Its commands are not seen.\n");
    assertThat(runCli("", "policies", "remove", "pol_aaaaaaaaaa")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("DELETE /api/v1/policies/pol_aaaaaaaaaa")).hasSize(1);
  }

  @Test
  void policyHasOneEffectAndOneKindOfSubject() {
    assertThat(runCli("", "policies", "add", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "policies", "add", "--deny", "Bash", "--ask", "Read", "x"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "policies", "add", "--deny", "Bash", "--path", "a", "--host", "b", "x"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--deny", "mutually exclusive", "see agentledger policies add --help");
  }

  @Test
  void secretOfANewKeyIsAllOfTheOutput() {
    service.answer(
        "POST /api/v1/keys",
        request ->
            new CannedResponse(
                201, "{\"key_id\":\"key_aaaaaaaaaa\",\"prefix\":\"al_a\",\"secret\":\"al_abc\"}"));
    service.answer("DELETE /api/v1/keys/key_aaaaaaaaaa", request -> new CannedResponse(204, ""));
    assertThat(runCli("", "keys", "create", "ci", "--scope", "sessions:read", "--days", "30"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("al_abc\n");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("key_aaaaaaaaaa; revoke it:  ./agentledger keys revoke key_aaaaaaaaaa\n");
    assertThat(service.requests("POST /api/v1/keys").getFirst().body())
        .contains("\"name\":\"ci\"", "\"scopes\":[\"sessions:read\"]", "\"expires_at\":\"20");
    assertThat(runCli("", "keys", "create", "ci", "--days", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "keys", "revoke", "key_aaaaaaaaaa")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("DELETE /api/v1/keys/key_aaaaaaaaaa")).hasSize(1);
  }

  @Test
  void stopNamesTheRunsThatGoOn() {
    list("/api/v1/sessions");
    service.answer(
        "GET /api/v1/sessions",
        request ->
            new CannedResponse(
                200,
                "{\"items\":["
                    + (request.path().contains("activity=running")
                        ? StreamItemJson.session("running", 7)
                        : "")
                    + "],\"next_cursor\":null}"));
    assertThat(runCli("", "stop")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo(
            "1 run in progress: the next start of the service continues (stop --now interrupts"
                + " runs before)\n");
    answer("x", "c");
    assertThat(runCli("io", "stop")).isEqualTo(ExitCode.INTERRUPTED);
    answer("s");
    assertThat(runCli("io", "stop")).isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS)).isEmpty();
  }

  @Test
  void stopNowInterruptsRunsAndWaitsForTheirEnd() {
    service.answer(
        "GET /api/v1/sessions",
        request ->
            new CannedResponse(
                200,
                "{\"items\":["
                    + (service.requests(INPUTS).isEmpty()
                            && request.path().contains("activity=waiting")
                        ? StreamItemJson.session("waiting", 7)
                        : "")
                    + "],\"next_cursor\":null}"));
    assertThat(runCli("", "stop", "--now")).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("1 run interrupted\n");
    assertThat(service.requests(INPUTS).getFirst().body()).contains("interrupt");
  }

  @Test
  void completionNamesCommandsAndOptions() throws Exception {
    assertThat(runCli("", "completion")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("complete -F _complete_agentledger", "rewind", "--in-place");
  }

  @Test
  void bashCompletesCommandsAndTheirOptions() throws Exception {
    assertThat(completions("bash", "agentledger", "re")).contains("rewind").doesNotContain("run");
    assertThat(completions("bash", "agentledger", "policies", "")).contains("add", "remove");
    assertThat(completions("bash", "agentledger", "run", "--in"))
        .contains("--in-place")
        .doesNotContain("--dir");
  }

  @Test
  void zshCompletesCommandsAndTheirOptions() throws Exception {
    assumeThat(Path.of("/usr/bin/zsh")).exists();
    assertThat(completions("zsh", "agentledger", "re")).contains("rewind");
    assertThat(completions("zsh", "agentledger", "policies", "")).contains("add", "remove");
    assertThat(completions("zsh", "agentledger", "run", "--in")).contains("--in-place");
  }

  /** Returns the proposals for the last word; zsh itself selects those that begin with it. */
  private String completions(String shell, String... words) throws Exception {
    out.reset();
    runCli("", "completion");
    var script = folder.resolve("completion");
    Files.writeString(script, shown());
    var program =
        """
        source "$0"
        if [ -n "$ZSH_VERSION" ]; then emulate sh; fi # As zsh's bashcompinit does.
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        COMP_TYPE=9 COMP_KEY=9
        _complete_agentledger
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    var command = new ArrayList<>(List.of(shell, "-c", program, script.toString()));
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var reader = process.inputReader()) {
      var text = reader.readAllAsString();
      assertThat(process.waitFor()).as(text).isZero();
      return text;
    }
  }
}
