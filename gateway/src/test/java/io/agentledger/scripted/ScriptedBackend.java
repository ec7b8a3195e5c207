package io.agentledger.scripted;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentQuery.FindAgent;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.agent.DefaultAgentIds;
import io.agentledger.api.agent.SkillFolder;
import io.agentledger.api.agent.SkillStore;
import io.agentledger.api.audit.AuditCommand.ExportAudit;
import io.agentledger.api.audit.AuditQuery.ListAudit;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.UserCommand.ProvisionExternalUser;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.api.mcp.McpServerQuery.ListMcpServerNames;
import io.agentledger.api.model.ModelCatalog;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.OpsQuery.ListProjections;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.permission.ToolGroupQuery.ListToolGroupNames;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimiter;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionQuery.FindCachedSession;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.query.SessionQuery.ListShares;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ShareView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.api.shared.FirstAnswers;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.workspace.GitSource;
import io.agentledger.api.workspace.StagedUpload;
import io.agentledger.api.workspace.WorkspaceProvisioner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * Fake of the other modules for the gateway: sessions in memory whose events a test writes. For
 * situations that tests cannot create with the real service: floods, delays, failures.
 */
public final class ScriptedBackend
    implements TransientEventBus,
        WorkspaceProvisioner,
        Authenticator,
        NodeInfo,
        DefaultAgentIds,
        SkillStore,
        FirstAnswers,
        RateLimiter,
        ModelCatalog,
        WebFilter {
  /** Models that the upstream lists. */
  public volatile List<String> models = List.of();

  private volatile List<Input> lastInputs = List.of();

  /** Decision for every call. */
  public volatile RateLimitDecision rateLimitDecision = RateLimitDecision.UNLIMITED;

  /** Whether anonymous clients have calls left. */
  public volatile boolean anonymousAllowed = true;

  /** The address that has no call left; empty for none. */
  public volatile String exhaustedAddress = "";

  /** Number of counted anonymous calls. */
  public final LongAdder anonymousCalls = new LongAdder();

  public static final String KEY = "owner-key-of-the-tests";
  public static final Caller OWNER =
      Caller.localOwner(TenantId.next(), UserId.next(), CredentialId.next());

  /** Provenance of the last command. */
  public volatile @Nullable Provenance lastProvenance;

  /** Number of pages of events that were read from the store. */
  public final LongAdder eventListCalls = new LongAdder();

  /** Number of pages of the access audit that were read. */
  public final LongAdder auditPages = new LongAdder();

  /** Number of requests whose response has not ended. */
  public final AtomicInteger activeRequests = new AtomicInteger();

  /** Callers with valid credentials. */
  public final Set<Caller> callers = ConcurrentHashMap.newKeySet();

  /** Provisioned users of external issuers with a valid identity. */
  public final List<ProvisionExternalUser> admitted = new CopyOnWriteArrayList<>();

  /** Sessions with an interrupt. */
  public final Set<SessionId> interrupted = ConcurrentHashMap.newKeySet();

  private final Set<SessionId> endless = ConcurrentHashMap.newKeySet();

  /** Commands and queries about shares and owners, in the order of their arrival. */
  public final List<Object> sharing = new CopyOnWriteArrayList<>();

  public final Set<String> refused = ConcurrentHashMap.newKeySet();

  private final Map<SessionId, Session> sessions = new ConcurrentHashMap<>();

  public ScriptedBackend() {
    callers.add(OWNER);
  }

  /** Events of one session and their followers. */
  private static final class Session {
    final OpenSession opened;
    final Set<UserId> hiddenFrom = ConcurrentHashMap.newKeySet();
    volatile @Nullable RunId pendingRun;
    final List<StreamItem> items = new ArrayList<>();
    final List<FluxSink<StreamItem>> followers = new ArrayList<>();
    final List<Consumer<StreamItem>> listeners = new CopyOnWriteArrayList<>();

    Session(OpenSession opened) {
      this.opened = opened;
    }
  }

  private Session createSession(SessionId id) {
    var session = sessions.get(id);
    if (session == null)
      throw new RejectionException(new Rejection.NotFound("session", id.value()));
    return session;
  }

  /** Returns the sessions with a query whose run never ends. */
  public Set<SessionId> sessionsWithEndlessRuns() {
    return new HashSet<>(endless);
  }

  /** Removes a user's share, with an event of the session. */
  public void unshare(SessionId id, UserId from) {
    createSession(id).hiddenFrom.add(from);
    appendEvent(id, null, "SessionUnshared", new StreamItem.Status(Map.of()));
  }

  /** Appends an event with a message and notifies the followers. */
  public void appendEvent(SessionId id, @Nullable RunId run, StreamItem.Body body) {
    appendEvent(id, run, "MessageReceived", body);
  }

  /** Appends an event that occurred at the time. */
  public void appendEvent(SessionId id, StreamItem.Body body, Instant at) {
    appendEvent(id, null, "MessageReceived", body, at);
  }

  /** Appends an event without fields of its own and notifies the followers. */
  public void appendStatus(SessionId id, RunId run, String name) {
    var shortfall =
        new BudgetShortfall(
            BudgetShortfall.Owner.SESSION, Money.ofUsd("0.01"), Money.ofUsd("0.0315"));
    appendEvent(
        id,
        run,
        name,
        new StreamItem.Status(
            name.equals("RunPaused") ? Map.of("shortfall", shortfall) : Map.of()));
  }

  private void appendEvent(SessionId id, @Nullable RunId run, String name, StreamItem.Body body) {
    appendEvent(id, run, name, body, Instant.now());
  }

  private void appendEvent(
      SessionId id, @Nullable RunId run, String name, StreamItem.Body body, Instant at) {
    var session = createSession(id);
    synchronized (session) {
      long sequence = session.items.size() + 1L;
      var item = new StreamItem(body.type(), name, id, run, null, null, sequence, at, body);
      session.items.add(item);
      session.followers.forEach(follower -> follower.next(item));
    }
  }

  public static StreamItem.Message message(String text) {
    return new StreamItem.Message(
        MessageId.next(),
        0,
        Role.ASSISTANT,
        MessageOrigin.MODEL,
        new Json("{\"type\":\"text\",\"text\":\"" + text + "\"}"),
        null);
  }

  public static StreamItem.Result result() {
    return new StreamItem.Result(
        "completed",
        "done",
        null,
        Usage.ZERO,
        List.of(),
        Money.ZERO,
        1,
        1,
        false,
        Upstream.REHEARSAL);
  }

  public void frame(SessionId id, String text) {
    publish(
        StreamItem.transientEvent(
            id,
            null,
            null,
            Instant.now(),
            new StreamItem.Partial(
                MessageId.next(), 0, StreamItem.Partial.Phase.DELTA, "text", text)));
  }

  /** Ends the streams of events with an error, as after the loss of the database. */
  public void breakFollowers(SessionId id) {
    var session = createSession(id);
    List<FluxSink<StreamItem>> all;
    synchronized (session) {
      all = List.copyOf(session.followers);
      session.followers.clear();
    }
    all.forEach(follower -> follower.error(new IllegalStateException("the database is away")));
  }

  @Override
  public AgentId idFor(TenantId tenant) {
    return new AgentId("agt_2222222222");
  }

  @Override
  public void delete(String digest) {}

  @Override
  public AgentSkill put(AgentId agent, SkillFolder folder, @Nullable AgentSkill current) {
    throw new UnsupportedOperationException("no agents");
  }

  @Override
  public SortedMap<String, byte[]> get(AgentId agent, String digest) {
    throw new UnsupportedOperationException("no agents");
  }

  @Override
  public Optional<Object> find(Provenance sender, Class<?> command, Idempotency idempotency) {
    return Optional.empty();
  }

  @QueryHandler
  AgentView find(FindAgent query) {
    throw new RejectionException(Rejection.NotFound.of(query.agentId()));
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return chain
        .filter(exchange)
        .doOnSubscribe(subscription -> activeRequests.incrementAndGet())
        .doFinally(signal -> activeRequests.decrementAndGet());
  }

  /** Returns a full page of 1 KiB entries, always with a next one. */
  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListAudit query) {
    auditPages.increment();
    var entry =
        new AuditView(
            "0192f6a4-7b3e-7c1d-9a52-1f0e6c3b8d47",
            Instant.EPOCH,
            null,
            null,
            "VaultCreated",
            "vault",
            "vlt_2222222222",
            Outcome.SUCCEEDED,
            1,
            null,
            null,
            "req_2222222222",
            null,
            Map.of("name", "x".repeat(600)),
            List.of(),
            0);
    return new Page<>(Collections.nCopies(query.page().limit(), entry), "next");
  }

  @CommandHandler
  void export(ExportAudit command) {}

  @CommandHandler
  SubmitResult open(OpenSession command, MetaData metadata) {
    lastProvenance = Provenance.of(metadata);
    sessions.put(command.sessionId(), new Session(command));
    appendEvent(command.sessionId(), null, new StreamItem.Status(Map.of("activity", "idle")));
    return submit(new SubmitInputs(command.sessionId(), command.inputs(), null), metadata);
  }

  /** Returns the inputs of the last command that had any. */
  public List<Input> lastInputs() {
    return lastInputs;
  }

  @Override
  public CompletionStage<List<String>> listModels() {
    return CompletableFuture.completedFuture(models);
  }

  @CommandHandler
  SubmitResult submit(SubmitInputs command, MetaData metadata) {
    lastProvenance = Provenance.of(metadata);
    lastInputs = command.inputs();
    var session = createSession(command.sessionId());
    synchronized (session) {
      var queries = new ArrayList<SubmitResult.Accepted>();
      long after = session.items.size();
      for (var input : command.inputs())
        if (input instanceof Input.Prompt prompt) {
          queries.add(new SubmitResult.Accepted(prompt.queryId(), prompt.runId(), 0));
          if (prompt.text().equals("fault")) throw new IllegalStateException("secret details");
          if (prompt.text().equals("never ends")) {
            endless.add(command.sessionId());
            continue;
          }
          if (prompt.text().startsWith("asks")) {
            session.pendingRun = prompt.runId();
            appendStatus(command.sessionId(), prompt.runId(), "ActivityChanged");
            continue;
          }
          if (prompt.text().equals("waits behind a paused run")) {
            appendStatus(command.sessionId(), RunId.next(), "RunPaused");
            continue;
          }
          if (prompt.text().equals("withdrawn")) {
            appendStatus(command.sessionId(), RunId.next(), "QueryWithdrawn");
            appendStatus(command.sessionId(), prompt.runId(), "QueryWithdrawn");
            continue;
          }
          appendEvent(command.sessionId(), prompt.runId(), message(prompt.text()));
          appendEvent(command.sessionId(), RunId.next(), message("of another run"));
          if (prompt.text().startsWith("paused"))
            appendStatus(command.sessionId(), prompt.runId(), "RunPaused");
          if (prompt.text().equals("paused")) continue;
          if (prompt.text().equals("paused and resumed"))
            appendStatus(command.sessionId(), prompt.runId(), "RunResumed");
          appendEvent(command.sessionId(), prompt.runId(), result());
        } else if (input instanceof Input.Interrupt || input instanceof Input.CancelQuery) {
          interrupted.add(command.sessionId());
        } else if (input instanceof Input.SubmitSideRequest) {
          throw new RejectionException(new SessionRejection.NoConversation());
        }
      return new SubmitResult(command.sessionId(), after, queries);
    }
  }

  @CommandHandler
  void authorize(ProvisionExternalUser command) {
    if (refused.contains(command.externalIdentity().subject()))
      throw new RejectionException(new Rejection.Forbidden());
    admitted.add(command);
    callers.add(
        Caller.ofUser(
            command.tenantId(),
            command.userId(),
            command.externalIdentity().credential(),
            command.role()));
  }

  @CommandHandler
  void share(ShareSession command) {
    sharing.add(command);
  }

  @CommandHandler
  void unshare(UnshareSession command) {
    sharing.add(command);
  }

  @CommandHandler
  void transfer(TransferSession command) {
    sharing.add(command);
  }

  @QueryHandler
  List<ShareView> list(ListShares query) {
    sharing.add(query);
    throw new RejectionException(new Rejection.NotFound("session", query.sessionId().value()));
  }

  @QueryHandler
  Optional<SessionView> find(FindCachedSession query) {
    return Optional.empty();
  }

  @QueryHandler
  SessionView find(FindSession query, MetaData metadata) {
    var session = requireVisible(query.sessionId(), metadata);
    var opened = session.opened;
    var options =
        opened
            .spec()
            .runOverrides()
            .applyTo(
                new RunOptions(
                    "model",
                    PermissionMode.DEFAULT,
                    RunOptions.DEFAULT_ALLOWED_TOOLS,
                    List.of(),
                    100,
                    Duration.ofMinutes(30)));
    synchronized (session) {
      return new SessionView(
          query.sessionId(),
          opened.ownerId(),
          opened.spec().title(),
          opened.spec().metadata(),
          List.of(),
          LifecycleStatus.OPEN,
          Instant.EPOCH,
          Activity.IDLE,
          session.items.size(),
          new SessionView.AgentRef(AgentId.next(), 1, "default"),
          new SessionView.EnvironmentRef(EnvironmentId.next(), "default"),
          options,
          ExecutionMode.of(options.permissionMode()),
          null,
          opened.spec().budget(),
          opened.workspaceSpec().workspace(),
          opened.origin(),
          0,
          null,
          session.pendingRun == null ? List.of() : List.of(permission(session.pendingRun)),
          0,
          Usage.ZERO,
          Money.ZERO,
          Instant.EPOCH,
          Instant.EPOCH);
    }
  }

  private static SessionView.PendingAction permission(RunId run) {
    return new SessionView.PendingAction(
        ActionId.next(),
        "permission",
        run,
        ThreadId.next(),
        ToolCallId.next(),
        "Bash",
        new Json("{}"),
        null,
        null,
        Instant.EPOCH,
        null);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page messages(ListMessages query) {
    var session = createSession(query.sessionId());
    synchronized (session) {
      return new Page<>(
          session.items.stream()
              .filter(item -> item.body() instanceof StreamItem.Message)
              .map(ScriptedBackend::toMessageView)
              .toList(),
          null);
    }
  }

  private static MessageView toMessageView(StreamItem item) {
    var message = (StreamItem.Message) item.body();
    return new MessageView(
        message.messageId(),
        message.blockIndex(),
        null,
        item.runId(),
        ThreadId.next(),
        message.role(),
        message.origin(),
        "text",
        message.block(),
        false,
        false,
        1,
        item.at());
  }

  @QueryHandler
  RunView find(FindRun query) {
    var session = createSession(query.sessionId());
    boolean ended;
    synchronized (session) {
      ended =
          session.items.stream()
              .anyMatch(
                  item ->
                      query.runId().equals(item.runId())
                          && item.body() instanceof StreamItem.Result);
    }
    return new RunView(
        query.runId(),
        query.sessionId(),
        null,
        new SessionView.AgentRef(AgentId.next(), 1, "default"),
        ended ? RunView.Status.COMPLETED : RunView.Status.PAUSED,
        1,
        "model",
        null,
        null,
        Upstream.REHEARSAL,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Usage.ZERO,
        List.of(),
        Money.ZERO,
        true,
        null,
        null,
        1,
        1,
        Instant.EPOCH,
        null,
        null);
  }

  private Session requireVisible(SessionId id, MetaData metadata) {
    var session = createSession(id);
    if (Caller.of(metadata)
        .filter(caller -> session.hiddenFrom.contains(caller.user()))
        .isPresent()) throw new RejectionException(new Rejection.NotFound("session", id.value()));
    return session;
  }

  @QueryHandler
  List<StreamItem> listEvents(ListSessionEvents query, MetaData metadata) {
    var session = requireVisible(query.sessionId(), metadata);
    synchronized (session) {
      if (query.after() > session.items.size())
        throw new RejectionException(
            new SessionRejection.PositionBeyondEnd(session.items.size(), "after"));
      int from = (int) query.after();
      int to = Math.min(from + query.limit(), session.items.size());
      eventListCalls.add(to - from);
      return List.copyOf(session.items.subList(from, to));
    }
  }

  @QueryHandler
  Flux<StreamItem> follow(FollowSession query) {
    return Flux.create(
        sink -> {
          var session = createSession(query.sessionId());
          synchronized (session) {
            session.items.stream().skip(query.after()).forEach(sink::next);
            session.followers.add(sink);
          }
          sink.onDispose(
              () -> {
                synchronized (session) {
                  session.followers.remove(sink);
                }
              });
        });
  }

  @QueryHandler
  UserQuotaView quota(FindMyQuota query) {
    var limits = new UserLimits(5, 5, 10_240, 1024, 60, 1000, MonthlyBudget.UNLIMITED);
    return new UserQuotaView(OWNER.user(), limits, false, 0);
  }

  @QueryHandler
  List<String> mcpServerNames(ListMcpServerNames query) {
    return List.of("shop");
  }

  @QueryHandler
  List<String> toolGroupNames(ListToolGroupNames query) {
    return List.of("hands");
  }

  @QueryHandler
  List<ProjectionView> projections(ListProjections query) {
    return List.of(new ProjectionView("sessions", 3, 3, true, false, 0));
  }

  @Override
  public void publish(StreamItem item) {
    createSession(item.sessionId()).listeners.forEach(listener -> listener.accept(item));
  }

  @Override
  public Runnable subscribe(SessionId id, @Nullable RunId run, Consumer<StreamItem> listener) {
    var listeners = createSession(id).listeners;
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public CompletionStage<Staged> stageCopy(
      SessionId session, TenantId tenant, Path folder, long mibMax) {
    return CompletableFuture.completedFuture(new Staged(1, 2));
  }

  @Override
  public CompletionStage<Path> createStagingFile(SessionId session) {
    return CompletableFuture.failedFuture(new UnsupportedOperationException("no place for files"));
  }

  @Override
  public CompletionStage<Staged> stageUploads(
      SessionId session, TenantId tenant, List<StagedUpload> stagedUploads, long mibMax) {
    return CompletableFuture.completedFuture(new Staged(stagedUploads.size(), 2));
  }

  @Override
  public CompletionStage<CheckedOut> stageRepository(
      SessionId session, TenantId tenant, GitSource source, long mibMax) {
    return CompletableFuture.completedFuture(new CheckedOut("c0ffee", 1, 2));
  }

  @Override
  public CompletionStage<Staged> stageEmpty(SessionId session) {
    return CompletableFuture.completedFuture(new Staged(0, 0));
  }

  @Override
  public CompletionStage<Void> discard(SessionId session) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Optional<Caller>> authenticate(String secret) {
    return CompletableFuture.completedFuture(
        KEY.equals(secret) && callers.contains(OWNER) ? Optional.of(OWNER) : Optional.empty());
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(UserId user, CredentialId login) {
    return CompletableFuture.completedFuture(
        callers.stream()
            .filter(caller -> caller.user().equals(user) && caller.credential().equals(login))
            .findFirst());
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(
      ExternalIdentity externalIdentity, TenantId tenant, io.agentledger.api.identity.Role role) {
    return CompletableFuture.completedFuture(
        callers.stream()
            .filter(
                caller ->
                    caller.user().equals(externalIdentity.userId())
                        && caller.tenant().equals(tenant)
                        && caller.role() == role)
            .findFirst());
  }

  @Override
  public CompletionStage<RateLimitDecision> acquire(Caller caller, int calls) {
    return CompletableFuture.supplyAsync(() -> rateLimitDecision);
  }

  @Override
  public boolean hasAnonymousAllowance(String address) {
    return anonymousAllowed && !address.equals(exhaustedAddress);
  }

  @Override
  public int anonymousCallsPerMinute() {
    return 60;
  }

  @Override
  public boolean tryAcquireAnonymous(String address) {
    anonymousCalls.increment();
    return hasAnonymousAllowance(address);
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(CredentialRef credentialRef) {
    return CompletableFuture.completedFuture(
        callers.stream()
            .filter(caller -> caller.credential().equals(credential(credentialRef)))
            .findFirst());
  }

  @Override
  public CompletionStage<Optional<Caller>> agentOf(
      Provenance initiator, AgentId agent, SessionId session) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  private static CredentialId credential(CredentialRef credentialRef) {
    return switch (credentialRef) {
      case CredentialRef.Key key -> key.credentialId();
      case CredentialRef.Login login -> login.loginId();
      case CredentialRef.ExternalToken externalToken ->
          externalToken.externalIdentity().credential();
    };
  }

  @Override
  public String node() {
    return "test";
  }

  @Override
  public Upstream upstream() {
    return Upstream.REHEARSAL;
  }

  @Override
  public SandboxLevel sandbox() {
    return SandboxLevel.NONE;
  }

  @Override
  public String sandboxReason() {
    return "a test";
  }

  @Override
  public String cliVersion() {
    return "0";
  }
}
