package io.agentledger.command.claude.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.ProcessReport;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.RecordProcessEnd;
import io.agentledger.api.session.command.SessionCommand.RecordProcessReport;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.record.SessionCommandGateway;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.command.model.WebSearchPermit;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Sends the commands that record the runs of one process. Confined to one thread. */
final class RunCommandSender {
  private final ProcessContext processContext;
  private final ModelEndpoint.Connection connection;
  private final SessionCommandGateway sessionCommandGateway;
  private final SessionId session;
  private volatile Provenance provenance;
  private long usageOffset;

  RunCommandSender(
      ProcessContext processContext,
      ModelEndpoint.Connection connection,
      SessionCommandGateway sessionCommandGateway) {
    this.processContext = processContext;
    this.connection = connection;
    this.sessionCommandGateway = sessionCommandGateway;
    this.session = processContext.state().session();
    this.provenance = processContext.state().provenance();
  }

  /** Returns the provenance of the last run. */
  Provenance provenance() {
    return provenance;
  }

  /** Assigns further commands and model exchanges to the attempt. */
  void bindRun(RunAttempt attempt) {
    provenance = attempt.provenance();
    connection.bindRun(
        processContext.state().billingContext(attempt.run(), provenance, processContext.id()));
    permitOpenSearches();
  }

  /**
   * Assigns a side request outside of a run to the last run, for its costs, and to its initiator.
   */
  void bindSideRequest(Provenance initiator) {
    processContext
        .state()
        .pendingRequests()
        .lastRun()
        .ifPresent(
            last -> {
              provenance = initiator;
              connection.bindRun(
                  processContext.state().billingContext(last, initiator, processContext.id()));
            });
  }

  /** Records a report of the process outside of its runs. */
  void report(ProcessReport processReport, Provenance initiator) {
    trySend(new RecordProcessReport(session, processContext.epoch(), processReport), initiator);
  }

  /** Permits the web search of a call with this input until the call or its run has ended. */
  void permitSearch(ToolCallId call, JsonNode input) {
    connection.permitSearch(call, WebSearchPermit.of(input));
  }

  /** Permits the searches of calls that were in progress when the service stopped. */
  private void permitOpenSearches() {
    SessionState state = processContext.state();
    state.runsUnderWayAt(processContext.id()).stream()
        .flatMap(run -> run.calls().entrySet().stream())
        .filter(entry -> entry.getValue().name().equals(EvaluatedToolCall.WEB_SEARCH))
        .filter(entry -> entry.getValue().allowed() && entry.getValue().outcome().isEmpty())
        .forEach(
            entry ->
                permitSearch(
                    entry.getKey(),
                    UntrustedJson.MAPPER.readTree(
                        state.allowedInput(entry.getKey(), entry.getValue()))));
  }

  /**
   * Permits the connections of a WebFetch call until the call or its run has ended. Unlike a
   * search, a fetch is not resumed after a restart: its connections ended with the service.
   */
  void permitFetch(ToolCallId call, List<Destination> destinations) {
    connection.permitFetch(call, destinations);
  }

  /** Ends the permits of a call; does nothing if it has none. */
  void endPermits(ToolCallId call) {
    connection.endPermits(call);
  }

  /**
   * Returns the last budget because of which a model request of the attempt was refused, if one
   * was, even if it was set again since.
   */
  Optional<BudgetShortfall> findShortfall(RunAttempt.AttemptState attemptState) {
    return connection.findShortfall(attemptState.attempt.run()).or(() -> attemptState.shortfall);
  }

  /** Returns the outage of the model API that the run currently waits for. */
  Optional<ModelOutage> findOutage(RunId run) {
    return connection.findOutage(run);
  }

  /**
   * Records the start of a run, unless it is recorded already.
   *
   * @return false if the run has ended already
   */
  boolean start(RunAttempt attempt) {
    if (attempt.startRecorded()) return bindStarted(attempt);
    bindRun(attempt);
    return trySend(
        new StartRun(
            session,
            attempt.run(),
            attempt.cause(),
            attempt.number(),
            attempt.options().model(),
            processContext.execution()));
  }

  private boolean bindStarted(RunAttempt attempt) {
    SessionState state = processContext.state();
    if (state.run(attempt.run()).isEmpty()) state.catchUp(); // Its start may not be read yet.
    bindRun(attempt);
    return state.run(attempt.run()).isPresent();
  }

  /** Records events of a run. They are dropped if the run has ended meanwhile. */
  void record(RunId run, List<UnrecordedEvent> events) {
    trySend(() -> createCommand(run, events), provenance);
  }

  /**
   * Records events of a run in progress, in the same append with its model exchanges that have
   * ended before.
   */
  void recordWithUsage(RunId run, List<UnrecordedEvent> events) throws IOException {
    List<ModelEndpoint.MeteredTurn> ended =
        unrecordedUsage().stream().takeWhile(turn -> turn.run().equals(run)).toList();
    List<UnrecordedEvent> all = withUsage(events, ended);
    if (trySend(() -> createCommand(run, all), provenance)) setRecorded(ended);
  }

