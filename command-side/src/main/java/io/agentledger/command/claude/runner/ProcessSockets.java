package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.claude.egress.EgressContext;
import io.agentledger.command.claude.egress.EgressProxy;
import io.agentledger.command.claude.egress.EgressSocket;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.ListeningSocket;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.command.model.SocketHolder;
import io.agentledger.command.model.WebSearchPermit;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.store.permission.EvaluatedToolCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sockets of a sandboxed process: to its model, and to the egress proxy if its environment has
 * network access, for its commands and for the pages that it fetches itself.
 */
record ProcessSockets(ModelEndpoint model, EgressProxy egress) {
  private static final String USAGE = "usage";
  private static final String EGRESS_SOCKET = "proxy";
  private static final Duration HOLDER_START_TIMEOUT = Duration.ofSeconds(2);

  /** Process with the files of its session. */
  record Place(SessionId session, SessionPaths files, ProcessId process) {
    /**
     * Returns the path of the socket outside of the sandbox by which the process's supervisor
     * script hands over the model socket.
     */
    Path handover() {
      return files.base().resolve(SessionPaths.MODEL_SOCKET);
    }

    Path directory() {
      return files.runs().resolve(process.value());
    }

    Path modelSocket() {
      return files.sockets().resolve(SessionPaths.MODEL_SOCKET);
    }
  }

  /** Process of a session under a lease. */
  record Owner(SessionState state, SessionPaths files, ProcessId process, long epoch) {
    Place place() {
      return new Place(state.session(), files, process);
    }

    Path directory() {
      return place().directory();
    }

    Subject subject() {
      return new Subject(state.provenance().tenant(), state.opened().agent().id(), state.session());
    }
  }

  /**
   * Opens the egress socket of a process that is about to start, so that its sandbox can mount it,
   * and requests its supervisor script to hold the model socket.
   */
  Optional<EgressSocket> prepare(Owner owner) throws IOException {
    requestHolder(owner.place());
    return openEgress(owner);
  }

  /** Requests the supervisor script of a process that is about to start to hold its socket. */
  void requestHolder(Place place) throws IOException {
    if (SocketHolder.isSupported())
      new SocketHolder(place.handover(), HOLDER_START_TIMEOUT)
          .request(
              place.directory().resolve(ClaudeProcess.LISTEN_REQUEST),
              place.modelSocket(),
              place.files().socketOwner());
  }

  /** Opens the model socket of a process that has just started and has no run yet. */
  ModelEndpoint.Connection openModel(Place place) throws IOException {
    return openModel(place, HOLDER_START_TIMEOUT, Optional.empty());
  }

  /** Opens the model socket of a process that has just started. */
  ModelEndpoint.Connection open(Owner owner, Optional<EgressSocket> egressSocket)
      throws IOException {
    return open(owner, egressSocket, HOLDER_START_TIMEOUT, Optional.empty());
  }

  /**
   * Opens the sockets again at the same paths, after a restart. Requests that waited meanwhile
   * belong to the session's last run.
   */
  ModelEndpoint.Connection reopen(Owner owner) throws IOException {
    SessionState state = owner.state();
    Optional<BillingContext> billingContext =
        state
            .pendingRequests()
            .lastRun()
            .map(run -> state.billingContext(run, state.provenance(), owner.process()));
    return open(owner, openEgress(owner), Duration.ZERO, billingContext);
  }

  private ModelEndpoint.Connection open(
      Owner owner,
      Optional<EgressSocket> egressSocket,
      Duration holderTimeout,
      Optional<BillingContext> billingContext)
      throws IOException {
    try {
      ModelEndpoint.Connection connection = openModel(owner.place(), holderTimeout, billingContext);
      return egressSocket.isPresent()
          ? new ModelAndEgressConnection(connection, egressSocket.get())
          : connection;
    } catch (IOException | RuntimeException failed) {
      egressSocket.ifPresent(EgressSocket::close);
      throw failed;
    }
  }

  private ModelEndpoint.Connection openModel(
      Place place, Duration holderTimeout, Optional<BillingContext> billingContext)
      throws IOException {
    var holder = new SocketHolder(place.handover(), holderTimeout);
    return model.open(
        new ListeningSocket(place.modelSocket(), place.files().socketOwner(), Optional.of(holder)),
        place.directory().resolve(USAGE),
        new ModelEndpoint.EndpointOwner(place.session(), place.process(), billingContext));
  }

  private Optional<EgressSocket> openEgress(Owner owner) throws IOException {
    Network network = owner.state().opened().environment().network();
    if (egress.isOpenFor(network)) return Optional.of(open(owner, network));
    TreeDeleter.deleteTree(owner.files().egress()); // The sandbox would mount it.
    return Optional.empty();
  }

  private EgressSocket open(Owner owner, Network network) throws IOException {
    Path commands = owner.files().createEgress(Sandbox.COMMAND_EGRESS).resolve(EGRESS_SOCKET);
    Optional<Path> fetch = Optional.empty();
    if (owner.state().opened().agent().tools().contains(EvaluatedToolCall.WEB_FETCH))
      fetch = Optional.of(owner.files().createEgress(Sandbox.FETCH_EGRESS).resolve(EGRESS_SOCKET));
    var thread = owner.state().opened().threadId();
    return egress.open(
        new EgressProxy.Paths(commands, fetch),
        owner.files().socketOwner(),
        new EgressContext(
            owner.subject(),
            owner.process(),
            owner.epoch(),
            thread,
            network,
            owner.state().sealer()));
  }

  /** Connection of the model socket that also closes the egress socket. */
  private record ModelAndEgressConnection(ModelEndpoint.Connection model, EgressSocket egress)
      implements ModelEndpoint.Connection {
    @Override
    public void answerWarmUp() {
      model.answerWarmUp();
    }

    @Override
    public void bindRun(BillingContext billingContext) {
      model.bindRun(billingContext);
      egress.bindRun(billingContext.run(), billingContext.provenance());
    }

    @Override
    public Optional<BudgetShortfall> findShortfall(RunId run) {
      return model.findShortfall(run);
    }

    @Override
    public void permitSearch(ToolCallId call, WebSearchPermit permit) {
      model.permitSearch(call, permit);
    }

    @Override
    public void permitFetch(ToolCallId call, List<Destination> destinations) {
      egress.permitFetch(call, destinations);
    }

    @Override
    public void endPermits(ToolCallId call) {
      model.endPermits(call);
      egress.endFetch(call);
    }

    @Override
    public boolean isExchanging() {
      return model.isExchanging();
    }

    @Override
    public Optional<ModelOutage> findOutage(RunId run) {
      return model.findOutage(run);
    }

    @Override
    public boolean wasSent(String messageId) {
      return model.wasSent(messageId);
    }

    @Override
    public boolean wasRequested(String toolUseId) {
      return model.wasRequested(toolUseId);
    }

    @Override
    public boolean markReturned(String toolUseId, long journalOffset) {
      return model.markReturned(toolUseId, journalOffset);
    }

    @Override
    public List<ModelEndpoint.MeteredTurn> usageAfter(long offset) throws IOException {
      return model.usageAfter(offset);
    }

    @Override
    public void close() {
      try (model) {
        egress.close();
      }
    }
  }
}
