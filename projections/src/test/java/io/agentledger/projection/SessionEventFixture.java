package io.agentledger.projection;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.UserId;
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
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.Outcome;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.TurnEnd;
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

/** Tells a session's story in literal events, one fact after the other. */
public final class SessionEventFixture {
  /** Where facts go. */
  public interface Record {
    void append(long number, SessionEvent event);
  }

  public static final RunOptions OPTIONS =
      new RunOptions(
          "sonnet", PermissionMode.DEFAULT, List.of(), List.of(), 100, Duration.ofMinutes(10));
  public static final Usage USAGE = new Usage(10, 20, 30, 40, 50);
  public static final Money COST = Money.ofUsd("0.0123");
  public static final RunTotals TALLY = new RunTotals(USAGE, COST, Duration.ofMillis(1500), 1);

  public final SessionId id = SessionId.next();
  public final UserId owner = UserId.next();
  public final ThreadId thread = ThreadId.next();
  public final ProcessId process = ProcessId.next();
  private final Record record;
  private final Sealer sealer;
  private long number;

  public SessionEventFixture(Record record, Sealer sealer) {
    this.record = record;
    this.sealer = sealer;
  }

  /** How many facts there are. */
  public long sequence() {
    return number;
  }

  public SessionEventFixture tell(SessionEvent event) {
    record.append(number++, event);
    return this;
  }

  public Content seal(Class<? extends SessionEvent> event, String field, String text) {
    return sealer.seal(id, event, field, text);
  }

  public SessionEventFixture opened(String title) {
    return opened(title, new SessionOrigin.Fresh());
  }

  public SessionEventFixture opened(String title, SessionOrigin origin) {
    return tell(
        opening(
            title, origin, SealedAgentSetup.NONE, SealedTools.NONE, SealedFolder.NONE, List.of()));
  }

  /** With what its agent is given at the beginning. */
  public SessionEventFixture opened(
      SealedAgentSetup setup,
      SealedTools tools,
      SealedFolder folder,
      List<SealedDirectory> directories) {
    return tell(opening("t", new SessionOrigin.Fresh(), setup, tools, folder, directories));
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
        List.of());
  }

  public static EnvironmentSnapshot environment() {
    return new EnvironmentSnapshot(
        EnvironmentId.next(),
        "local",
        EnvironmentSnapshot.Kind.LOCAL,
        new EnvironmentSnapshot.Network.Closed(),
        Map.of(),
        new EnvironmentSnapshot.Limits(0, 0, 0),
        List.of(),
        List.of());
  }

  /** Asked beside the conversation, and answered. */
  public SessionEventFixture aside(String question, String answer) {
    var sideRequestId = SideRequestId.next();
    var words = seal(SideRequestSubmitted.class, "words", question);
    tell(new SideRequestSubmitted(id, sideRequestId, SideRequestEvent.Kind.QUESTION, words));
    return tell(
        new SideRequestAnswered(
            id, sideRequestId, seal(SideRequestAnswered.class, "answer", answer)));
  }

  /** What its process offers, a JSON object. */
  public SessionEventFixture offers(String capabilities) {
    var sealed = seal(CapabilitiesReported.class, "capabilities", capabilities);
    return tell(new CapabilitiesReported(id, process, "digest of " + capabilities, sealed));
  }

  public RunId issued(String prompt) {
    var run = RunId.next();
    issued(run, QueryId.next(), seal(QueryIssued.class, "prompt", prompt));
    return run;
  }

  /** What was queued, or with a prompt of its own. */
  public SessionEventFixture issued(RunId run, QueryId query, Content prompt) {
    return tell(new QueryIssued(id, query, run, QueryEvent.Cause.USER, OPTIONS, prompt));
  }

  public SessionEventFixture queued(RunId run, QueryId query, String prompt) {
    return tell(
        new QueryQueued(
            id,
            query,
            run,
            QueryEvent.Cause.USER,
            OPTIONS,
            seal(QueryQueued.class, "prompt", prompt)));
  }

  public SessionEventFixture activity(Activity activity, ActionId... pending) {
    return tell(new ActivityChanged(id, activity, List.of(pending)));
  }

  public SessionEventFixture started(RunId run, QueryId query, int attempt) {
    return tell(
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
    return tell(
        new RunInitialized(
            id,
            run,
            thread,
            place(),
            "claude-sonnet-4-5",
            List.of("Read", "Bash"),
            List.of(),
            List.of("compact"),
            PermissionMode.DEFAULT,
            "2.1.197"));
  }

  public SessionEventFixture said(RunId run, String text) {
    return saidOn(thread, run, MessageId.next(), text);
  }

  public SessionEventFixture refused(RunId run, MessageId... retracted) {
    return tell(
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

  public SessionEventFixture saidOn(ThreadId threadId, RunId run, MessageId message, String text) {
    return tell(
        new MessageReceived(
            id,
            run,
            threadId,
            place(),
            message,
            0,
            Role.ASSISTANT,
            "text",
            seal(MessageReceived.class, "block", "{\"type\":\"text\",\"text\":\"" + text + "\"}")));
  }

  public ToolCallId called(RunId run, String tool) {
    return calledOn(thread, run, tool);
  }

  public ToolCallId calledOn(ThreadId threadId, RunId run, String tool) {
    var call = ToolCallId.next();
    tell(
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
            seal(ToolCalled.class, "input", "{\"command\":\"ls\"}")));
    return call;
  }

  public SessionEventFixture returned(RunId run, ToolCallId call) {
    return tell(
        new ToolReturned(
            id,
            run,
            thread,
            place(),
            call,
            Outcome.RETURNED,
            seal(ToolReturned.class, "output", "\"README.md\"")));
  }

  public SessionEventFixture turn(RunId run, PriceSource priceSource) {
    return tell(
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
            TurnEnd.COMPLETE));
  }

  public ActionId asked(RunId run, ToolCallId call) {
    var action = ActionId.next();
    tell(
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

  public SessionEventFixture completed(RunId run, String result) {
    return tell(
        new RunCompleted(
            id,
            run,
            StopReason.COMPLETED,
            TALLY,
            seal(RunCompleted.class, "result", result),
            Content.ABSENT));
  }

  /** A whole session: one query, three blocks, one tool call, one turn; 12 facts. */
  public SessionEventFixture whole() {
    opened("A title");
    var run = RunId.next();
    var query = QueryId.next();
    issued(run, query, seal(QueryIssued.class, "prompt", "What is here?"));
    activity(Activity.RUNNING).started(run, query, 1).initialized(run).said(run, "Looking.");
    returned(run, called(run, "Bash"));
    return turn(run, new PriceSource.Table("2026-11-01"))
        .said(run, "A file.")
        .completed(run, "A file.")
        .activity(Activity.IDLE);
  }
}