  /**
   * Records that a run completed, in the same append with its last events and model exchanges. No
   * error if it has ended already; its model exchanges are recorded nevertheless.
   */
  void finishRun(FinishRun end, List<UnrecordedEvent> events) throws IOException {
    List<ModelEndpoint.MeteredTurn> page = unrecordedUsage();
    boolean isRest = isRestOf(end.runId(), page);
    if (!isRest) recordUsage();
    List<ModelEndpoint.MeteredTurn> ended = isRest ? page : List.of();
    List<UnrecordedEvent> all = withUsage(events, ended);
    boolean recorded =
        trySend(() -> end.with(end.cliCostUsd(), createCommand(end.runId(), all)), provenance);
    if (recorded) setRecorded(ended);
    else recordUsage();
  }

  /** Returns whether all that is not recorded is in this page and of the run. */
  private boolean isRestOf(RunId run, List<ModelEndpoint.MeteredTurn> page) throws IOException {
    return page.stream().allMatch(turn -> turn.run().equals(run))
        && (page.isEmpty() || connection.usageAfter(page.getLast().endOffset()).isEmpty());
  }

  private List<UnrecordedEvent> withUsage(
      List<UnrecordedEvent> events, List<ModelEndpoint.MeteredTurn> ended) {
    return Stream.concat(events.stream(), ended.stream().map(this::usageEvent)).toList();
  }

  private void setRecorded(List<ModelEndpoint.MeteredTurn> ended) {
    if (!ended.isEmpty()) usageOffset = ended.getLast().endOffset();
  }

  private RecordOutput createCommand(RunId run, List<UnrecordedEvent> events) {
    ProcessId process = processContext.id();
    long epoch = processContext.epoch();
    SessionSealer sealer = processContext.state().sealer();
    List<RecordOutput.Entry> entries =
        events.stream().map(event -> event.toEntry(sealer, run, process, epoch)).toList();
    return new RecordOutput(session, run, process, epoch, entries);
  }

  /** Records {@link #ownEvents events of the service itself}. */
  void recordOwn(RunId run, List<EventFactory> factories) {
    if (!factories.isEmpty()) {
      record(run, ownEvents(factories));
    }
  }

  /** Creates events of the service itself, on the main thread, without a line of the CLI. */
  List<UnrecordedEvent> ownEvents(List<EventFactory> factories) {
    ThreadId mainThread = processContext.state().opened().threadId();
    return factories.stream()
        .map(factory -> new UnrecordedEvent(SourcePosition.Source.RUNNER, 0, mainThread, factory))
        .toList();
  }

  /** Records the end of a run. No error if it has ended already. */
  void endRun(SessionCommand command) {
    trySend(command);
  }

  private boolean trySend(SessionCommand command) {
    return trySend(command, provenance);
  }

  private boolean trySend(SessionCommand command, Provenance initiator) {
    return trySend(() -> command, initiator);
  }

  private boolean trySend(Supplier<? extends SessionCommand> command, Provenance initiator) {
    try {
      sessionCommandGateway.send(session, command, initiator);
      return true;
    } catch (RejectionException no) {
      if (no.rejection() instanceof SessionRejection.StaleEpoch) {
        throw no; // Another node has the session, so this process must end.
      }
      return false;
    }
  }

  /** Reads and returns the new events of the session after a command. */
  List<SessionEvent> catchUp() {
    return processContext.state().catchUpAfterCommand();
  }

  /** Records that unfinished requests ended with the process. */
  void recordProcessEnd(String reason) {
    processContext.state().catchUp();
    if (processContext.state().pendingRequests().isUnfinished(processContext.id()))
      trySend(new RecordProcessEnd(session, processContext.id(), processContext.epoch(), reason));
  }

  /** Records the model exchanges that have ended since the last call. */
  void recordUsage() throws IOException {
    for (List<ModelEndpoint.MeteredTurn> page = unrecordedUsage();
        !page.isEmpty();
        page = connection.usageAfter(usageOffset)) {
      for (ModelEndpoint.MeteredTurn meteredTurn : page) {
        record(meteredTurn.run(), List.of(usageEvent(meteredTurn)));
        usageOffset = meteredTurn.endOffset();
      }
    }
  }

  private List<ModelEndpoint.MeteredTurn> unrecordedUsage() throws IOException {
    usageOffset =
        Math.max(
            usageOffset,
            processContext.state().endOffset(processContext.id(), SourcePosition.Source.USAGE));
    return connection.usageAfter(usageOffset);
  }

  private UnrecordedEvent usageEvent(ModelEndpoint.MeteredTurn meteredTurn) {
    return new UnrecordedEvent(
        SourcePosition.Source.USAGE,
        meteredTurn.endOffset(),
        processContext.state().opened().threadId(),
        meteredTurn.exchange()::toEvent);
  }
}
