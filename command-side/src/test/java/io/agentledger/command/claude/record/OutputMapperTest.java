package io.agentledger.command.claude.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TodoUpdated;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResult;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.crypto.PlainSealer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** Events of the CLI's lines; sealed content opens only in the field that it was sealed for. */
class OutputMapperTest {
  private static final SessionId SESSION = SessionId.next();
  private static final ThreadId MAIN = ThreadId.next();
  private static final RunId RUN = RunId.next();
  private static final ProcessId PROCESS = ProcessId.next();
  private static final SessionSealer SEALER = new SessionSealer(new PlainSealer(), SESSION);

  private final EmbeddedEventStore store =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
  private final SessionState state = new SessionState(SESSION, store, new PlainSealer());
  private final DerivedIds ids = new DerivedIds(SESSION, MAIN);
  private final OutputMapper mapper =
      new OutputMapper(
          new ProcessContext(null, null, null, null, state, null, Map.of(), false), ids);

  private List<OutputEvent> map(ClaudeMessage message) {
    return mapper.map(new JournalTailer.Entry(message, 700), PermissionMode.PLAN).stream()
        .map(event -> (OutputEvent) event.toEntry(SEALER, RUN, PROCESS, 3).event())
        .toList();
  }

  private <E extends OutputEvent> E mapOne(ClaudeMessage message, Class<E> type) {
    List<OutputEvent> events = map(message);
    assertThat(events).hasSize(1);
    return type.cast(events.getFirst());
  }

