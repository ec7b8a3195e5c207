package io.agentledger.gateway.authorization;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpCheck;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerSnapshot;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.gateway.ApiTestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * The owner's resources and a valid request for each route. A new route with an unknown resource or
 * body fails the test: add its resource and request here.
 */
final class OwnedResources {
  private static final String SESSION = "/api/v1/sessions/{id}";
  private static final String IMPORT = "/api/v1/agents/import";
  private static final String SECRET_NAME = "a-secret";
  private static final String SKILL = "a-skill";
  private static final String TASK = "{\"name\": \"a name\", \"prompt\": \"hello\"}";
  private static final String SECRET =
      "{\"type\": \"static_bearer\", \"url\": \"https://example.com/\", \"token\": \"t\"}";
  private static final String MCP_SERVER =
      "{\"name\": \"tools\", \"connection\": {\"type\": \"stdio\", \"command\": \"stdio\"}}";
  private static final String DIGEST = "a".repeat(64);
  private static final String REPORT_SCHEDULE =
      """
      {"name": "Yearly", "expression": "0 0 1 1 *", "type": "usage", "period": "previous_month"}
      """;

  private static final String LIMITS =
      "{\"sessions\": 100, \"tasks\": 5, \"storage_mib\": 10240, \"workspace_mib\": 1024,"
          + " \"calls_per_minute\": 1000000, \"calls_per_hour\": 10000000}";
  private static final String POLICY =
      "{\"name\": \"a name\", \"rules\": [{\"name\": \"none\", \"effect\": \"deny\","
          + " \"tools\": [\"NotebookEdit\"]}]}";
  private static final String DRY_RUN =
      "{\"rules\": [{\"name\": \"none\", \"effect\": \"deny\", \"tools\": [\"NotebookEdit\"]}]}";
  private static final String SUBSCRIPTION =
      "{\"name\": \"a name\", \"event_types\": [\"run.completed\"],"
          + " \"url\": \"https://hooks.example.com/\"}";
  private static final String SIDE_REQUEST = "{\"question\": \"scenario: text\"}";
  private static final String TITLE_REQUEST =
      "{\"description\": \"```rehearsal\\n- say: '{\\\"title\\\": \\\"A title\\\"}'\\n```\"}";
  private static final String HOOK =
      "{\"name\": \"a name\", \"point\": \"Stop\","
          + " \"target\": {\"type\": \"built_in\", \"service\": \"audit\"}}";
  private static final Set<String> ENDS_LOGINS =
      Set.of("POST /api/v1/auth/logout-all", "POST /api/v1/auth/password");

  private static final Set<String> ENDS_SESSIONS =
      Set.of("sessions.{id}.close", "sessions.{id}.delete", "sessions.{id}.archive");

  /** Query strings that routes require. */
  private static final Map<String, String> QUERIES =
      Map.of(
          "GET /api/v1/audit/export",
          "?format=ndjson",
          "GET /api/v1/costs",
          "?group_by=day",
          "GET /api/v1/search",
          "?q=hello",
          "GET /api/v1/sessions/{id}/comparison",
          "?from=1");

  private final AuthorizationFixture fixture;
  private final Map<String, Supplier<String>> makers = new HashMap<>();
  private final Map<String, Supplier<String>> bodies = new TreeMap<>();

  /**
   * Every id that was created for the owner: no response to an unauthorized caller may contain one.
   */
  final Set<String> created = new LinkedHashSet<>();

  /** A session that has had a run, and that run. */
  private final String sessionWithRun;

  private final String run;

  /** A checkpoint of its files. */
  private final String checkpoint;

  private final OwnedChats chats;

  private String lastSubscription = "";

  /** Delivery of the last requested trigger. */
  private String inboundDelivery = "";

  /** Question of the agent of the last requested session. */
  private String question = "";

  OwnedResources(AuthorizationFixture fixture) {
    this.fixture = fixture;
    var response = post("/api/v1/query/single", "{\"prompt\": \"hello\"}", 200);
    sessionWithRun = ApiTestServer.json(response).path("session_id").asString();
    run =
        ApiTestServer.json(get(SESSION.replace("{id}", sessionWithRun) + "/runs"))
            .at("/items/0/id")
            .asString();
    checkpoint = awaitCheckpoint(sessionWithRun);
    post(SESSION.replace("{id}", sessionWithRun) + "/context/refresh", "", 200);
    created.add(sessionWithRun);
    created.add(run);
    chats = new OwnedChats(fixture);
    createResources();
    bodies();
  }

  private void createResources() {
    makers.put("sessions", () -> sessionWithRun);
    makers.put("runs", () -> run);
    makers.put("side-requests", this::createSideRequest);
    makers.put("shares", () -> member().user().value());
    makers.put("users", () -> member().user().value());
    makers.put("projections", () -> "session");
    makers.put("keys", () -> fixture.key(null).keyId().value());
    makers.put("agents", this::agent);
    makers.put("versions", () -> "1");
    makers.put("invitations", this::invitation);
    makers.put("tenants", () -> fixture.createTenant().value());
    makers.put("templates", this::template);
    makers.put("reports", this::report);
    makers.put("report-schedules", this::reportSchedule);
    makers.put("report-templates", this::reportTemplate);
    makers.put("tasks", this::task);
    makers.put("executions", this::execution);
    makers.put("channels", chats::channel);
    makers.put("chats", chats::chat);
    makers.put("messages", chats::lastMessage);
    makers.put("media", () -> "0");
    makers.put("triggers", this::trigger);
    makers.put("flows", this::flow);
    makers.put("source-identities", this::sourceIdentity);
    makers.put("environments", this::environment);
    makers.put("vaults", this::vault);
    makers.put("policies", this::policy);
    makers.put("hooks", this::hook);
    makers.put("subscriptions", this::subscription);
    makers.put("deliveries", this::delivery);
    makers.put("tool-groups", this::toolGroup);
    makers.put("master-keys", this::replacedMasterKey);
    makers.put("sbom", () -> "application");
  }

