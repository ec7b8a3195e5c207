package io.agentledger.command.session;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookRegistry;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.TurnStatus;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.RunnerEvent;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.HookRejection.HookRefused;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.store.crypto.Sealer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;

/** Users, ids and times for tests of one session. */
abstract class SessionFixture {
  static final BudgetShortfall SHORTFALL =
      new BudgetShortfall(BudgetShortfall.Owner.SESSION, Money.ofUsd("1"), Money.ofUsd("1.2"));
  static final SessionId SESSION = new SessionId("ses_2222222222");
  static final UserId ADA = new UserId("usr_2222222222");
  static final ThreadId MAIN = new ThreadId("thr_2222222222");
  static final QueryId QUERY = new QueryId("qry_2222222222");
  static final RunId RUN = new RunId("run_2222222222");
  static final QueryId NEXT_QUERY = new QueryId("qry_3333333333");
  static final RunId NEXT_RUN = new RunId("run_3333333333");
  static final RunId BACKGROUND = new RunId("run_bbbbbbbbbb");
  static final ProcessId PROCESS = new ProcessId(ProcessId.PREFIX + "_2222222222");
  static final ProcessId OTHER_PROCESS = new ProcessId(ProcessId.PREFIX + "_3333333333");
  static final ActionId ACTION = new ActionId("act_2222222222");
  static final ActionId OTHER_ACTION = new ActionId("act_3333333333");
  static final ToolCallId CALL = new ToolCallId("tcl_2222222222");
  static final ToolCallId OTHER_CALL = new ToolCallId("tcl_3333333333");
  static final Duration SECOND = Duration.ofSeconds(1);
  static final RunTotals NOTHING_USED = new RunTotals(Usage.ZERO, Money.ZERO, SECOND, 0, List.of());
  static final RunTotals UNSTARTED =
      new RunTotals(Usage.ZERO, Money.ZERO, Duration.ZERO, 0, List.of());
  static final Usage USAGE = new Usage(10, 20, 1, 2, 3);
  static final Money CENT = Money.ofUsd("0.01");

  static final RunOptions OPTIONS =
      new RunOptions(
          "opus", PermissionMode.DEFAULT, List.of(), List.of("Bash"), 50, Duration.ofHours(1));
  static final AgentSnapshot AGENT =
      new AgentSnapshot(
          new AgentId("agt_2222222222"),
          1,
          "claude",
          new AgentSnapshot.Model("opus", "default", "default"),
          AgentSnapshot.SystemPrompt.PRESET,
          List.of("Read"),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of());
  static final EnvironmentSnapshot ENVIRONMENT =
      new EnvironmentSnapshot(
          new EnvironmentId("env_2222222222"),
          "local",
          EnvironmentSnapshot.EnvironmentType.LOCAL,
          new EnvironmentSnapshot.Network.Closed(),
          Map.of(),
          new EnvironmentSnapshot.Limits(0, 0, 1024),
          List.of(),
          List.of());

  static final TenantId TENANT = new TenantId("tnt_2222222222");

  /** Validator that accepts every answer. */
  static final AnswerValidator ANY_ANSWER =
      new AnswerValidator() {
        @Override
        public void check(SessionId session, long sequence, Input.Answer answer) {}

        @Override
        public void check(SessionId session, long sequence, Input.AnswerElicitation answer) {}
      };

  /** Process that waits for a run, by the recorded state of its session. */
  Function<RunStarter.Recorded, Optional<Execution>> waitingProcess = recorded -> Optional.empty();

  final FixtureConfiguration<Session> session =
      new AggregateTestFixture<>(Session.class)
          .registerInjectableResource(new PlainSealer())
          .registerInjectableResource(ANY_ANSWER)
          .registerInjectableResource(
              (RunStarter) (issued, recorded) -> waitingProcess.apply(recorded))
          .registerInjectableResource(
              (ActionInitiatorReader) (session, sequence) -> Actor.ofUser(ADA))
          .registerInjectableResource(new SessionDefaults(AGENT, OPTIONS))
          .registerInjectableResource(SERVERS)
          .registerInjectableResource(HOOKS)
          .registerInjectableResource(
              new SessionOpener(
                  SERVERS,
                  EnvironmentOpeningTest::environment,
                  tenant -> AGENT.id(),
                  SessionOpenedFactoryTest::parentOf))
          .registerCommandDispatchInterceptor(
              commands ->
                  (number, command) ->
                      command.getPayload() instanceof OpenSession
                          ? command.andMetaData(Map.of(Provenance.TENANT, TENANT.value()))
                          : command);

