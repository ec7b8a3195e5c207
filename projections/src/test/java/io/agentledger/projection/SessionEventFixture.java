package io.agentledger.projection;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.model.ModelUsage;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.TurnStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.store.crypto.Sealer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Creates a session's events literally, one after the other. */
public final class SessionEventFixture {
  /** Destination of the events. */
  public interface EventSink {
    void append(long number, SessionEvent event);
  }

  public static final RunOptions OPTIONS =
      new RunOptions(
          "sonnet", PermissionMode.DEFAULT, List.of(), List.of(), 100, Duration.ofMinutes(10));
  public static final Usage USAGE = new Usage(10, 20, 30, 40, 50);
  public static final Money COST = Money.ofUsd("0.0123");
  public static final RunTotals TALLY =
      new RunTotals(
          USAGE, COST, Duration.ofMillis(1500), 1, List.of(new ModelUsage("opus", USAGE, COST, 1)));

  public final SessionId id = SessionId.next();
  public final UserId owner = UserId.next();
  public final ThreadId thread = ThreadId.next();
  public final ProcessId process = ProcessId.next();
  private final EventSink eventSink;
  private final Sealer sealer;
  private long number;

  public SessionEventFixture(EventSink eventSink, Sealer sealer) {
    this.eventSink = eventSink;
    this.sealer = sealer;
  }

  /** Returns the number of events. */
  public long sequence() {
    return number;
  }

  public SessionEventFixture append(SessionEvent event) {
    eventSink.append(number++, event);
    return this;
  }

  public Content seal(Class<? extends SessionEvent> event, String field, String text) {
    return sealer.seal(id, event, field, text);
  }

  public SessionEventFixture opened(String title) {
    return opened(title, new SessionOrigin.Fresh());
  }

  public SessionEventFixture opened(String title, SessionOrigin origin) {
    return append(
        opening(
            title, origin, SealedAgentSetup.NONE, SealedTools.NONE, SealedFolder.NONE, List.of()));
  }

  /** Opens the session with the agent's setup. */
  public SessionEventFixture opened(
      SealedAgentSetup setup,
      SealedTools tools,
      SealedFolder folder,
      List<SealedDirectory> directories) {
    return append(opening("t", new SessionOrigin.Fresh(), setup, tools, folder, directories));
  }

  private SessionOpened opening(
      String title,
      SessionOrigin origin,
      SealedAgentSetup setup,
      SealedTools tools,
      SealedFolder folder,
      List<SealedDirectory> directories) {
    return new SessionOpened(
        id,
        owner,
        thread,
        agent(),
        setup,
        tools,
        environment(),
        OPTIONS,
        new Budget.Limited(Money.ofUsd("5")),
        new Workspace.Copied(3, 4096),
        folder,
        directories,
        origin,
        List.of(),
        seal(SessionOpened.class, "title", title),
        Content.ABSENT,
        seal(SessionOpened.class, "metadata", "{\"team\":\"blue\"}"));
  }