  private void bodies() {
    bodies.put("POST /api/v1/sessions", () -> "{}");
    bodies.put(
        "POST " + SESSION + "/inputs",
        () ->
            "{\"inputs\": [{\"type\": \"set_permission_mode\", \"permission_mode\": \"default\"}]}");
    bodies.put("POST " + SESSION + "/interrupt", () -> "");
    bodies.put("POST /mcp", () -> "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}");
    bodies.put("POST " + SESSION + "/control", () -> "{\"permission_mode\": \"plan\"}");
    bodies.put(
        "POST " + SESSION + "/answer",
        () ->
            "{\"action_id\": \""
                + question
                + "\", \"answers\": {\"Which colour shall it be?\": \"Red\"}}");
    bodies.put("POST " + SESSION + "/query", OwnedResources::helloPrompt);
    bodies.put("PUT " + SESSION + "/files/content", () -> "some bytes");
    // An empty tar archive.
    bodies.put("PUT " + SESSION + "/files/archive", () -> "\0".repeat(1024));
    bodies.put("POST " + SESSION + "/resume", OwnedResources::helloPrompt);
    bodies.put("POST " + SESSION + "/fork", () -> "{}");
    bodies.put("POST " + SESSION + "/clone", () -> "{}");
    for (var step : List.of("pause", "unpause", "archive", "restore", "close"))
      bodies.put("POST " + SESSION + "/" + step, () -> "");
    bodies.put(
        "POST " + SESSION + "/rewind",
        () -> "{\"checkpoint_id\": \"" + checkpoint + "\", \"dry_run\": true}");
    bodies.put("POST " + SESSION + "/side-requests", () -> SIDE_REQUEST);
    bodies.put("POST " + SESSION + "/title/generate", () -> TITLE_REQUEST);
    bodies.put("POST " + SESSION + "/capabilities/refresh", () -> "");
    bodies.put("POST " + SESSION + "/context/refresh", () -> "");
    bodies.put("PUT " + SESSION + "/title", () -> "{\"title\": \"a title\"}");
    bodies.put("PUT " + SESSION + "/tools", () -> "{\"mcp_servers\": []}");
    bodies.put("PUT " + SESSION + "/tags", () -> "{\"tags\": [\"a tag\"]}");
    bodies.put("POST /api/v1/query", OwnedResources::helloPrompt);
    bodies.put("POST /api/v1/query/single", OwnedResources::helloPrompt);
    bodies.put("PUT " + SESSION + "/shares/tenant", () -> "{\"access\": \"read\"}");
    bodies.put("PUT " + SESSION + "/shares/{user_id}", () -> "{\"access\": \"read\"}");
    bodies.put("PUT " + SESSION + "/owner", () -> "{\"user_id\": \"" + member().user() + "\"}");
    makers.put("mcp-servers", this::mcpServer);
    bodies.put("POST /api/v1/mcp-servers", () -> MCP_SERVER);
    bodies.put("PUT /api/v1/mcp-servers/{id}", () -> MCP_SERVER.replace(": \"tools", ": \"others"));
    bodies.put(
        "POST /api/v1/mcp-servers/import", () -> "{\"mcpServers\": {\"a\": {\"command\": \"b\"}}}");
    for (var requested : List.of("check", "enable", "disable"))
      bodies.put("POST /api/v1/mcp-servers/{id}/" + requested, () -> "");
    bodies.put("POST /api/v1/mcp-servers/{id}/approve", () -> "{\"digest\": \"" + DIGEST + "\"}");
    bodies.put("POST /api/v1/admin/projections/{name}/replay", () -> "");
    bodies.put("POST /api/v1/admin/projections/{name}/rebuild", () -> "");
    bodies.put("POST /api/v1/admin/projections/{name}/dead-letters/retry", () -> "");
    bodies.put("POST /api/v1/keys", OwnedResources::named);
    bodies.put("POST /api/v1/keys/{id}/rotate", () -> "");
    bodies.put("POST /api/v1/agents/{agent_id}/tokens", OwnedResources::named);
    bodies.put("POST /api/v1/invitations", this::invited);
    bodies.put("POST /api/v1/tenants", OwnedResources::named);
    bodies.put("PATCH /api/v1/tenants/{id}", OwnedResources::named);
    bodies.put("PATCH /api/v1/users/{id}", OwnedResources::named);
    bodies.put("POST /api/v1/agents", OwnedResources::namedUniquely);
    bodies.put("POST /api/v1/agents/{id}/restore", () -> "");
    bodies.put("PUT /api/v1/agents/{id}", OwnedResources::namedUniquely);
    bodies.put("PUT /api/v1/agents/{id}/skills/{name}", () -> new String(skill(), ISO_8859_1));
    bodies.put("POST " + IMPORT, () -> new String(zip("agent.json", namedUniquely()), ISO_8859_1));
    bodies.put("POST /api/v1/templates", OwnedResources::named);
    bodies.put("POST /api/v1/templates/{id}/restore", () -> "");
    bodies.put("PUT /api/v1/templates/{id}", OwnedResources::named);
    bodies.put("POST /api/v1/reports", this::reportRequest);
    bodies.put("POST /api/v1/reports/{id}/cancel", () -> "");
    bodies.put("POST /api/v1/tasks", () -> TASK);
    bodies.put("PUT /api/v1/tasks/{id}", () -> TASK);
    bodies.put("POST /api/v1/tasks/{id}/run", () -> "{}");
    for (var step : List.of("tasks/{id}/pause", "tasks/{id}/resume"))
      bodies.put("POST /api/v1/" + step, () -> "");
    for (var step : List.of("cancel", "retry"))
      bodies.put("POST /api/v1/executions/{id}/" + step, () -> "");
    bodies.put("POST /api/tasks/{id}/stop", () -> "");
    bodies.put("POST /api/v1/channels", chats::channelRequest);
    bodies.put("PUT /api/v1/channels/{id}", chats::channelRequest);
    for (var step : List.of("pause", "resume", "test"))
      bodies.put("POST /api/v1/channels/{id}/" + step, () -> "");
    bodies.put("PATCH /api/v1/chats/{id}", () -> "{\"labels\": [\"returns\"]}");
    bodies.put("POST /api/v1/chats/{id}/messages", () -> OwnedChats.MESSAGE);
    bodies.put("POST /api/v1/chats/{id}/notes", () -> OwnedChats.MESSAGE);
    bodies.put("POST /api/v1/chats/{id}/read", () -> "{\"through\": 1}");
    bodies.put("POST /api/v1/chats/{id}/escalate", () -> OwnedChats.REASON);
    for (var step : List.of("cancel", "resend"))
      bodies.put("POST /api/v1/chats/{id}/messages/{message_id}/" + step, () -> "");
    for (var step : List.of("take-over", "hand-back", "close", "reopen", "unread"))
      bodies.put("POST /api/v1/chats/{id}/" + step, () -> "");
    bodies.put("POST /api/v1/triggers", this::triggerRequest);
    bodies.put("PUT /api/v1/triggers/{id}", this::triggerRequest);
    bodies.put("POST /api/v1/triggers/{id}/test", () -> "{\"payload\": {}}");
    for (var step : List.of("pause", "resume", "deliveries/{delivery_id}/redeliver"))
      bodies.put("POST /api/v1/triggers/{id}/" + step, () -> "");
    for (var chat : List.of("/api/v1/chat", "/api/v1/chat/single", "/api/chat"))
      bodies.put("POST " + chat, () -> "{\"message\": \"hello\"}");
    bodies.put("POST /api/v1/vaults", OwnedResources::named);
    bodies.put("PATCH /api/v1/vaults/{id}", OwnedResources::named);
    bodies.put("PUT /api/v1/vaults/{id}/secrets/{name}", () -> SECRET);
    bodies.put("POST /api/v1/policies", () -> POLICY);
    bodies.put("POST /api/v1/tool-groups", OwnedResources::namedToolGroup);
    bodies.put("PUT /api/v1/tool-groups/{id}", () -> "{\"tools\": [\"Read\"]}");
    bodies.put("POST /api/v1/environments", OwnedResources::namedUniquely);
    bodies.put("PATCH /api/v1/environments/{id}", () -> "{\"description\": \"another\"}");
    bodies.put("POST /api/v1/environments/{id}/archive", () -> "");
    bodies.put("POST /api/v1/environments/{id}/restore", () -> "");
    bodies.put("POST /api/v1/environments/{id}/default", () -> "");
    bodies.put("POST /api/v1/hooks", () -> HOOK);
    bodies.put("PUT /api/v1/hooks/{id}", () -> HOOK);
    bodies.put("POST " + SESSION + "/hooks", () -> HOOK);
    bodies.put("PUT /api/v1/policies/{id}", () -> POLICY);
    bodies.put("POST /api/v1/policies/dry-run", () -> DRY_RUN);
    bodies.put("POST /api/v1/admin/master-keys/rotate", () -> "");
    bodies.put("POST /api/v1/admin/signing-keys/rotate", () -> "");
    bodies.put("PUT " + SESSION + "/budget", () -> "{\"budget_usd\": \"5\"}");
    bodies.put("POST /api/v1/flows", this::flowRequest);
    for (var step : List.of("approve", "reject", "cancel"))
      bodies.put("POST /api/v1/flows/{id}/" + step, () -> "");
    bodies.put("POST /api/v1/source-identities", this::sourceIdentityRequest);
    bodies.put("POST /api/v1/report-schedules", () -> REPORT_SCHEDULE);
    bodies.put("PUT /api/v1/report-schedules/{id}", () -> REPORT_SCHEDULE);
    bodies.put("POST /api/v1/report-schedules/{id}/pause", () -> "");
    bodies.put("POST /api/v1/report-schedules/{id}/resume", () -> "");
    bodies.put("POST /api/v1/report-templates", OwnedResources::reportTemplateRequest);
    bodies.put("POST /api/v1/report-templates/preview", OwnedResources::reportTemplateRequest);
    bodies.put("PUT /api/v1/report-templates/{id}", OwnedResources::reportTemplateRequest);
    bodies.put("PUT /api/v1/report-settings", () -> "{\"footer\": \"Internal\"}");
    bodies.put("POST /api/v1/subscriptions", () -> SUBSCRIPTION);
    bodies.put("PUT /api/v1/subscriptions/{id}", () -> SUBSCRIPTION);
    for (var step : List.of("pause", "resume", "rotate-secret", "test"))
      bodies.put("POST /api/v1/subscriptions/{id}/" + step, () -> "");
    bodies.put("POST /api/v1/subscriptions/{id}/deliveries/{delivery_id}/redeliver", () -> "");
    bodies.put("PUT /api/v1/quota", () -> "{\"per_user\": " + LIMITS + "}");
    bodies.put("PUT /api/v1/users/{id}/quota", () -> LIMITS);
    bodies.put("POST /api/v1/auth/tickets", () -> "");
    bodies.put("POST /api/v1/auth/logout-all", () -> "");
    bodies.put("POST /api/v1/auth/password", this::anotherPassword);
  }