  /** Registry that accepts every hook whose matcher is an expression. */
  static final HookRegistry HOOKS =
      new HookRegistry() {
        @Override
        public int countOf(TenantId tenant) {
          return 0;
        }

        @Override
        public void check(TenantId tenant, HookDefinition definition) {
          if (definition.matcher().equals("("))
            throw new RejectionException(new HookRefused("matcher", "is no expression"));
        }
      };

  /** Registry in which one server is usable, and no other. */
  static final McpServerRegistry SERVERS =
      new McpServerRegistry() {
        @Override
        public List<SelectedMcpServer> resolve(
            TenantId tenant, SessionId session, List<McpServerId> requested) {
          return List.of();
        }

        @Override
        public List<SelectedMcpServer> visibleTo(
            TenantId tenant, SessionId session, List<SelectedMcpServer> servers) {
          return servers;
        }

        @Override
        public Usable findUsable(TenantId tenant, SessionId session, List<McpServerId> requested) {
          var servers =
              requested.contains(SERVER)
                  ? List.of(new SelectedMcpServer(SERVER, "files"))
                  : List.<SelectedMcpServer>of();
          var errors = new HashMap<String, String>();
          requested.stream()
              .filter(id -> !id.equals(SERVER))
              .forEach(id -> errors.put(id.value(), "it is archived"));
          return new Usable(servers, errors);
        }
      };

  /** Seals nothing, so that events can be compared literally. */
  static class PlainSealer implements Sealer {
    @Override
    public Content seal(Id subject, Class<?> event, String field, String text) {
      return sealed(event, field, text);
    }

    @Override
    public String open(Id subject, Class<?> event, String field, Content content) {
      throw new UnsupportedOperationException("a session never opens content");
    }
  }

  static Content sealed(Class<?> event, String field, String text) {
    var plain = StableNames.of(event) + "/" + field + "/" + text;
    return new Content.Inline(SESSION.value(), plain.getBytes(StandardCharsets.UTF_8));
  }

  static SessionOpened opened() {
    return new SessionOpened(
        SESSION,
        ADA,
        MAIN,
        AGENT,
        SealedAgentSetup.NONE,
        SealedTools.NONE,
        ENVIRONMENT,
        OPTIONS,
        new Budget.Unlimited(),
        new Workspace.Empty(),
        SealedFolder.NONE,
        List.of(),
        new SessionOrigin.Fresh(),
        List.of(),
        Content.ABSENT,
        Content.ABSENT,
        Content.ABSENT);
  }

  static ActivityChanged activityChanged(Activity activity, ActionId... pending) {
    return new ActivityChanged(SESSION, activity, List.of(pending));
  }

  static Input.Prompt prompt(QueryId query, RunId run, String text) {
    return new Input.Prompt(query, run, QueryEvent.Cause.USER, text, RunOverrides.NONE);
  }

  static final McpServerId SERVER = McpServerId.next();

  static SubmitInputs submit(Input... inputs) {
    return new SubmitInputs(SESSION, List.of(inputs), null);
  }

  static QueryIssued issued(QueryId query, RunId run, String text) {
    return issued(query, run, OPTIONS, text);
  }

  static QueryIssued issued(QueryId query, RunId run, RunOptions options, String text) {
    return new QueryIssued(
        SESSION,
        query,
        run,
        QueryEvent.Cause.USER,
        options,
        sealed(QueryIssued.class, "prompt", text));
  }

  /** Event of a query that was queued: its prompt stays sealed in the first event. */
  static QueryIssued released(QueryId query, RunId run) {
    return new QueryIssued(SESSION, query, run, QueryEvent.Cause.USER, OPTIONS, Content.ABSENT);
  }

  static QueryQueued queued(QueryId query, RunId run, String text) {
    return new QueryQueued(
        SESSION,
        query,
        run,
        QueryEvent.Cause.USER,
        OPTIONS,
        sealed(QueryQueued.class, "prompt", text));
  }

  static Execution machinery(ProcessId process, long epoch) {
    return new Execution(
        "node", epoch, process, "hash", "2.1.197", SandboxLevel.FULL, Upstream.REHEARSAL);
  }

  static StartRun start(int attempt, ProcessId process, long epoch) {
    return new StartRun(
        SESSION, RUN, new Cause.Query(QUERY), attempt, "opus", machinery(process, epoch));
  }

  static StartRun startBackground(RunId run) {
    return new StartRun(SESSION, run, new Cause.Background(), 1, "opus", machinery(PROCESS, 1));
  }