  public static AgentSnapshot agent() {
    return new AgentSnapshot(
        AgentId.next(),
        1,
        "default",
        new AgentSnapshot.Model("sonnet", "default", "default"),
        AgentSnapshot.SystemPrompt.PRESET,
        List.of("Read", "Bash"),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  public static EnvironmentSnapshot environment() {
    return new EnvironmentSnapshot(
        EnvironmentId.next(),
        "local",
        EnvironmentSnapshot.EnvironmentType.LOCAL,
        new EnvironmentSnapshot.Network.Closed(),
        Map.of(),
        new EnvironmentSnapshot.Limits(0, 0, 0),
        List.of(),
        List.of());
  }

  /** Appends a side request and its answer. */
  public SessionEventFixture sideRequest(String question, String answer) {
    var sideRequestId = SideRequestId.next();
    var content = seal(SideRequestSubmitted.class, "question", question);
    append(
        new SideRequestSubmitted(
            id, sideRequestId, SideRequestEvent.RequestType.QUESTION, content));
    return append(
        new SideRequestAnswered(
            id, sideRequestId, seal(SideRequestAnswered.class, "answer", answer)));
  }

  /** Appends the capabilities of a process, a JSON object. */
  public SessionEventFixture capabilitiesReported(String capabilities) {
    var sealed = seal(CapabilitiesReported.class, "capabilities", capabilities);
    return append(new CapabilitiesReported(id, process, "digest of " + capabilities, sealed));
  }

  public RunId issueQuery(String prompt) {
    var run = RunId.next();
    issued(run, QueryId.next(), seal(QueryIssued.class, "prompt", prompt));
    return run;
  }

  /** Issues a queued query, or one with its own prompt. */
  public SessionEventFixture issued(RunId run, QueryId query, Content prompt) {
    return append(new QueryIssued(id, query, run, QueryEvent.Cause.USER, OPTIONS, prompt));
  }

  public SessionEventFixture queued(RunId run, QueryId query, String prompt) {
    return append(
        new QueryQueued(
            id,
            query,
            run,
            QueryEvent.Cause.USER,
            OPTIONS,
            seal(QueryQueued.class, "prompt", prompt)));
  }

  public SessionEventFixture activity(Activity activity, ActionId... pending) {
    return append(new ActivityChanged(id, activity, List.of(pending)));
  }

  public SessionEventFixture started(RunId run, QueryId query, int attempt) {
    return append(
        new RunStarted(
            id, run, thread, new RunEvent.Cause.Query(query), attempt, "sonnet", machinery()));
  }

  public Execution machinery() {
    return new Execution(
        "node-1", 7, process, "launch", "2.1.197", SandboxLevel.NONE, Upstream.REHEARSAL);
  }

  public SourcePosition place() {
    return new SourcePosition(process, 7, SourcePosition.Source.JOURNAL, number + 1);
  }

  public SessionEventFixture initialized(RunId run) {
    return append(
        new RunInitialized(
            id,
            run,
            thread,
            place(),
            "claude-sonnet-4-5",
            List.of("Read", "Bash"),
            List.of(),
            List.of("compact"),
            List.of("review"),
            List.of("scout"),
            List.of("tools"),
            PermissionMode.DEFAULT,
            "2.1.197"));
  }

  public SessionEventFixture messageReceived(RunId run, String text) {
    return messageReceivedOn(thread, run, MessageId.next(), text);
  }

  public SessionEventFixture modelRefused(RunId run, MessageId... retracted) {
    return append(
        new ModelRefused(
            id,
            run,
            thread,
            place(),
            "claude-fable-5",
            "claude-opus-4-8",
            "cyber",
            seal(ModelRefused.class, "explanation", "Not this."),
            List.of(retracted)));
  }

  public SessionEventFixture messageReceivedOn(
      ThreadId threadId, RunId run, MessageId message, String text) {
    return messageReceivedOn(threadId, run, message, text, Usage.ZERO);
  }

  public SessionEventFixture messageReceivedOn(
      ThreadId threadId, RunId run, MessageId message, String text, Usage usage) {
    var block = "{\"type\":\"text\",\"text\":\"" + text + "\"}";
    return append(blockReceived(threadId, run, message, new Block("text", block), usage));
  }

  /** Appends a message whose block has another type than text. */
  public SessionEventFixture blockReceived(RunId run, String type) {
    return append(blockReceived(thread, run, MessageId.next(), new Block(type, "{}"), Usage.ZERO));
  }

  private record Block(String type, String json) {}

  private MessageReceived blockReceived(
      ThreadId threadId, RunId run, MessageId message, Block block, Usage usage) {
    return new MessageReceived(
        id,
        run,
        threadId,
        place(),
        message,
        0,
        Role.ASSISTANT,
        MessageOrigin.MODEL,
        block.type(),
        seal(MessageReceived.class, "block", block.json()),
        usage);
  }

  public ToolCallId toolCalled(RunId run, String tool) {
    return toolCalledOn(thread, run, tool);
  }

  public ToolCallId toolCalledOn(ThreadId threadId, RunId run, String tool) {
    return toolCalledOn(threadId, run, tool, Content.ABSENT);
  }

  /** Appends a tool call whose path is a link to the given one. */
  public ToolCallId toolCalledThroughLink(RunId run, String tool, String realPath) {
    return toolCalledOn(thread, run, tool, seal(ToolCalled.class, "resolvedPath", realPath));
  }

  private ToolCallId toolCalledOn(ThreadId threadId, RunId run, String tool, Content resolvedPath) {
    var call = ToolCallId.next();
    append(
        new ToolCalled(
            id,
            run,
            threadId,
            place(),
            call,
            "toolu_1",
            tool,
            "digest",
            Verdict.ALLOWED,
            "default",
            seal(ToolCalled.class, "input", "{\"command\":\"ls\"}"),
            resolvedPath));
    return call;
  }

  public SessionEventFixture toolReturned(RunId run, ToolCallId call) {
    return append(
        new ToolReturned(
            id,
            run,
            thread,
            place(),
            call,
            CallStatus.RETURNED,
            seal(ToolReturned.class, "output", "\"README.md\"")));
  }

  public SessionEventFixture toolLost(RunId run, ToolCallId call) {
    return append(
        new ToolReturned(id, run, thread, place(), call, CallStatus.UNKNOWN, Content.ABSENT));
  }

  public SessionEventFixture turnCompleted(RunId run, PriceSource priceSource) {
    return append(
        new TurnFinished(
            id,
            run,
            thread,
            place(),
            "exchange-" + number,
            "claude-sonnet-4-5",
            USAGE,
            COST,
            priceSource,
            TurnStatus.COMPLETED));
  }

  public ActionId permissionRequested(RunId run, ToolCallId call) {
    var action = ActionId.next();
    append(
        new PermissionRequested(
            id,
            run,
            thread,
            action,
            call,
            "Bash",
            "digest",
            new AnswerTimeout.Limited(Duration.ofMinutes(5)),
            seal(PermissionRequested.class, "input", "{\"command\":\"ls\"}"),
            seal(PermissionRequested.class, "reason", "No rule allows it.")));
    return action;
  }

  public SessionEventFixture permissionAllowed(ActionId action) {
    return append(
        new PermissionDecided(
            id, action, Decision.ALLOW, "digest", Content.ABSENT, Content.ABSENT));
  }

  public SessionEventFixture completed(RunId run, String result) {
    return append(
        new RunCompleted(
            id,
            run,
            StopReason.COMPLETED,
            TALLY,
            seal(RunCompleted.class, "result", result),
            Content.ABSENT));
  }

  /** Appends a whole session: one query, three blocks, one tool call, one turn; 12 events. */
  public SessionEventFixture completeSession() {
    opened("A title");
    var run = RunId.next();
    var query = QueryId.next();
    issued(run, query, seal(QueryIssued.class, "prompt", "What is here?"));
    activity(Activity.RUNNING)
        .started(run, query, 1)
        .initialized(run)
        .messageReceived(run, "Looking.");
    toolReturned(run, toolCalled(run, "Bash"));
    return turnCompleted(run, new PriceSource.Table("2026-11-01"))
        .messageReceived(run, "A file.")
        .completed(run, "A file.")
        .activity(Activity.IDLE);
  }
}