  private String awaitCheckpoint(String session) {
    var checkpoints = SESSION.replace("{id}", session) + "/checkpoints";
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ApiTestServer.json(get(checkpoints)).at("/items/0/id").isString());
    return ApiTestServer.json(get(checkpoints)).at("/items/0/id").asString();
  }

  private String agent() {
    return ApiTestServer.json(post("/api/v1/agents", namedUniquely(), 201)).path("id").asString();
  }

  /** Returns the agent that all tenants have. */
  private String defaultAgent() {
    return ApiTestServer.json(get(SESSION.replace("{id}", sessionWithRun)))
        .at("/agent/id")
        .asString();
  }

  private AuthorizationFixture.TestUser member() {
    return fixture.join(fixture.owner.tenant(), Role.MEMBER);
  }

  private static String named() {
    return "{\"name\": \"a name\"}";
  }

  private String invited() {
    return "{\"email\": \"" + fixture.email() + "\", \"role\": \"member\"}";
  }

  private String anotherPassword() {
    return "{\"current_password\": \"%s\", \"new_password\": \"%s\"}"
        .formatted(fixture.password(), fixture.password() + " more");
  }

  private String invitation() {
    return fixture
        .invite(fixture.owner.tenant(), Role.MEMBER, fixture.email())
        .invitationId()
        .value();
  }

  private static String namedUniquely() {
    return "{\"name\": \"" + Ids.random("env") + "\"}";
  }

  private String environment() {
    return ApiTestServer.json(post("/api/v1/environments", namedUniquely(), 201))
        .path("id")
        .asString();
  }

  private String template() {
    return ApiTestServer.json(post("/api/v1/templates", named(), 201)).path("id").asString();
  }

  private String task() {
    return ApiTestServer.json(post("/api/v1/tasks", TASK, 201)).path("id").asString();
  }

  /** Returns a request whose work waits for an answer; its flow has no plan. */
  private String flowRequest() {
    return "{\"work\": {\"task_id\": \"" + task() + "\"}}";
  }

  private String flow() {
    return ApiTestServer.json(post("/api/v1/flows", flowRequest(), 202)).path("id").asString();
  }

  private String sourceIdentityRequest() {
    return "{\"provider\": \"github\", \"account_id\": \""
        + ThreadLocalRandom.current().nextLong(1, 1_000_000_000_000L)
        + "\", \"user_id\": \""
        + member().user().value()
        + "\"}";
  }

  private String sourceIdentity() {
    return ApiTestServer.json(post("/api/v1/source-identities", sourceIdentityRequest(), 201))
        .path("id")
        .asString();
  }

  private String reportSchedule() {
    return ApiTestServer.json(post("/api/v1/report-schedules", REPORT_SCHEDULE, 201))
        .path("id")
        .asString();
  }

  private static String reportTemplateRequest() {
    return "{\"type\": \"usage\", \"introduction\": \"{{from}}\", \"name\": \"rtp-"
        + UUID.randomUUID()
        + "\"}";
  }

  private String reportTemplate() {
    return ApiTestServer.json(post("/api/v1/report-templates", reportTemplateRequest(), 201))
        .path("id")
        .asString();
  }

  /** Returns a change of the settings as they are: they are one object of the tenant. */
  private String reportSettingsChange() {
    long version = ApiTestServer.json(get("/api/v1/report-settings")).path("version").asLong();
    return "{\"version\": " + version + ", \"footer\": \"Internal\"}";
  }

  private String reportRequest() {
    return "{\"type\": \"session_activity\", \"format\": \"json\", \"session_id\": \""
        + sessionWithRun
        + "\"}";
  }

  /** Returns a report that is completed, so that it can be downloaded. */
  private String report() {
    var id =
        ApiTestServer.json(post("/api/v1/reports", reportRequest(), 202)).path("id").asString();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                ApiTestServer.json(get("/api/v1/reports/" + id))
                    .path("status")
                    .asString()
                    .equals("completed"));
    return id;
  }

  /** Returns a request for a trigger that anyone may send webhooks to, and that starts nothing. */
  private String triggerRequest() {
    var readOnly =
        "{\"name\": \"a name\", \"prompt\": \"hello\","
            + " \"session\": {\"options\": {\"tools\": [\"Read\"]}}}";
    var task = ApiTestServer.json(post("/api/v1/tasks", readOnly, 201)).path("id").asString();
    return "{\"name\": \"a name\", \"provider\": \"walk\", \"condition\": \"false\", \"task_id\": \""
        + task
        + "\", \"signature\": {\"scheme\": \"none\"}}";
  }

  /** Returns a trigger with a delivery that was processed. */
  private String trigger() {
    var trigger = ApiTestServer.json(post("/api/v1/triggers", triggerRequest(), 201));
    inboundDelivery =
        ApiTestServer.json(post(trigger.path("path").asString(), "{}", 202))
            .path("delivery_id")
            .asString();
    var id = trigger.path("id").asString();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                ApiTestServer.json(get("/api/v1/triggers/" + id + "/deliveries/" + inboundDelivery))
                    .path("status")
                    .asString()
                    .equals("ignored"));
    return id;
  }

  /** Returns an execution that has ended, so that it can be repeated. */
  private String execution() {
    var run = "/api/v1/tasks/" + task() + "/run";
    var id = ApiTestServer.json(post(run, "{}", 202)).path("id").asString();
    post("/api/v1/executions/" + id + "/cancel", "", 200);
    return id;
  }

  private String subscription() {
    lastSubscription =
        ApiTestServer.json(post("/api/v1/subscriptions", SUBSCRIPTION, 201)).path("id").asString();
    return lastSubscription;
  }

  /** Returns a delivery of the last subscription that has been sent. */
  private String delivery() {
    var delivery = Ids.random(DeliveryId.PREFIX);
    fixture
        .server
        .bean(JdbcClient.class)
        .sql(
            """
            insert into subscription_delivery (subscription_id, delivery_id, tenant, channel,
              event_type, event_id, resource_id, session_id, sequence, occurred_at, created_at,
              status)
            values (?, ?, ?, 0, 'RUN_COMPLETED', ?, ?, ?, 1, now(), now(), 'DELIVERED')""")
        .params(
            lastSubscription,
            delivery,
            fixture.owner.tenant().value(),
            UUID.randomUUID().toString(),
            sessionWithRun,
            sessionWithRun)
        .update();
    return delivery;
  }

  private String policy() {
    return ApiTestServer.json(post("/api/v1/policies", POLICY, 201)).path("id").asString();
  }

  private String hook() {
    return ApiTestServer.json(post("/api/v1/hooks", HOOK, 201)).path("id").asString();
  }

  private static String namedToolGroup() {
    String name = Ids.random("tg").replace('_', '-');
    return "{\"name\": \"" + name + "\", \"tools\": [\"Write\"]}";
  }

  private String toolGroup() {
    return ApiTestServer.json(post("/api/v1/tool-groups", namedToolGroup(), 201))
        .path("id")
        .asString();
  }

  private String vault() {
    var vault = ApiTestServer.json(post("/api/v1/vaults", named(), 201)).path("id").asString();
    fixture.server.send(
        fixture
            .server
            .requestAs(
                fixture.owner.bearer(), "/api/v1/vaults/" + vault + "/secrets/" + SECRET_NAME)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(SECRET)));
    return vault;
  }

  /** A checked MCP server: the system records the check, no server has to run. */
  private String mcpServer() {
    var id = ApiTestServer.json(post("/api/v1/mcp-servers", MCP_SERVER, 201)).path("id").asString();
    var mcpServerSnapshot = new McpServerSnapshot(DIGEST, "a server", "", List.of(), List.of());
    var provenance =
        new Provenance(
            fixture.owner.tenant(), Actor.SERVICE, fixture.owner.tokens().loginId(), "req_walk");
    for (var commands : fixture.server.beansOf(CommandGateway.class))
      ((CommandGateway) commands)
          .sendAndWait(
              GenericCommandMessage.asCommandMessage(
                      new RecordMcpCheck(new McpServerId(id), 1, mcpServerSnapshot))
                  .withMetaData(provenance.asMetadata()));
    return id;
  }

  /**
   * Returns a master key that was replaced by a rotation and can be removed, because it wraps
   * nothing any more.
   */
  private String replacedMasterKey() {
    if (masterKeys().stream().allMatch(OwnedResources::isInUse)) {
      // Rejected if the test has already started a rotation, which has the same effect.
      fixture.server.send(
          fixture
              .server
              .requestAs(fixture.owner.bearer(), "/api/v1/admin/master-keys/rotate")
              .POST(BodyPublishers.noBody()));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> masterKeys().stream().anyMatch(key -> !isInUse(key)));
    }
    return masterKeys().stream()
        .filter(key -> !isInUse(key))
        .findFirst()
        .orElseThrow()
        .path("id")
        .asString();
  }

  private List<JsonNode> masterKeys() {
    return ApiTestServer.json(get("/api/v1/admin/master-keys"))
        .path("items")
        .valueStream()
        .toList();
  }

  private static boolean isInUse(JsonNode key) {
    return !key.path("status").asString().equals("old")
        || key.path("wrapped_key_count").asLong() > 0;
  }

  /** Returns the caller's credential; a new user's for a route that ends logins. */
  @Nullable String bearer(Route route, UnauthorizedCaller caller) {
    return ENDS_LOGINS.contains(route.toString()) && !caller.isUnknown()
        ? fixture.newSecretOf(caller)
        : fixture.secretOf(caller);
  }

  /** Returns the owner's credential; another admin's for a route that ends logins. */
  String bearer(Route route) {
    return ENDS_LOGINS.contains(route.toString())
        ? fixture.join(fixture.owner.tenant(), Role.ADMIN).bearer()
        : fixture.owner.bearer();
  }

  /** Returns a session that has had a run. */
  String answeredSession() {
    return sessionWithRun;
  }

  /** Returns the data of the owner's RSocket request. */
  String rsocketData(String pattern) {
    return switch (pattern) {
      case "search" -> "{\"q\": \"hello\"}";
      case "sessions.open", "sessions.list" -> "{}";
      case "sessions.{id}.messages", "sessions.{id}.tool-calls" -> "{\"limit\": 1}";
      case "sessions.{id}.get" -> "";
      case "query" -> helloPrompt();
      case "sessions.{id}.playback" -> "{\"speed\": 1000}";
      case "chat" -> "{\"message\": \"hello\"}";
      case "chat.get", "chat.end" -> "";
      case "sessions.{id}.events", "sessions.{id}.converse" -> "{\"after\": 0}";
      case "sessions.{id}.interrupt" -> "";
      case "sessions.{id}.tools" -> "{\"mcp_servers\": []}";
      case "sessions.{id}.rename" -> "{\"title\": \"a title\"}";
      case "sessions.{id}.tag" -> "{\"tags\": [\"a tag\"]}";
      case "sessions.{id}.side-request" -> SIDE_REQUEST;
      case "sessions.{id}.title.generate" -> TITLE_REQUEST;
      case "sessions.{id}.capabilities", "sessions.{id}.capabilities.refresh" -> "";
      case "sessions.{id}.context", "sessions.{id}.context.refresh" -> "";
      case "directories.list", "sessions.{id}.directories" -> "";
      case "sessions.{id}.pause", "sessions.{id}.unpause" -> "";
      case "sessions.{id}.archive", "sessions.{id}.restore" -> "";
      case "sessions.{id}.close", "sessions.{id}.delete" -> "";
      case "sessions.{id}.fork", "sessions.{id}.clone", "sessions.{id}.inherited-messages" -> "{}";
      case "sessions.{id}.comparison" -> "{\"from\": 1}";
      case "sessions.{id}.files.list", "sessions.{id}.files.archive" -> "{}";
      case "sessions.{id}.files.read", "sessions.{id}.files.delete" ->
          "{\"path\": \"" + file().replaceAll(".*path=", "") + "\"}";
      case "sessions.{id}.files.write" -> "{\"path\": \"written.txt\"}";
      case "sessions.{id}.files.unpack" -> "{\"folder\": \"unpacked\"}";
      case "agents.create" -> namedUniquely();
      case "agents.list" -> "{}";
      case "agents.{id}.get", "agents.{id}.archive", "agents.{id}.versions" -> "{}";
      case "agents.{id}.restore" -> "{}";
      case "agents.{id}.change" -> "{\"version\": 1, " + namedUniquely().substring(1);
      case "templates.create" -> named();
      case "templates.list" -> "{}";
      case "templates.{id}.get", "templates.{id}.archive", "templates.{id}.versions" -> "{}";
      case "templates.{id}.restore" -> "{}";
      case "templates.{id}.statistics" -> "{}";
      case "templates.{id}.change" -> "{\"version\": 1, " + named().substring(1);
      case "tasks.create" -> TASK;
      case "tasks.list", "executions.list", "tasks.{id}.run", "tasks.{id}.executions" -> "{}";
      case "tasks.{id}.get", "tasks.{id}.archive", "tasks.{id}.versions", "tasks.{id}.statistics" ->
          "{}";
      case "tasks.{id}.pause", "tasks.{id}.resume" -> "{}";
      case "tasks.{id}.change" -> "{\"version\": 1, " + TASK.substring(1);
      case "executions.{id}.get", "executions.{id}.cancel", "executions.{id}.retry" -> "{}";
      case "channels.create" -> chats.channelRequest();
      case "channels.{id}.change" -> "{\"version\": 1, " + chats.channelRequest().substring(1);
      case "platforms.list", "channels.{id}.get", "channels.{id}.archive" -> "";
      case "channels.list", "channels.{id}.versions" -> "{}";
      case "channels.{id}.pause", "channels.{id}.resume", "channels.{id}.test" -> "";
      case "chats.list", "chats.events", "chats.{id}.messages.list", "chats.{id}.notes.list" ->
          "{}";
      case "chats.{id}.get", "chats.{id}.messages.{message}.get" -> "";
      case "chats.{id}.messages.{message}.media.{index}" -> "";
      case "chats.{id}.change" -> "{\"labels\": [\"returns\"]}";
      case "chats.{id}.messages.send", "chats.{id}.notes.add" -> OwnedChats.MESSAGE;
      case "chats.{id}.take-over", "chats.{id}.hand-back" -> "";
      case "chats.{id}.escalate" -> OwnedChats.REASON;
      case "chats.{id}.close", "chats.{id}.reopen", "chats.{id}.unread" -> "";
      case "chats.{id}.messages.{message}.cancel", "chats.{id}.messages.{message}.resend" -> "";
      case "chats.{id}.read" -> "{\"through\": 1}";
      case "triggers.create" -> triggerRequest();
      case "triggers.{id}.change" -> "{\"version\": 1, " + triggerRequest().strip().substring(1);
      case "triggers.{id}.test" -> "{\"payload\": {}}";
      case "triggers.list", "triggers.{id}.deliveries", "triggers.{id}.versions" -> "{}";
      case "triggers.{id}.deliveries.{delivery}.redeliver" -> "{}";
      case "triggers.{id}.get", "triggers.{id}.archive", "triggers.{id}.pause" -> "";
      case "triggers.{id}.resume", "triggers.{id}.deliveries.{delivery}.get" -> "";
      case "flows.start" -> flowRequest();
      case "flows.list", "flows.{id}.get", "flows.{id}.plan" -> "{}";
      case "flows.{id}.approve", "flows.{id}.reject", "flows.{id}.cancel" -> "{}";
      case "source-identities.map" -> sourceIdentityRequest();
      case "source-identities.list" -> "{}";
      case "source-identities.{id}.get", "source-identities.{id}.remove" -> "";
      case "reports.create" -> reportRequest();
      case "reports.list" -> "{}";
      case "reports.{id}.get", "reports.{id}.progress", "reports.{id}.download" -> "";
      case "reports.{id}.cancel", "reports.{id}.delete" -> "";
      case "report-settings.get" -> "";
      case "report-settings.change" -> reportSettingsChange();
      case "report-settings.reset" -> "";
      case "report-templates.create", "report-templates.preview" -> reportTemplateRequest();
      case "report-templates.list", "report-templates.{id}.versions" -> "{}";
      case "report-templates.{id}.get", "report-templates.{id}.archive" -> "";
      case "report-templates.{id}.change" ->
          "{\"version\": 1, " + reportTemplateRequest().substring(1);
      case "report-schedules.create" -> REPORT_SCHEDULE;
      case "report-schedules.list" -> "{}";
      case "report-schedules.{id}.get", "report-schedules.{id}.delete" -> "";
      case "report-schedules.{id}.pause", "report-schedules.{id}.resume" -> "";
      case "report-schedules.{id}.change" ->
          "{\"version\": 1, " + REPORT_SCHEDULE.strip().substring(1);
      case "subscriptions.create" -> SUBSCRIPTION;
      case "subscriptions.list", "subscriptions.{id}.deliveries" -> "{}";
      case "subscriptions.{id}.change" -> "{\"version\": 1, " + SUBSCRIPTION.substring(1);
      case "subscriptions.{id}.delivery", "subscriptions.{id}.redeliver" -> {
        subscription();
        yield "{\"delivery_id\": \"" + delivery() + "\"}";
      }
      case "subscriptions.{id}.get", "subscriptions.{id}.delete", "subscriptions.{id}.test" -> "";
      case "subscriptions.{id}.pause", "subscriptions.{id}.resume" -> "{}";
      case "subscriptions.{id}.rotate-secret" -> "{}";
      case "environments.create" -> namedUniquely();
      case "environments.list", "environments.{id}.versions" -> "{}";
      case "environments.{id}.change" -> "{\"version\": 1, \"description\": \"another\"}";
      case "environments.{id}.get", "environments.{id}.default" -> "";
      case "environments.{id}.archive", "environments.{id}.restore" -> "";
      case "environments.{id}.delete" -> "";
      default ->
          throw new AssertionError(pattern + ": add the data of its request to OwnedResources");
    };
  }

  /** Returns the bytes that follow the data in a channel. */
  static byte[] rsocketBytes(String pattern) {
    return pattern.endsWith(".unpack") ? zip("file.txt", "x") : new byte[0];
  }

  static byte[] zip(String file, String text) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(file));
      zip.write(text.getBytes(UTF_8));
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
    return bytes.toByteArray();
  }

  /** Returns the id in the route; a route that ends a session gets a new one. */
  String rsocketResource(String pattern) {
    if (pattern.startsWith("environments.{id}.")) return environment();
    if (pattern.startsWith("templates.{id}.")) return template();
    if (pattern.startsWith("agents.{id}.")) return agent();
    if (pattern.startsWith("tasks.{id}.")) return task();
    if (pattern.startsWith("reports.{id}.")) return report();
    if (pattern.startsWith("report-templates.{id}.")) return reportTemplate();
    if (pattern.startsWith("report-schedules.{id}.")) return reportSchedule();
    if (pattern.matches("subscriptions\\.\\{id}\\.(delivery|redeliver)")) return lastSubscription;
    if (pattern.startsWith("subscriptions.{id}.")) return subscription();
    if (pattern.startsWith("executions.{id}.")) return execution();
    if (pattern.startsWith("flows.{id}.")) return flow();
    if (pattern.startsWith("source-identities.{id}.")) return sourceIdentity();
    if (pattern.startsWith("channels.{id}.")) return chats.channel();
    if (pattern.startsWith("chats.{id}.")) return chats.chat();
    if (pattern.startsWith("triggers.{id}.")) return trigger();
    return ENDS_SESSIONS.contains(pattern) ? session() : sessionWithRun;
  }

  /** Returns the message of the last requested chat. */
  String lastChatMessage() {
    return chats.lastMessage();
  }

  /** Returns the delivery of the last requested trigger. */
  String lastInboundDelivery() {
    return inboundDelivery;
  }

  private static String helloPrompt() {
    return "{\"prompt\": \"hello\"}";
  }

  /** A request for a route: its path and body. */
  record ResourceRequest(String path, String body) {
    private boolean isZip() {
      return path.equals(IMPORT) || path.contains("/skills/");
    }

    /** Returns the media type of the body. */
    String mediaType() {
      return isZip() ? "application/zip" : "application/json";
    }

    byte[] bytes() {
      return body.getBytes(isZip() ? ISO_8859_1 : UTF_8);
    }

    /** Returns the version to change; other routes ignore it. */
    String ifMatch() {
      if (path.matches(
          "/api/v1/(policies|hooks|tool-groups|templates|report-templates|report-schedules|agents|tasks"
              + "|environments|subscriptions|triggers|channels)/[^/]+")) return "\"1\"";
      if (path.contains("/skills/")) return "\"1\"";
      return path.endsWith("/quota") || path.endsWith("/report-settings") ? "\"0\"" : "";
    }
  }

  /** Returns the owner's request, for an existing resource. */
  ResourceRequest requestFor(Route route) {
    var path = route.pattern();
    if (path.endsWith("/files/content")) return new ResourceRequest(file(), body(route));
    if (path.contains("/logins/{login_id}")) {
      var user = member();
      path = path.replace("{id}", user.user().value());
      path = path.replace("{login_id}", user.tokens().loginId().value());
    }
    path = path.replace("/secrets/{name}", "/secrets/" + SECRET_NAME);
    path = path.replace("/skills/{name}", "/skills/" + SKILL);
    for (var variable : new Route(route.method(), path).variables()) {
      var resource = resourceFor(route, variable);
      if (isId(resource) && !variable.name().equals("agent_id")) created.add(resource);
      path = path.replaceFirst("\\{" + variable.name() + "}", resource);
    }
    if (!route.method().equals("PUT") && path.endsWith("/skills/" + SKILL))
      fixture.server.send(
          fixture
              .server
              .requestAs(fixture.owner.bearer(), path)
              .header("Content-Type", "application/zip")
              .header("If-Match", "\"1\"")
              .PUT(BodyPublishers.ofByteArray(skill())));
    var behind =
        path.endsWith("/changes") && !path.contains("/runs/")
            ? "?from=" + checkpoint + "&to=" + checkpoint
            : QUERIES.getOrDefault(route.toString(), "");
    return new ResourceRequest(path + behind, body(route));
  }

  private static byte[] skill() {
    return zip("SKILL.md", "---\nname: " + SKILL + "\ndescription: a skill\n---\n");
  }

  /** Returns a file of the session that has had a run. */
  private String file() {
    var path = SESSION.replace("{id}", sessionWithRun) + "/files/content?path=a-file";
    fixture.server.send(
        fixture
            .server
            .requestAs(fixture.owner.bearer(), path)
            .PUT(BodyPublishers.ofString("what the owner wrote")));
    return path;
  }

  /** Returns the same request for a resource that does not exist. */
  ResourceRequest requestToMissing(Route route, ResourceRequest resourceRequest) {
    var path = route.pattern();
    var real = resourceRequest.path().split("/");
    var pattern = path.split("/");
    for (int i = 0; i < pattern.length; i++)
      if (pattern[i].startsWith("{")) real[i] = missingResource(real[i]);
    return new ResourceRequest(String.join("/", real), resourceRequest.body());
  }

  private static boolean isId(String resource) {
    return resource.matches("[a-z]{2,3}_[a-z0-9]{10}");
  }

  private static String missingResource(String resource) {
    if (resource.matches("[01]")) return resource; // A version, or a position.
    return isId(resource)
        ? Ids.random(resource.substring(0, resource.indexOf('_')))
        : "nothing-of-this-name";
  }

  private String resourceFor(Route route, Route.Variable variable) {
    if (route.pattern().endsWith("/files/content")) return sessionWithRun;
    if (variable.name().equals("agent_id")) return defaultAgent();
    if (route.pattern().startsWith("/api/v1/triggers/") && variable.prefix().equals("deliveries"))
      return inboundDelivery;
    if (route.pattern().startsWith("/api/tasks/")) return execution();
    if (route.pattern().equals("/ws/{session_id}")) return sessionWithRun;
    if (route.pattern().matches(".*/(answer|interrupt)")) return sessionWithQuestion();
    if (route.pattern().matches(".*/(rewind|fork|clone)")) return sessionWithRun;
    if (route.toString().matches("POST .*/(side-requests|title/generate)"))
      return sessionWithRun; // These routes refer to a run.
    if (variable.prefix().equals("sessions") && !route.isSafe()) return session();
    var maker = makers.get(variable.prefix());
    assertThat(maker)
        .as("%s: add a resource of %s to OwnedResources", route, variable.prefix())
        .isNotNull();
    return maker.get();
  }

  /** Returns a session whose agent waits for an answer. */
  private String sessionWithQuestion() {
    var id = session();
    var path = SESSION.replace("{id}", id);
    post(path + "/query", "{\"prompt\": \"scenario: question\"}", 202);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                !ApiTestServer.json(get(path)).at("/pending_actions/0/action_id").isMissingNode());
    question = ApiTestServer.json(get(path)).at("/pending_actions/0/action_id").asString();
    return id;
  }

  private String createSideRequest() {
    return ApiTestServer.json(
            post(SESSION.replace("{id}", sessionWithRun) + "/side-requests", SIDE_REQUEST, 200))
        .path("id")
        .asString();
  }

  private String session() {
    return ApiTestServer.json(post("/api/v1/sessions", "{}", 201)).path("id").asString();
  }

  private String body(Route route) {
    if (route.isSafe() || route.method().equals("DELETE")) return "";
    var body = bodies.get(route.toString());
    assertThat(body).as("%s: add the body of its request to OwnedResources", route).isNotNull();
    return body.get();
  }

  private HttpResponse<String> get(String path) {
    return fixture.server.send(fixture.server.requestAs(fixture.owner.bearer(), path).GET());
  }

  private HttpResponse<String> post(String path, String body, int status) {
    var response =
        fixture.server.send(
            fixture
                .server
                .requestAs(fixture.owner.bearer(), path)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return response;
  }
}