  static RunStarted started(int attempt, ProcessId process, long epoch) {
    return started(RUN, new Cause.Query(QUERY), attempt, machinery(process, epoch));
  }

  static RunStarted started(RunId run, Cause cause, int attempt, Execution execution) {
    return new RunStarted(SESSION, run, MAIN, cause, attempt, "opus", execution);
  }

  /** Events of an open session with a query and its first attempt in progress. */
  static Object[] running(Object... more) {
    return concat(
        new Object[] {
          opened(),
          issued(QUERY, RUN, "hi"),
          activityChanged(Activity.RUNNING),
          started(1, PROCESS, 1)
        },
        more);
  }

  static Object[] concat(Object[] before, Object... more) {
    var all = java.util.Arrays.copyOf(before, before.length + more.length);
    System.arraycopy(more, 0, all, before.length, more.length);
    return all;
  }

  static RunFailed failed(Failure failure, boolean retrying, RunTotals runTotals) {
    return new RunFailed(
        SESSION, RUN, failure, retrying, runTotals, sealed(RunFailed.class, "error", "oops"));
  }

  static RecordOutput record(RecordOutput.Entry... entries) {
    return new RecordOutput(SESSION, RUN, PROCESS, 1, List.of(entries));
  }

  /**
   * Command with each event at the position where it was read; actions are events of the runner
   * itself.
   */
  static RecordOutput record(RunnerEvent... events) {
    return record(
        Arrays.stream(events).map(SessionFixture::entryOf).toArray(RecordOutput.Entry[]::new));
  }

  private static RecordOutput.Entry entryOf(RunnerEvent event) {
    return event instanceof OutputEvent output
        ? read(output.sourcePosition().source(), output.sourcePosition().endOffset(), event)
        : read(Source.RUNNER, 0, event);
  }

  static RecordOutput.Entry read(Source source, long end, RunnerEvent event) {
    return new RecordOutput.Entry(source, end, event);
  }

  static SourcePosition sourcePosition(long end) {
    return new SourcePosition(PROCESS, 1, Source.JOURNAL, end);
  }

  static SourcePosition sourcePosition(Source source, long end) {
    return new SourcePosition(PROCESS, 1, source, end);
  }

  static MessageReceived messageReceived(long end, String text) {
    return messageReceived(RUN, sourcePosition(end), text);
  }

  static MessageReceived messageReceived(RunId run, SourcePosition position, String text) {
    return new MessageReceived(
        SESSION,
        run,
        MAIN,
        position,
        new MessageId("msg_2222222222"),
        0,
        Role.ASSISTANT,
        MessageOrigin.MODEL,
        "text",
        sealed(MessageReceived.class, "block", text),
        Usage.ZERO);
  }

  static RunCompleted endedByBudget(RunId run, RunTotals totals) {
    return new RunCompleted(
        SESSION, run, StopReason.BUDGET, totals, Content.ABSENT, Content.ABSENT);
  }

  static TurnFinished turnCompleted(long end, String exchange) {
    return turnCompleted(RUN, sourcePosition(Source.USAGE, end), exchange);
  }

  static TurnFinished turnCompleted(RunId run, SourcePosition position, String exchange) {
    return new TurnFinished(
        SESSION,
        run,
        MAIN,
        position,
        exchange,
        "opus",
        USAGE,
        CENT,
        new PriceSource.Table("2026-11-01"),
        TurnStatus.COMPLETED);
  }

  static PermissionRequested permissionRequested(ActionId action, ToolCallId call) {
    return permissionRequested(RUN, action, call);
  }

  static PermissionRequested permissionRequested(RunId run, ActionId action, ToolCallId call) {
    return permissionRequested(run, action, call, "Bash");
  }

  static PermissionRequested permissionRequested(
      RunId run, ActionId action, ToolCallId call, String tool) {
    return new PermissionRequested(
        SESSION,
        run,
        MAIN,
        action,
        call,
        tool,
        "digest",
        new AnswerTimeout.Unlimited(),
        sealed(PermissionRequested.class, "input", "{\"command\":\"ls\"}"),
        sealed(PermissionRequested.class, "reason", "not on the list"));
  }

  /** Events of a run that waits for one decision. */
  static Object[] waiting() {
    return running(permissionRequested(ACTION, CALL), activityChanged(Activity.WAITING, ACTION));
  }

  static ActionExpired expired(ActionId action, ExpiryReason expiry) {
    return new ActionExpired(SESSION, action, expiry);
  }
}
