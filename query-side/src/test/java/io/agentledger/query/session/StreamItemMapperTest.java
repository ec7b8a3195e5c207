package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.BudgetShortfall.Owner;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.TodoUpdated;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent.FilesMentioned;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Body;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.support.ContentReader;
import io.agentledger.store.event.EventAliases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;

/** Stream items of all events. */
class StreamItemMapperTest {
  private final List<DomainEventMessage<?>> past = new ArrayList<>();
  private final SessionEventFixture fixture =
      new SessionEventFixture(this::record, new PlaintextSealer());
  private final RunId run = RunId.next();
  private final QueryId query = QueryId.next();
  private final ContentReader contentReader =
      new ContentReader(new PlaintextSealer(), new EventAliases(List.of(SessionEvent.class)));

  private void record(long number, SessionEvent event) {
    past.add(
        new GenericDomainEventMessage<>("Session", event.sessionId().value(), number, event)
            .withMetaData(Map.of(Provenance.ACTOR, "user:ada")));
  }

  /** Returns the items of all events so far, for a stream from the start. */
  private List<StreamItem> items() {
    var streamItemMapper = new StreamItemMapper(contentReader, EventLookbackTest.lookback(past, 0));
    return past.stream().map(streamItemMapper::toItem).toList();
  }

  /** Returns the item of the last event, for a stream that starts with it. */
  private StreamItem last() {
    var eventLookback = EventLookbackTest.lookback(past, past.size());
    if (past.getFirst().getPayload() instanceof SessionOpened opened)
      eventLookback.rememberMainThread(opened.threadId());
    return new StreamItemMapper(contentReader, eventLookback).toItem(past.getLast());
  }

  private <B extends Body> B last(Class<B> body) {
    return body.cast(last().body());
  }

  private Map<String, Object> status() {
    return last(StreamItem.Status.class).fields();
  }

  private StreamItem map(SessionEvent event) {
    fixture.append(event);
    return last();
  }

  private Content seal(Class<? extends SessionEvent> event, String field, String text) {
    return fixture.seal(event, field, text);
  }

  private void started() {
    fixture.opened("t");
    fixture.issued(
        run,
        query,
        seal(io.agentledger.api.session.event.QueryEvent.QueryIssued.class, "prompt", "p"));
    fixture.started(run, query, 1);
  }

  @Test
  void everyItemHasItsPosition() {
    started();
    fixture.messageReceived(run, "hello");
    var item = last();
    assertThat(item.type()).isEqualTo("message");
    assertThat(item.event()).isEqualTo("MessageReceived");
    assertThat(item.sessionId()).isEqualTo(fixture.id);
    assertThat(item.runId()).isEqualTo(run);
    assertThat(item.threadId()).isEqualTo(fixture.thread);
    assertThat(item.sequence()).isEqualTo(4);
    assertThat(item.at()).isEqualTo(past.getLast().getTimestamp());
    assertThat(((StreamItem.Message) item.body()).block().text()).contains("hello");
  }

  @Test
  void onlyTheLastMessageOfAnAnswerHasUsage() {
    started();
    fixture.messageReceived(run, "hello");
    assertThat(((StreamItem.Message) last().body()).usage()).isNull();
    var usage = new Usage(100, 20, 3, 2, 1);
    fixture.messageReceivedOn(fixture.thread, run, MessageId.next(), "world", usage);
    assertThat(((StreamItem.Message) last().body()).usage()).isEqualTo(usage);
  }

  @Test
  void openingIsAStatusWithUnsealedContent() {
    fixture.opened("A title");
    assertThat(last().threadId()).isEqualTo(fixture.thread);
    assertThat(status())
        .containsEntry("title", "A title")
        .containsEntry("options", SessionEventFixture.OPTIONS)
        .doesNotContainKeys("system_prompt", "session_id", "thread_id");
    assertThat(status().get("metadata")).hasToString("{\"team\":\"blue\"}");
  }

