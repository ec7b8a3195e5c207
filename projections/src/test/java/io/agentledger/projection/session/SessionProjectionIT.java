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
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.api.session.event.OutputEvent.Outcome;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.query.RunView.State;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.SessionEventFixture;
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
  void aWholeSessionIsRemembered() {
    var story = story().whole();
    awaitSeen(story);

    var session = sessions.findByIdAndTenant(story.id.value(), tenant).orElseThrow();
    assertThat(session.activity()).isEqualTo(Activity.IDLE);
    assertThat(session.sequence()).isEqualTo(12);
    assertThat(session.runs()).isEqualTo(1);
    assertThat(session.runId()).isNull();
    assertThat(session.queued()).isZero();
    assertThat(session.spent().usage()).isEqualTo(SessionEventFixture.USAGE);
    assertThat(session.spent().cost()).isEqualTo(SessionEventFixture.COST);
    assertThat(session.options()).isEqualTo(SessionEventFixture.OPTIONS);

    var run = runs.page(tenant, story.id.value(), Long.MAX_VALUE, Limit.of(9)).getFirst();
    assertThat(run.state()).isEqualTo(State.COMPLETED);
    assertThat(run.model()).isEqualTo("claude-sonnet-4-5");
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(run.turns()).isEqualTo(1);
    assertThat(run.durationMillis()).isEqualTo(1500);
    assertThat(run.priced()).isTrue();
    assertThat(run.endedAt()).isAfterOrEqualTo(run.startedAt());

    assertThat(messages.page(tenant, story.id.value(), 0, Limit.of(9)))
        .extracting(row -> row.key().sequence())
        .containsExactly(2L, 6L, 10L);
    assertThat(calls.page(tenant, story.id.value(), 0, Limit.of(9)))
        .singleElement()
        .satisfies(call -> assertThat(call.outcome()).isEqualTo(Outcome.RETURNED));
  }

  @Test
  void rowsKeepContentSealed() {
    var story = story().opened("A secret title");
    var run = story.issued("A secret prompt");
    story.said(run, "A secret answer").completed(run, "A secret result");
    story.aside("A secret question", "A secret answer").offers("{\"secret\": 1}");
    var tools = story.seal(ToolsSet.class, "clientTools", "[{\"name\": \"secret\"}]");
    story.tell(new ToolsSet(story.id, List.of(), tools));
    awaitSeen(story);
    var other = story();
    other.opened(
        SealedAgentSetup.NONE,
        new SealedTools(
            List.of(),
            other.seal(SessionOpened.class, "tools.clientTools", "[{\"name\": \"secret\"}]")),
        new SealedFolder(other.seal(SessionOpened.class, "folder.hostPath", "/secret"), 7),
        List.of(
            new SealedDirectory(
                "libs",
                false,
                other.seal(SessionOpened.class, "directories.hostPath", "/secret/libs"))));
    awaitSeen(other);
    for (String table : TABLES) {
      var plain =
          sql.queryForList(
              "select count(*) from %s t where t::text ilike '%%secret%%' or t::text ilike '%%%s%%'"
                  .formatted(table, "736563726574"), // "secret" as PostgreSQL shows bytes
              Long.class);
      assertThat(plain).as(table).containsExactly(0L);
    }
    var block = messages.page(tenant, story.id.value(), 2, Limit.of(1)).getFirst().block();
    assertThat(block.event()).isEqualTo("MessageReceived");
    assertThat(block.field()).isEqualTo("block");
    assertThat(block.content()).isInstanceOf(Content.Inline.class);
  }

  @Test
  void whatASessionOpensWithIsKept() {
    var story = story();
    var server = new SelectedMcpServer(McpServerId.next(), "files");
    var path = story.seal(SessionOpened.class, "directories.hostPath", "/srv/libs");
    story.opened(
        SealedAgentSetup.NONE,
        new SealedTools(
            List.of(server), story.seal(SessionOpened.class, "tools.clientTools", "[]")),
        SealedFolder.NONE,
        List.of(
            new SealedDirectory("data", true, Content.ABSENT),
            new SealedDirectory("libs", false, path)));
    awaitSeen(story);
    var session = sessions.findById(story.id.value()).orElseThrow();
    assertThat(session.sequence()).isEqualTo(1);
    var tools = Objects.requireNonNull(session.gear());
    assertThat(Objects.requireNonNull(tools.outfit()).mcpServers()).containsExactly(server);
    var clientTools = Objects.requireNonNull(tools.clientTools());
    assertThat(clientTools.event()).isEqualTo("SessionOpened");
    assertThat(clientTools.field()).isEqualTo("tools.clientTools");
    assertThat(directories.findAll())
        .filteredOn(row -> row.key().sessionId().equals(story.id.value()))
        .extracting(row -> row.key().name(), row -> row.directory(), row -> row.writable())
        .containsExactlyInAnyOrder(tuple("data", "data", true), tuple("libs", null, false));
  }

  @Test
  void whatIsQueuedWaitsAndIsIssued() {
    var story = story().opened("t");
    var first = story.issued("one");
    var second = RunId.next();
    var query = QueryId.next();
    story.queued(second, query, "two").queued(RunId.next(), QueryId.next(), "three");
    awaitSeen(story);
    assertThat(sessions.findById(story.id.value()).orElseThrow().queued()).isEqualTo(2);
    assertThat(runs.findById(second.value()).orElseThrow().state()).isEqualTo(State.QUEUED);
    assertThat(messages.promptOf(story.id.value(), query.value()).orElseThrow().runId()).isNull();

    story.completed(first, "done").issued(second, query, Content.ABSENT);
    awaitSeen(story);
    var session = sessions.findById(story.id.value()).orElseThrow();
    assertThat(session.queued()).isEqualTo(1);
    assertThat(session.runId()).isEqualTo(second.value());
    assertThat(runs.findById(second.value()).orElseThrow().state()).isEqualTo(State.ISSUED);
    assertThat(messages.promptOf(story.id.value(), query.value()).orElseThrow().runId())
        .isEqualTo(second.value());
    assertThat(messages.page(tenant, story.id.value(), 0, Limit.of(9))).hasSize(3);
  }

  @Test
  void aPendingActionIsThereUntilItIsSettled() {
    var story = story().opened("t");
    var run = story.issued("one");
    var call = story.called(run, "Bash");
    var action = story.asked(run, call);
    story.activity(Activity.WAITING, action);
    awaitSeen(story);
    assertThat(actions.of(tenant, List.of(story.id.value())))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.kind()).isEqualTo(PendingActionRow.Kind.PERMISSION);
              assertThat(row.until()).isAfter(row.since());
              assertThat(row.tool()).isEqualTo("Bash");
            });

    story.tell(new ActionExpired(story.id, action, Expiry.DEADLINE));
    awaitSeen(story);
    assertThat(actions.of(tenant, List.of(story.id.value()))).isEmpty();
  }

  @Test
  void aRunGrowsTurnByTurnAndAnUnknownPriceIsNotZero() {
    var story = story().opened("t");
    var run = RunId.next();
    var query = QueryId.next();
    story.issued(run, query, sealedPrompt(story));
    story.started(run, query, 1).turn(run, new PriceSource.Table("2026-11-01"));
    awaitSeen(story);
    var running = runs.findById(run.value()).orElseThrow();
    assertThat(running.spent().cost()).isEqualTo(SessionEventFixture.COST);
    assertThat(running.priced()).isTrue();

    story.turn(run, new PriceSource.Unknown()).started(run, query, 2);
    awaitSeen(story);
    var again = runs.findById(run.value()).orElseThrow();
    assertThat(again.turns()).isEqualTo(2);
    assertThat(again.priced()).isFalse();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(sessions.findById(story.id.value()).orElseThrow().runs()).isEqualTo(1);
  }

  private static Content sealedPrompt(SessionEventFixture story) {
    return story.seal(
        io.agentledger.api.session.event.QueryEvent.QueryIssued.class, "prompt", "something");
  }
}
