package io.agentledger.projection.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentEvent.AgentChanged;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.audit.AuditChange;
import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.audit.AuditEvent.DenialsCounted;
import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditId;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.DenialRecorder.Reason;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.vault.SecretType;
import io.agentledger.api.vault.VaultEvent.SecretPut;
import io.agentledger.api.vault.VaultEvent.SecretRemoved;
import io.agentledger.api.vault.VaultEvent.VaultCreated;
import io.agentledger.api.vault.VaultId;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.audit.AuditReader.AuditPosition;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class AuditProjectionIT extends ProjectionTestSupport {
  private static final AuditPosition NEWEST =
      new AuditPosition(Instant.parse("9999-01-01T00:00:00Z"), "");
  private static final RequestSource API_SOURCE = new RequestSource("192.0.2.7", "curl/8");

  @Autowired private AuditReader audit;
  @Autowired private CommandGateway commands;
  @Autowired private EventProcessingConfiguration processing;

  private final TenantId tenant = TenantId.next();
  private final Actor ada = Actor.ofUser(UserId.next());
  private final Provenance userProvenance =
      new Provenance(tenant, ada, CredentialId.next(), "req_ada", API_SOURCE);

  private void append(String type, String id, long number, Object event, Provenance provenance) {
    Map<String, Object> metadata = new HashMap<>(provenance.asMetadata());
    metadata.put(Provenance.CORRELATION, "cor");
    metadata.put(Provenance.CAUSATION, "cau");
    append(
        List.of(new GenericDomainEventMessage<>(type, id, number, event).withMetaData(metadata)));
  }

  private List<AuditView> entries(AuditFilter filter) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> projections.state("audit").position() >= head());
    return audit.page(tenant.value(), filter, NEWEST, 100);
  }

  @Test
  void userCommandsAreAuditedAndTheirConsequencesAreNot() {
    var vault = VaultId.next();
    var session = SessionId.next();
    var run = RunId.next();
    append("Vault", vault.value(), 0, new VaultCreated(vault, UserId.next(), "v"), userProvenance);
    append(
        "Vault",
        vault.value(),
        1,
        new SecretPut(vault, "github", 3, SecretType.STATIC_BEARER, "https://x/"),
        userProvenance);
    append("Session", session.value(), 0, new InterruptRequested(session, run), userProvenance);
    append(
        "Session",
        session.value(),
        1,
        new ActivityChanged(session, Activity.IDLE, List.of()),
        userProvenance);
    append(
        "Session",
        session.value(),
        2,
        new InterruptRequested(session, run),
        userProvenance.withoutSource()); // A run acts in ada's name.
    append(
        "Session",
        session.value(),
        3,
        new InterruptRequested(session, run),
        new Provenance(tenant, Actor.SERVICE, CredentialId.next(), "req_job", API_SOURCE));

    var views = entries(AuditFilter.ALL);
    assertThat(views)
        .extracting(AuditView::action)
        .containsExactly("InterruptRequested", "SecretPut", "VaultCreated");
    var put = views.get(1);
    assertThat(put.actor()).isEqualTo(ada.toString());
    assertThat(put.credentialId()).isEqualTo(userProvenance.credential().value());
    assertThat(put.resourceType()).isEqualTo("vault");
    assertThat(put.resourceId()).isEqualTo(vault.value());
    assertThat(put.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(put.ip()).isEqualTo("192.0.2.7");
    assertThat(put.userAgent()).isEqualTo("curl/8");
    assertThat(put.requestId()).isEqualTo("req_ada");
    assertThat(put.details())
        .containsEntry("name", "github")
        .containsEntry("version", "3")
        .containsEntry("type", "static_bearer");
    assertThat(audit.page(TenantId.next().value(), AuditFilter.ALL, NEWEST, 10)).isEmpty();
  }

  @Test
  void denialsAreAuditedWithTheirCounts() {
    var id = AuditId.of(tenant, LocalDate.EPOCH);
    var since = Instant.parse("2026-11-20T12:00:00Z");
    var counts =
        List.of(
            new Count(
                "192.0.2.1",
                Reason.UNAUTHENTICATED,
                "GET /api/v1/sessions",
                "",
                "",
                "",
                "",
                "",
                17),
            new Count(
                "*",
                Reason.RATE_LIMITED,
                "*",
                "key_2222222222",
                "user:usr_2222222222",
                "curl/8",
                "req_first",
                "req_last",
                2));
    append(
        "AccessAudit",
        id.value(),
        0,
        new DenialsCounted(id, "node", since, counts),
        new Provenance(tenant, Actor.SERVICE, CredentialId.next(), "req_job"));
    var views =
        entries(new AuditFilter(null, null, null, Outcome.DENIED, null, null, null, null, null));
    assertThat(views).extracting(AuditView::count).containsExactlyInAnyOrder(17L, 2L);
    for (var requestId : List.of("req_first", "req_last"))
      assertThat(
              entries(new AuditFilter(null, null, null, null, requestId, null, null, null, null)))
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.actor()).isEqualTo("user:usr_2222222222");
                assertThat(entry.userAgent()).isEqualTo("curl/8");
                assertThat(entry.requestId()).isEqualTo("req_first");
                assertThat(entry.lastRequestId()).isEqualTo("req_last");
              });
    assertThat(views)
        .anySatisfy(
            entry -> {
              assertThat(entry.resourceId()).isEqualTo("GET /api/v1/sessions");
              assertThat(entry.details()).containsEntry("reason", "unauthenticated");
              assertThat(entry.at()).isEqualTo(since);
              assertThat(entry.credentialId()).isNull();
              assertThat(entry.actor()).isNull();
              assertThat(entry.requestId()).isEqualTo("req_job");
              assertThat(entry.lastRequestId()).isNull();
            });
  }

  @Test
  void everyFilterNarrowsAndPagesJoin() {
    var bob = new Actor(Actor.ActorType.AGENT, "agt_2222222222");
    var byBob = new Provenance(tenant, bob, CredentialId.next(), "req_bob", API_SOURCE);
    var vaults = List.of(VaultId.next(), VaultId.next(), VaultId.next());
    for (var vault : vaults)
      append(
          "Vault",
          vault.value(),
          0,
          new VaultCreated(vault, UserId.next(), "v"),
          vault.equals(vaults.getFirst()) ? userProvenance : byBob);
    var all = entries(AuditFilter.ALL);
    assertThat(all).hasSize(3);
    assertThat(entries(filter(bob.toString(), null, null))).hasSize(2);
    assertThat(entries(filter(bob.id(), null, null))).hasSize(2);
    assertThat(entries(filter("user:" + bob.id(), null, null))).isEmpty();
    assertThat(entries(filter(null, "VaultCreated", null))).hasSize(3);
    assertThat(entries(filter(null, "VaultArchived", null))).isEmpty();
    assertThat(entries(filter(null, null, vaults.get(1).value()))).hasSize(1);
    assertThat(entries(new AuditFilter(null, null, null, null, "req_ada", null, null, null, null)))
        .hasSize(1);
    var middle = all.get(1).at();
    assertThat(entries(new AuditFilter(null, null, null, null, null, middle, null, null, null)))
        .isEqualTo(all.subList(0, 2));
    assertThat(entries(new AuditFilter(null, null, null, null, null, null, middle, null, null)))
        .isEqualTo(all.subList(2, 3));
    var first = audit.page(tenant.value(), AuditFilter.ALL, NEWEST, 2);
    var position = new AuditPosition(first.getLast().at(), first.getLast().id());
    assertThat(audit.page(tenant.value(), AuditFilter.ALL, position, 2))
        .isEqualTo(all.subList(2, 3));
  }

  private static AuditFilter filter(String actor, String action, String resource) {
    return new AuditFilter(actor, action, resource, null, null, null, null, null, null);
  }

  private final Provenance service =
      new Provenance(tenant, Actor.SERVICE, CredentialId.next(), "req_job");

  private static EnvironmentDefinition definition(long memoryMib, String... variables) {
    return new EnvironmentDefinition(
        new Network.Limited(List.of("a.example")),
        new Limits(memoryMib, 0, 0),
        List.of(variables),
        List.of());
  }

  private List<String> changes(String resource) {
    return entries(filter(null, null, resource)).stream()
        .map(
            entry ->
                entry.action()
                    + entry.changes().stream()
                        .map(c -> c.field() + ": " + c.before() + " -> " + c.after())
                        .toList())
        .toList();
  }

  /** Appends the creation by the service and two changes by ada. */
  private EnvironmentId changedEnvironment() {
    var id = EnvironmentId.next();
    var created = new DefaultEnvironmentCreated(id, "default", definition(0));
    append("Environment", id.value(), 0, created, service);
    var changed =
        new EnvironmentChanged(id, 2, "default", definition(512, "REGION"), Content.ABSENT);
    append("Environment", id.value(), 1, changed, userProvenance);
    append("Environment", id.value(), 2, new EnvironmentArchived(id), userProvenance);
    return id;
  }

  @Test
  void aChangeShowsTheValuesBeforeAndAfter() {
    var id = changedEnvironment();
    assertThat(changes(id.value()))
        .containsExactly(
            "EnvironmentArchived[status: \"active\" -> \"archived\"]",
            "EnvironmentChanged[limits.memory_mib: 0 -> 512, variables: [] -> [\"REGION\"],"
                + " version: 1 -> 2]");
  }

  @Test
  void sealedAndSecretValuesAreNotShown() {
    var canary = "c4nary-" + Ids.derived("x", tenant.value());
    var hook = HookId.next();
    var target =
        new HookTarget.Http(
            "https://hooks.example.com/" + canary,
            Map.of("X-Key", canary),
            List.of(),
            new HookTarget.Signing.Unsigned());
    var hookDefinition =
        new HookDefinition(true, HookPoint.values()[0], "Bash", target, Duration.ofSeconds(30), 0);
    append(
        "Hook",
        hook.value(),
        0,
        new HookCreated(hook, new PolicyScope.Tenant(), "h", hookDefinition),
        userProvenance);
    var server = McpServerId.next();
    var connection = new McpConnection.Stdio("npx", List.of(canary), Map.of("TOKEN", canary));
    append(
        "McpServer",
        server.value(),
        0,
        new McpServerRegistered(server, UserId.next(), "shop", connection),
        userProvenance);
    var agent = AgentId.next();
    append("Agent", agent.value(), 0, agentChanged(agent, 2, "a"), userProvenance);
    append("Agent", agent.value(), 1, agentChanged(agent, 3, "b"), userProvenance);

    assertThat(changes(agent.value()).getFirst())
        .isEqualTo("AgentChanged[definition: null -> null, name: \"a\" -> \"b\", version: 2 -> 3]");
    assertThat(entries(filter(null, null, agent.value())).getFirst().changes().getFirst())
        .isEqualTo(new AuditChange("definition", null, null, true, false));
    assertThat(changes(hook.value()).getFirst())
        .contains("target.url: null -> \"https://hooks.example.com\"", "target.headers: null");
    assertThat(changes(server.value()).getFirst())
        .contains("connection.command: null -> \"npx\"", "connection.env: null -> null");
    for (var table : List.of("audit_row", "audit_state"))
      assertThat(rowsOf(table))
          .isNotEmpty()
          .noneMatch(row -> row.contains(canary))
          .anyMatch(row -> row.contains("hooks.example.com"));
  }

  private static AgentChanged agentChanged(AgentId agent, long version, String name) {
    var definition = new Content.Inline("k", new byte[] {1, 2, 3});
    return new AgentChanged(agent, version, AgentSharing.PRIVATE, List.of(), name, definition);
  }

  @Test
  void partsOfAConfigurationHaveTheirOwnState() {
    var vault = VaultId.next();
    var put = new SecretPut(vault, "git", 1, SecretType.STATIC_BEARER, "https://x/");
    append("Vault", vault.value(), 0, new VaultCreated(vault, UserId.next(), "v"), userProvenance);
    append("Vault", vault.value(), 1, put, userProvenance);
    var again = new SecretPut(vault, "git", 2, SecretType.STATIC_BEARER, "https://x/");
    append("Vault", vault.value(), 2, again, userProvenance);
    append("Vault", vault.value(), 3, new SecretRemoved(vault, "git", 2), userProvenance);
    var session = SessionId.next();
    var grace = UserId.next();
    var audience = new Audience.User(grace);
    append(
        "Session",
        session.value(),
        0,
        new SessionShared(session, audience, AccessLevel.READ),
        userProvenance);
    append(
        "Session",
        session.value(),
        1,
        new SessionShared(session, audience, AccessLevel.WRITE),
        userProvenance);

    assertThat(changes(vault.value()).get(1)).isEqualTo("SecretPut[secrets[git].version: 1 -> 2]");
    assertThat(changes(vault.value()).getFirst())
        .contains("secrets[git].name: \"git\" -> null", "secrets[git].version: 2 -> null");
    assertThat(changes(session.value()).getFirst())
        .isEqualTo("SessionShared[shares[" + grace + "].access: \"read\" -> \"write\"]");
  }

  @Test
  void entriesAreFilteredByChangesAndResourceType() {
    var id = changedEnvironment();
    var vault = VaultId.next();
    append("Vault", vault.value(), 0, new VaultCreated(vault, UserId.next(), "v"), userProvenance);
    var session = SessionId.next();
    var interrupt = new InterruptRequested(session, RunId.next());
    append("Session", session.value(), 0, interrupt, userProvenance);
    assertThat(entries(filter("environment", null)))
        .hasSize(2)
        .allMatch(entry -> entry.resourceId().equals(id.value()));
    assertThat(entries(filter(null, true))).hasSize(3);
    assertThat(entries(filter("session", false)))
        .singleElement()
        .satisfies(entry -> assertThat(entry.changes()).isEmpty());
    assertThat(entries(filter("session", true))).isEmpty();
  }

  private static AuditFilter filter(String resourceType, Boolean hasChanges) {
    return new AuditFilter(null, null, null, null, null, null, null, resourceType, hasChanges);
  }

  @Test
  void replayYieldsTheSameEntries() {
    var vault = VaultId.next();
    append("Vault", vault.value(), 0, new VaultCreated(vault, UserId.next(), "v"), userProvenance);
    changedEnvironment();
    entries(AuditFilter.ALL);
    var before = rowsOf("audit_row");
    var states = rowsOf("audit_state");
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("audit", null))
            .withMetaData(userProvenance.asMetadata()));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                !projections.state("audit").replaying()
                    && projections.state("audit").position() >= head());
    assertThat(rowsOf("audit_row")).isEqualTo(before).isNotEmpty();
    assertThat(rowsOf("audit_state")).isEqualTo(states).isNotEmpty();
  }

  /**
   * Otherwise it would be woken for each message of a run, and a rebuild would read all of them.
   */
  @Test
  void outputOfRunsIsNotHandled() {
    var handlers =
        (EventHandlerInvoker) processing.sequencedDeadLetterProcessor("audit").orElseThrow();
    assertThat(handlers.canHandleType(MessageReceived.class)).isFalse();
    assertThat(handlers.canHandleType(ActivityChanged.class)).isFalse();
    assertThat(handlers.canHandleType(SessionOpened.class)).isTrue();
    assertThat(handlers.canHandleType(VaultCreated.class)).isTrue();
  }

  private List<String> rowsOf(String table) {
    return sql.queryForList("select t::text from " + table + " t order by 1", String.class);
  }
}