  @Test
  void openingASessionShowsWhatItsAgentIsGivenButNoPathOfTheHostAndNoValueOfAVariable() {
    var setup =
        new SealedAgentSetup(
            "Explanatory",
            List.of(AgentSetup.SettingSource.PROJECT),
            List.of("greet"),
            List.of(),
            "critic",
            List.of(),
            seal(SessionOpened.class, "setup.planModeInstructions", "Plan."),
            true,
            AgentSetup.PreviewFormat.HTML,
            List.of("critic"),
            seal(SessionOpened.class, "setup.definitions", "{\"critic\":{}}"),
            List.of("GREETING"),
            seal(SessionOpened.class, "setup.values", "{\"GREETING\":\"hidden\"}"));
    var server = new SelectedMcpServer(McpServerId.next(), "files");
    var tools = seal(SessionOpened.class, "tools.clientTools", "[{\"name\":\"weather\"}]");
    var path = seal(SessionOpened.class, "directories.hostPath", "/hidden/libs");
    fixture.opened(
        setup,
        new SealedTools(List.of(server), tools),
        new SealedFolder(seal(SessionOpened.class, "folder.hostPath", "/hidden"), 7),
        List.of(
            new SealedDirectory("data", true, Content.ABSENT),
            new SealedDirectory("libs", false, path)));
    assertThat(status())
        .containsEntry(
            "tools",
            Map.of(
                "mcp_servers",
                List.of(server),
                "client_tools",
                new Json("[{\"name\":\"weather\"}]")))
        .containsEntry("folder", Map.of("inode", 7L))
        .containsEntry(
            "directories",
            List.of(
                Map.of("name", "data", "writable", true),
                Map.of("name", "libs", "writable", false)));
    assertThat(status().get("setup"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("output_style", "Explanatory")
        .containsEntry("setting_sources", List.of(AgentSetup.SettingSource.PROJECT))
        .containsEntry("skills", List.of("greet"))
        .containsEntry("agent", "critic")
        .containsEntry("plan_mode_instructions", "Plan.")
        .containsEntry("exclude_dynamic_sections", true)
        .containsEntry("preview_format", AgentSetup.PreviewFormat.HTML)
        .containsEntry("definitions", new Json("{\"critic\":{}}"))
        .containsEntry("env", List.of("GREETING"))
        .doesNotContainKey("values");
    assertThat(status().toString()).doesNotContain("hidden");
  }

  @Test
  void aSessionWithAWorkspaceOfItsOwnShowsNoFolder() {
    fixture.opened("t");
    assertThat(status())
        .containsEntry("directories", List.of())
        .containsEntry("tools", Map.of("mcp_servers", List.of()))
        .doesNotContainKey("folder");
  }

  @Test
  void sideRequestIsAStatusWithoutRunAndCapabilitiesAreOmitted() {
    started();
    fixture.sideRequest("Why?", "So.");
    assertThat(last().runId()).isNull();
    assertThat(status()).containsEntry("answer", "So.").containsKey("side_request_id");
    assertThat(items().get(items().size() - 2).event()).isEqualTo("SideRequestSubmitted");
    fixture.capabilitiesReported("{\"commands\": []}");
    assertThat(status()).containsKey("digest").doesNotContainKey("capabilities");
  }

  @Test
  void activityIsAStatus() {
    var action = ActionId.next();
    fixture.opened("t").activity(Activity.WAITING, action);
    assertThat(status())
        .containsEntry("activity", Activity.WAITING)
        .containsEntry("pending_action_ids", List.of(action));
  }

  @Test
  void mentionedFilesAreAList() {
    fixture.opened("t");
    map(
        new FilesMentioned(
            fixture.id, query, seal(FilesMentioned.class, "paths", "[\"README.md\",\"src\"]")));
    assertThat(status().get("paths")).isEqualTo(new Json("[\"README.md\",\"src\"]"));
  }

  @Test
  void queriesAreStatusesOfTheirRun() {
    fixture.opened("t").queued(run, query, "later");
    assertThat(last().runId()).isEqualTo(run);
    assertThat(status()).containsEntry("query_id", query).containsEntry("prompt", "later");
    fixture.issued(run, query, Content.ABSENT);
    assertThat(status()).containsEntry("query_id", query).doesNotContainKey("prompt");
    assertThat(map(new InterruptRequested(fixture.id, run)).runId()).isEqualTo(run);
    assertThat(status()).isEmpty();
  }

  @Test
  void runStartIsAStatus() {
    started();
    assertThat(status()).containsEntry("attempt", 1).containsEntry("requested_model", "sonnet");
  }

  @Test
  void initDescribesTheRunsConfiguration() {
    started();
    fixture.initialized(run);
    var init = last(StreamItem.Init.class);
    assertThat(init.upstream()).isEqualTo(Upstream.REHEARSAL);
    assertThat(init.sandbox()).isEqualTo(SandboxLevel.NONE);
    assertThat(init.model()).isEqualTo("claude-sonnet-4-5");
    assertThat(init.tools()).containsExactly("Read", "Bash");
    assertThat(init.commands()).containsExactly("compact");
    assertThat(init.skills()).containsExactly("review");
    assertThat(init.agents()).containsExactly("scout");
    assertThat(init.plugins()).containsExactly("tools");
  }

  @Test
  void toolCallAndResultAreItems() {
    started();
    var call = fixture.toolCalled(run, "Bash");
    var called = last(StreamItem.Tool.class);
    assertThat(called.phase()).isEqualTo("called");
    assertThat(called.input().text()).isEqualTo("{\"command\":\"ls\"}");
    assertThat(called.resolvedPath()).isNull();
    assertThat(called.verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(called.isError()).isNull();

    fixture.toolReturned(run, call);
    var returned = last(StreamItem.Tool.class);
    assertThat(returned.phase()).isEqualTo("returned");
    assertThat(returned.output().text()).isEqualTo("\"README.md\"");
    assertThat(returned.isError()).isFalse();
    assertThat(returned.name()).isNull();
  }

  @Test
  void callThroughALinkSaysWhereItLeads() {
    started();
    map(
        new ToolCalled(
            fixture.id,
            run,
            fixture.thread,
            fixture.place(),
            ToolCallId.next(),
            "toolu_2",
            "Read",
            "digest",
            Verdict.ALLOWED,
            "default",
            fixture.seal(ToolCalled.class, "input", "{\"file_path\":\"/workspace/link\"}"),
            fixture.seal(ToolCalled.class, "resolvedPath", "/workspace/real")));
    assertThat(last(StreamItem.Tool.class).resolvedPath()).isEqualTo("/workspace/real");
  }

  @Test
  void unknownOutcomeIsNoSuccess() {
    started();
    var call = fixture.toolCalled(run, "Bash");
    map(
        new ToolReturned(
            fixture.id,
            run,
            fixture.thread,
            fixture.place(),
            call,
            CallStatus.UNKNOWN,
            Content.ABSENT));
    assertThat(last(StreamItem.Tool.class).isError()).isTrue();
    assertThat(last(StreamItem.Tool.class).output()).isNull();
  }

  @Test
  void turnIsAStatusWithItsUsage() {
    started();
    fixture.turnCompleted(run, new PriceSource.Rehearsed());
    assertThat(status())
        .containsEntry("usage", SessionEventFixture.USAGE)
        .containsEntry("cost_usd", SessionEventFixture.COST)
        .doesNotContainKey("source_position");
  }

  @Test
  void retriedTurnIsAnError() {
    started();
    map(
        new TurnRetried(
            fixture.id,
            run,
            fixture.thread,
            fixture.place(),
            2,
            10,
            Duration.ofMillis(1500),
            429,
            "rate_limit_error"));
    var error = last(StreamItem.Error.class);
    assertThat(error.code()).isEqualTo("turn_retried");
    assertThat(error.detail()).contains("429").contains("rate_limit_error").contains("1500 ms");
  }

  @Test
  void subagentsCompactionAndIncidentsAreStatuses() {
    started();
    var threadId = new ThreadId("thr_3333333333");
    var call = new ToolCallId("tcl_3333333333"); // Both are derived from one id of the CLI.
    map(
        new SubagentStarted(
            fixture.id,
            run,
            threadId,
            fixture.place(),
            fixture.thread,
            call,
            "explorer",
            seal(SubagentStarted.class, "prompt", "look")));
    assertThat(last().threadId()).isEqualTo(threadId);
    assertThat(last().parentToolUseId()).isEqualTo(call);
    assertThat(status()).containsEntry("prompt", "look").containsEntry("agent", "explorer");
    map(new SubagentFinished(fixture.id, run, threadId, fixture.place(), CallStatus.RETURNED));
    assertThat(status()).containsEntry("status", CallStatus.RETURNED);
    assertThat(last().parentToolUseId()).isEqualTo(call);
    map(new ContextCompacted(fixture.id, run, fixture.thread, fixture.place(), "auto", 150_000));
    assertThat(status()).containsEntry("tokens_before", 150_000L);
    assertThat(last().parentToolUseId()).isNull();
    var begun = MessageId.next();
    fixture.modelRefused(run, begun);
    assertThat(status())
        .containsEntry("model", "claude-fable-5")
        .containsEntry("fallback_model", "claude-opus-4-8")
        .containsEntry("category", "cyber")
        .containsEntry("explanation", "Not this.")
        .containsEntry("retracted_message_ids", List.of(begun));
    map(
        new IncidentNoted(
            fixture.id,
            run,
            fixture.thread,
            fixture.place(),
            "unasked_tool",
            seal(IncidentNoted.class, "detail", "Bash")));
    assertThat(status()).containsEntry("incident", "unasked_tool").containsEntry("detail", "Bash");
  }

  @Test
  void todosAreTodos() {
    started();
    map(
        new TodoUpdated(
            fixture.id,
            run,
            fixture.thread,
            fixture.place(),
            seal(TodoUpdated.class, "todos", "[{\"id\":\"1\"}]")));
    assertThat(last(StreamItem.Todo.class).todos().text()).isEqualTo("[{\"id\":\"1\"}]");
  }

  @Test
  void permissionIsRequestedAndDecided() {
    started();
    var action = fixture.permissionRequested(run, ToolCallId.next());
    var request = last(StreamItem.Permission.class);
    assertThat(request.phase()).isEqualTo("requested");
    assertThat(request.expiresAt()).isEqualTo(past.getLast().getTimestamp().plusSeconds(300));
    assertThat(request.reason()).isEqualTo("No rule allows it.");

    var item =
        map(
            new PermissionDecided(
                fixture.id,
                action,
                Decision.DENY,
                "digest",
                Content.ABSENT,
                seal(PermissionDecided.class, "reason", "No.")));
    var decided = last(StreamItem.Permission.class);
    assertThat(item.runId()).isEqualTo(run);
    assertThat(item.threadId()).isEqualTo(fixture.thread);
    assertThat(decided.phase()).isEqualTo("decided");
    assertThat(decided.decision()).isEqualTo(Decision.DENY);
    assertThat(decided.actor()).isEqualTo("user:ada");
    assertThat(decided.reason()).isEqualTo("No.");
  }

  @Test
  void expiredActionHasTheTypeOfItsRequest() {
    started();
    var permission = fixture.permissionRequested(run, ToolCallId.next());
    map(new ActionExpired(fixture.id, permission, ExpiryReason.DEADLINE));
    assertThat(last(StreamItem.Permission.class).phase()).isEqualTo("expired");

    var question = ActionId.next();
    map(
        new QuestionAsked(
            fixture.id,
            run,
            fixture.thread,
            question,
            ToolCallId.next(),
            new AnswerTimeout.Unlimited(),
            seal(QuestionAsked.class, "questions", "[]")));
    assertThat(last(StreamItem.Question.class).expiresAt()).isNull();
    map(new ActionExpired(fixture.id, question, ExpiryReason.RUN_ENDED));
    assertThat(last(StreamItem.Question.class).phase()).isEqualTo("expired");

    map(new ActionExpired(fixture.id, ActionId.next(), ExpiryReason.WITHDRAWN));
    assertThat(status()).containsEntry("reason", ExpiryReason.WITHDRAWN);
  }

  @Test
  void questionIsAnswered() {
    started();
    var question = ActionId.next();
    map(
        new QuestionAsked(
            fixture.id,
            run,
            fixture.thread,
            question,
            ToolCallId.next(),
            new AnswerTimeout.Unlimited(),
            seal(QuestionAsked.class, "questions", "[{\"question\":\"Why?\"}]")));
    assertThat(last(StreamItem.Question.class).questions().text()).contains("Why?");
    map(
        new QuestionAnswered(
            fixture.id, question, seal(QuestionAnswered.class, "answers", "{\"Why?\":\"So.\"}")));
    assertThat(last(StreamItem.Question.class).answers().text()).isEqualTo("{\"Why?\":\"So.\"}");
    assertThat(last(StreamItem.Question.class).actor()).isEqualTo("user:ada");
  }

  @Test
  void clientToolsAreStatuses() {
    started();
    var action = ActionId.next();
    map(
        new ClientToolCalled(
            fixture.id,
            run,
            fixture.thread,
            action,
            ToolCallId.next(),
            "lookup",
            new AnswerTimeout.Unlimited(),
            seal(ClientToolCalled.class, "input", "{}")));
    assertThat(status()).containsEntry("tool", "lookup").containsEntry("action_id", action);
    map(new ToolAnswered(fixture.id, action, false, seal(ToolAnswered.class, "output", "42")));
    assertThat(last().runId()).isEqualTo(run);
    assertThat(status().get("output")).hasToString("42");
  }

  @Test
  void runHasExactlyOneResult() {
    started();
    map(
        new RunFailed(
            fixture.id,
            run,
            Failure.LOST,
            true,
            SessionEventFixture.TALLY,
            seal(RunFailed.class, "error", "It went away.")));
    var passing = last(StreamItem.Error.class);
    assertThat(passing.code()).isEqualTo("run_lost");
    assertThat(passing.detail()).isEqualTo("It went away.");
    map(
        new RunPaused(
            fixture.id,
            run,
            SessionEventFixture.TALLY,
            new BudgetShortfall(Owner.SESSION, Money.ofUsd("1"), Money.ofUsd("1.2"))));
    assertThat(last().type()).isEqualTo("status");
    fixture.completed(run, "Done.");
    assertThat(items()).filteredOn(item -> item.type().equals("result")).hasSize(1);
    var result = last(StreamItem.Result.class);
    assertThat(result.stopReason()).isEqualTo("completed");
    assertThat(result.result()).isEqualTo("Done.");
    assertThat(result.structuredOutput()).isNull();
    assertThat(result.usage()).isEqualTo(SessionEventFixture.USAGE);
    assertThat(result.modelUsage()).isEqualTo(SessionEventFixture.TALLY.models());
    assertThat(result.costUsd()).isEqualTo(SessionEventFixture.COST);
    assertThat(result.durationMs()).isEqualTo(1500);
    assertThat(result.isError()).isFalse();
    assertThat(result.upstream()).isEqualTo(Upstream.REHEARSAL);
  }

  @Test
  void failedRunEndsInAnErrorAndAnInterruptedOneDoesNot() {
    started();
    map(
        new RunCompleted(
            fixture.id,
            run,
            StopReason.MAX_TURNS,
            SessionEventFixture.TALLY,
            Content.ABSENT,
            Content.ABSENT));
    assertThat(last(StreamItem.Result.class).isError()).isTrue();
    assertThat(last(StreamItem.Result.class).stopReason()).isEqualTo("max_turns");
    map(new RunInterrupted(fixture.id, run, SessionEventFixture.TALLY));
    assertThat(last(StreamItem.Result.class).isError()).isFalse();
    assertThat(last(StreamItem.Result.class).stopReason()).isEqualTo("interrupted");
  }

  @Test
  void runThatFailsBeforeItsStartHasAResultWithoutUpstream() {
    fixture.opened("t");
    map(
        new RunFailed(
            fixture.id,
            run,
            Failure.TIMEOUT,
            false,
            SessionEventFixture.TALLY,
            seal(RunFailed.class, "error", "Too long.")));
    var result = last(StreamItem.Result.class);
    assertThat(result.stopReason()).isEqualTo("timeout");
    assertThat(result.result()).isEqualTo("Too long.");
    assertThat(result.isError()).isTrue();
    assertThat(result.upstream()).isNull();
  }
}
