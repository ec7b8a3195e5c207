package io.agentledger.projection.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.agentledger.api.content.Content;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.query.RunView.Status;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.projection.session.run.RunRowRepository;
import io.agentledger.projection.session.transcript.MessageRowRepository;
import io.agentledger.projection.session.transcript.PendingActionRow;
import io.agentledger.projection.session.transcript.PendingActionRowRepository;
import io.agentledger.projection.session.transcript.ToolCallRowRepository;
import io.agentledger.projection.session.workspace.DirectoryRowRepository;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

class SessionProjectionIT extends ProjectionTestSupport {
  @Autowired RunRowRepository runs;
  @Autowired MessageRowRepository messages;
  @Autowired ToolCallRowRepository calls;
  @Autowired PendingActionRowRepository actions;
  @Autowired DirectoryRowRepository directories;

  private final String tenant = ADA.tenant().value();

  @Test
  void completeSessionIsProjected() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);

    var session = sessions.findByIdAndTenant(fixture.id.value(), tenant).orElseThrow();
    assertThat(session.activity()).isEqualTo(Activity.IDLE);
    assertThat(session.sequence()).isEqualTo(12);
    assertThat(session.runs()).isEqualTo(1);
    assertThat(session.runId()).isNull();
    assertThat(session.queued()).isZero();
    assertThat(session.spent().usage()).isEqualTo(SessionEventFixture.USAGE);
    assertThat(session.spent().cost()).isEqualTo(SessionEventFixture.COST);
    assertThat(session.options()).isEqualTo(SessionEventFixture.OPTIONS);

    var run = runs.page(tenant, fixture.id.value(), Long.MAX_VALUE, Limit.of(9)).getFirst();
    assertThat(run.status()).isEqualTo(Status.COMPLETED);
    assertThat(run.model()).isEqualTo("claude-sonnet-4-5");
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(run.turns()).isEqualTo(1);
    assertThat(run.durationMs()).isEqualTo(1500);
    assertThat(run.costKnown()).isTrue();
    assertThat(run.endedAt()).isAfterOrEqualTo(run.startedAt());

    assertThat(messages.page(tenant, fixture.id.value(), 0, Limit.of(9)))
        .extracting(row -> row.key().sequence())
        .containsExactly(2L, 6L, 10L);
    assertThat(calls.page(tenant, fixture.id.value(), 0, Long.MAX_VALUE, Limit.of(9)))
        .singleElement()
        .satisfies(call -> assertThat(call.status()).isEqualTo(CallStatus.RETURNED));
  }

  @Test
  void runOfAWithdrawnQueryHasEnded() {
    var run = RunId.next();
    var query = QueryId.next();
    var fixture = newSession().opened("Title").queued(run, query, "and then");
    fixture.append(new QueryWithdrawn(fixture.id, query, List.of(run)));
    awaitSeen(fixture);
    var row = runs.page(tenant, fixture.id.value(), Long.MAX_VALUE, Limit.of(9)).getFirst();
    assertThat(row.status()).isEqualTo(Status.INTERRUPTED);
    assertThat(row.endedAt()).isNotNull();
  }

  @Test
  void rowsContainSealedContent() {
    var fixture = newSession().opened("A secret title");
    var run = fixture.issueQuery("A secret prompt");
    fixture.messageReceived(run, "A secret answer").completed(run, "A secret result");
    fixture
        .sideRequest("A secret question", "A secret answer")
        .capabilitiesReported("{\"secret\": 1}");
    var tools = fixture.seal(ToolsSet.class, "clientTools", "[{\"name\": \"secret\"}]");
    fixture.append(new ToolsSet(fixture.id, List.of(), tools));
    awaitSeen(fixture);
    var otherSession = newSession();
    otherSession.opened(
        SealedAgentSetup.NONE,
        new SealedTools(
            List.of(),
            otherSession.seal(
                SessionOpened.class, "tools.clientTools", "[{\"name\": \"secret\"}]")),
        new SealedFolder(otherSession.seal(SessionOpened.class, "folder.hostPath", "/secret"), 7),
        List.of(
            new SealedDirectory(
                "libs",
                false,
                otherSession.seal(SessionOpened.class, "directories.hostPath", "/secret/libs"))));
    awaitSeen(otherSession);
    for (String table : TABLES) {
      var plain =
          sql.queryForList(
              "select count(*) from %s t where t::text ilike '%%secret%%' or t::text ilike '%%%s%%'"
                  .formatted(table, "736563726574"), // "secret" as PostgreSQL shows bytes
              Long.class);
      assertThat(plain).as(table).containsExactly(0L);
    }
    var block = messages.page(tenant, fixture.id.value(), 2, Limit.of(1)).getFirst().block();
    assertThat(block.event()).isEqualTo("MessageReceived");
    assertThat(block.field()).isEqualTo("block");
    assertThat(block.content()).isInstanceOf(Content.Inline.class);
  }

  @Test
  void initialConfigurationOfASessionIsKept() {
    var fixture = newSession();
    var server = new SelectedMcpServer(McpServerId.next(), "files");
    var path = fixture.seal(SessionOpened.class, "directories.hostPath", "/srv/libs");
    fixture.opened(
        SealedAgentSetup.NONE,
        new SealedTools(
            List.of(server), fixture.seal(SessionOpened.class, "tools.clientTools", "[]")),
        SealedFolder.NONE,
        List.of(
            new SealedDirectory("data", true, Content.ABSENT),
            new SealedDirectory("libs", false, path)));
    awaitSeen(fixture);
    var session = sessions.findById(fixture.id.value()).orElseThrow();
    assertThat(session.sequence()).isEqualTo(1);
    var tools = Objects.requireNonNull(session.agentSetup());
    assertThat(Objects.requireNonNull(tools.agentSetup()).mcpServers()).containsExactly(server);
    var clientTools = Objects.requireNonNull(tools.clientTools());
    assertThat(clientTools.event()).isEqualTo("SessionOpened");
    assertThat(clientTools.field()).isEqualTo("tools.clientTools");
    assertThat(directories.findAll())
        .filteredOn(row -> row.key().sessionId().equals(fixture.id.value()))
        .extracting(row -> row.key().name(), row -> row.directory(), row -> row.writable())
        .containsExactlyInAnyOrder(tuple("data", "data", true), tuple("libs", null, false));
  }

  @Test
  void queuedQueryWaitsAndIsIssued() {
    var fixture = newSession().opened("t");
    var first = fixture.issueQuery("one");
    var second = RunId.next();
    var query = QueryId.next();
    fixture.queued(second, query, "two").queued(RunId.next(), QueryId.next(), "three");
    awaitSeen(fixture);
    assertThat(sessions.findById(fixture.id.value()).orElseThrow().queued()).isEqualTo(2);
    assertThat(runs.findById(second.value()).orElseThrow().status()).isEqualTo(Status.QUEUED);
    assertThat(messages.findPrompt(fixture.id.value(), query.value()).orElseThrow().runId())
        .isNull();

    fixture.completed(first, "done").issued(second, query, Content.ABSENT);
    awaitSeen(fixture);
    var session = sessions.findById(fixture.id.value()).orElseThrow();
    assertThat(session.queued()).isEqualTo(1);
    assertThat(session.runId()).isEqualTo(second.value());
    assertThat(runs.findById(second.value()).orElseThrow().status()).isEqualTo(Status.ISSUED);
    assertThat(messages.findPrompt(fixture.id.value(), query.value()).orElseThrow().runId())
        .isEqualTo(second.value());
    assertThat(messages.page(tenant, fixture.id.value(), 0, Limit.of(9))).hasSize(3);
  }

  @Test
  void pendingActionIsListedUntilResolved() {
    var fixture = newSession().opened("t");
    var run = fixture.issueQuery("one");
    var call = fixture.toolCalled(run, "Bash");
    var action = fixture.permissionRequested(run, call);
    fixture.activity(Activity.WAITING, action);
    awaitSeen(fixture);
    assertThat(actions.findBySessions(tenant, new String[] {fixture.id.value()}))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.type()).isEqualTo(PendingActionRow.ActionType.PERMISSION);
              assertThat(row.expiresAt()).isAfter(row.requestedAt());
              assertThat(row.tool()).isEqualTo("Bash");
            });

    fixture.append(new ActionExpired(fixture.id, action, ExpiryReason.DEADLINE));
    awaitSeen(fixture);
    assertThat(actions.findBySessions(tenant, new String[] {fixture.id.value()})).isEmpty();
  }

  @Test
  void runGrowsTurnByTurnAndAnUnknownPriceIsNotZero() {
    var fixture = newSession().opened("t");
    var run = RunId.next();
    var query = QueryId.next();
    fixture.issued(run, query, sealedPrompt(fixture));
    fixture.started(run, query, 1).turnCompleted(run, new PriceSource.Table("2026-11-01"));
    awaitSeen(fixture);
    var running = runs.findById(run.value()).orElseThrow();
    assertThat(running.spent().cost()).isEqualTo(SessionEventFixture.COST);
    assertThat(running.costKnown()).isTrue();

    fixture.turnCompleted(run, new PriceSource.Unknown()).started(run, query, 2);
    awaitSeen(fixture);
    var again = runs.findById(run.value()).orElseThrow();
    assertThat(again.turns()).isEqualTo(2);
    assertThat(again.costKnown()).isFalse();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(sessions.findById(fixture.id.value()).orElseThrow().runs()).isEqualTo(1);
  }

  private static Content sealedPrompt(SessionEventFixture fixture) {
    return fixture.seal(
        io.agentledger.api.session.event.QueryEvent.QueryIssued.class, "prompt", "something");
  }
}