  private String open(OutputEvent event, String field, Content content) {
    return state.open(event.getClass(), field, content);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static AssistantMessage toolUse(String tool, String input) {
    var use = "{'type':'tool_use','id':'toolu_1','name':'%s','input':%s}".formatted(tool, input);
    return new AssistantMessage(
        "uuid_1",
        "msg_1",
        "opus",
        Optional.empty(),
        List.of(json("{'type':'text','text':'now'}"), json(use)),
        Optional.empty(),
        NullNode.getInstance(),
        Optional.empty());
  }

  private static ToolResults result(String detail) {
    var result = new ToolResult("toolu_1", json("'done'"), false);
    return new ToolResults("uuid_2", Optional.empty(), List.of(result), json(detail));
  }

  @Test
  void eventNamesTheRunTheThreadAndThePositionOfItsLine() {
    var boundary = new ClaudeMessage.CompactBoundary("auto", OptionalLong.of(9));
    var position = new SourcePosition(PROCESS, 3, Source.JOURNAL, 700);
    assertThat(map(boundary))
        .containsExactly(new ContextCompacted(SESSION, RUN, MAIN, position, "auto", 9));
  }

  @Test
  void initializationAndRetriesAreReadable() {
    var message =
        new ClaudeMessage.Initialized(
            "cli",
            "opus",
            List.of("Read"),
            List.of(new OutputEvent.McpServerState("files", "connected")),
            List.of("/compact"),
            List.of("review"),
            List.of("scout"),
            List.of(new ClaudeMessage.Plugin("tools")),
            List.of(),
            "2.1.197");
    var initialized = mapOne(message, RunInitialized.class);
    assertThat(initialized.model()).isEqualTo("opus");
    assertThat(initialized.tools()).containsExactly("Read");
    assertThat(initialized.mcpServers())
        .containsExactly(new OutputEvent.McpServerState("files", "connected"));
    assertThat(initialized.commands()).containsExactly("/compact");
    assertThat(initialized.skills()).containsExactly("review");
    assertThat(initialized.agents()).containsExactly("scout");
    assertThat(initialized.plugins()).containsExactly("tools");
    assertThat(initialized.permissionMode()).isEqualTo(PermissionMode.PLAN);
    assertThat(initialized.cliVersion()).isEqualTo("2.1.197");

    var second = Duration.ofSeconds(1);
    var retry = new ClaudeMessage.ApiRetry(1, 10, second, OptionalInt.of(529), "overloaded");
    var position = initialized.sourcePosition();
    assertThat(map(retry))
        .containsExactly(
            new TurnRetried(SESSION, RUN, MAIN, position, 1, 10, second, 529, "overloaded"));
  }

  @Test
  void lastBlockHasTheUsageOfTheAnswer() {
    var usage = new Usage(100, 20, 3, 2, 1);
    var line = new JournalTailer.Entry(toolUse("Bash", "{}"), 700, usage);
    assertThat(mapper.map(line, PermissionMode.PLAN))
        .extracting(event -> event.toEntry(SEALER, RUN, PROCESS, 3).event())
        .extracting(event -> ((MessageReceived) event).usage())
        .containsExactly(Usage.ZERO, usage);
  }

  @Test
  void everyBlockOfAMessageIsAnEvent() {
    var events = map(toolUse("Bash", "{}"));
    assertThat(events).extracting(OutputEvent::threadId).containsOnly(MAIN);
    var first = (MessageReceived) events.getFirst();
    assertThat(first.messageId()).isEqualTo(ids.messageId("msg_1"));
    assertThat(first.blockIndex()).isZero();
    assertThat(first.role()).isEqualTo(OutputEvent.Role.ASSISTANT);
    assertThat(first.blockType()).isEqualTo("text");
    assertThat(open(first, "block", first.block()))
        .isEqualTo("{\"type\":\"text\",\"text\":\"now\"}");
    var second = (MessageReceived) events.getLast();
    assertThat(second.blockIndex()).isEqualTo(1);
    assertThat(second.blockType()).isEqualTo("tool_use");

    var caveat = json("[{'type':'text','text':'caveat'}]");
    var user = new ClaudeMessage.UserMessage("uuid_3", Optional.empty(), false, caveat);
    var received = mapOne(user, MessageReceived.class);
    assertThat(received.role()).isEqualTo(OutputEvent.Role.USER);
    assertThat(received.origin()).isEqualTo(OutputEvent.MessageOrigin.CLI);
    assertThat(open(received, "block", received.block())).contains("caveat");
  }

  @Test
  void callThatTheCliRefusedIsRecordedWithItsResult() {
    map(toolUse("Bash", "{'command':'ls'}"));
    var events = map(result("{}"));
    assertThat(events).hasSize(2);
    var called = (ToolCalled) events.getFirst();
    assertThat(called.toolCallId()).isEqualTo(ids.toolCallId("toolu_1"));
    assertThat(called.name()).isEqualTo("Bash");
    assertThat(called.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(open(called, "input", called.input())).isEqualTo("{\"command\":\"ls\"}");
    assertThat(called.resolvedPath()).isEqualTo(Content.ABSENT);
    var returned = (ToolReturned) events.getLast();
    assertThat(returned.status()).isEqualTo(CallStatus.RETURNED);
    assertThat(open(returned, "output", returned.output())).isEqualTo("\"done\"");
  }

  @Test
  void todosAreRecordedAfterTheCallThatChangedThem() {
    map(toolUse("TaskCreate", "{'subject':'test','activeForm':'testing'}"));
    var events = map(result("{'task':{'id':'1','subject':'test'}}"));
    var updated = (TodoUpdated) events.getLast();
    assertThat(open(updated, "todos", updated.todos()))
        .contains("\"content\":\"test\"", "\"active_form\":\"testing\"");
  }

  @Test
  void subagentHasAThreadOfItsOwnFromItsStartToItsEnd() {
    map(toolUse("Agent", "{}"));
    var call = Optional.of("toolu_1");
    var agent = Optional.of("scout");
    var started =
        map(new ClaudeMessage.TaskStarted("task_1", call, "local_agent", agent, "looks", "go"));
    var task = (TaskStarted) started.getFirst();
    assertThat(task.threadId()).isEqualTo(MAIN);
    assertThat(task.taskType()).isEqualTo("local_agent");
    assertThat(open(task, "description", task.description())).isEqualTo("looks");
    var subagent = (SubagentStarted) started.getLast();
    assertThat(subagent.threadId()).isEqualTo(ids.threadId(call)).isNotEqualTo(MAIN);
    assertThat(subagent.parentThreadId()).isEqualTo(MAIN);
    assertThat(subagent.toolCallId()).isEqualTo(ids.toolCallId("toolu_1"));
    assertThat(subagent.agent()).isEqualTo("scout");
    assertThat(open(subagent, "prompt", subagent.prompt())).isEqualTo("go");

    var events = map(new ClaudeMessage.TaskNotified("task_1", call, "completed", "found it"));
    var ended = (TaskEnded) events.getFirst();
    assertThat(ended.status()).isEqualTo(OutputEvent.TaskStatus.COMPLETED);
    assertThat(open(ended, "summary", ended.summary())).isEqualTo("found it");
    var finished = (SubagentFinished) events.getLast();
    assertThat(finished.threadId()).isEqualTo(subagent.threadId());
    assertThat(finished.status()).isEqualTo(CallStatus.RETURNED);
  }

  @Test
  void refusalNamesTheMessagesThatItRetracts() {
    map(toolUse("Bash", "{}"));
    var message =
        new ClaudeMessage.ModelRefused(
            "opus",
            Optional.of("sonnet"),
            Optional.empty(),
            Optional.of("no"),
            List.of("uuid_1", "uuid_9"));
    var refused = mapOne(message, ModelRefused.class);
    assertThat(refused.fallbackModel()).isEqualTo("sonnet");
    assertThat(refused.category()).isEmpty();
    assertThat(open(refused, "explanation", refused.explanation())).isEqualTo("no");
    assertThat(refused.retractedMessageIds()).containsExactly(ids.messageId("msg_1"));
  }
}
