package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.ProcessReport;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.CommandsChanged;
import io.agentledger.command.claude.protocol.ClaudeMessage.ControlResponse;
import io.agentledger.command.claude.state.PendingRequests.SideRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Handles side requests to one process and the reports of the process about itself. A process that
 * takes over sends unanswered requests again. Confined to one thread.
 */
final class SideRequestHandler {
  private static final String REQUEST_PREFIX = "side-request-";

  private final ProcessContext processContext;
  private final RunCommandSender runCommandSender;
  private final Supplier<CommandNames> commandNames;
  private final RunCoordinator coordinator;
  private final Map<String, SideRequest> sentRequests = new LinkedHashMap<>();
  private Optional<ObjectNode> capabilities = Optional.empty();
  private boolean reportDue;
  private volatile boolean hasPending;

  /**
   * @param commandNames returns the names of the commands at present
   */
  SideRequestHandler(
      ProcessContext processContext,
      RunCommandSender runCommandSender,
      Supplier<CommandNames> commandNames,
      RunCoordinator coordinator) {
    this.processContext = processContext;
    this.runCommandSender = runCommandSender;
    this.commandNames = commandNames;
    this.coordinator = coordinator;
    this.hasPending = !processContext.state().pendingRequests().sideRequests().isEmpty();
  }

  /** Returns whether a side request is pending. Thread-safe. */
  boolean isWaiting() {
    return hasPending;
  }

  /** Sends the pending side requests that were not sent to this process yet. */
  void sendNext(Optional<RunId> run) throws IOException {
    for (SideRequest sideRequest : processContext.state().pendingRequests().sideRequests()) {
      String request = REQUEST_PREFIX + sideRequest.id();
      if (isBillable(sideRequest, run) && sentRequests.putIfAbsent(request, sideRequest) == null) {
        if (run.isEmpty()) {
          runCommandSender.bindSideRequest(sideRequest.provenance());
        }
        processContext.process().send(toInput(sideRequest, request));
      }
    }
    hasPending = !processContext.state().pendingRequests().sideRequests().isEmpty();
  }

  /**
   * Returns whether the costs of a request can be assigned: a request to the model waits for the
   * first run.
   */
  private boolean isBillable(SideRequest sideRequest, Optional<RunId> run) {
    return switch (sideRequest.kind()) {
      case QUESTION, TITLE ->
          run.isPresent() || processContext.state().pendingRequests().lastRun().isPresent();
      case CONTEXT, CAPABILITIES -> true;
    };
  }

  private ClaudeInput toInput(SideRequest sideRequest, String request) {
    return switch (sideRequest.kind()) {
      case QUESTION ->
          ClaudeInput.sideQuestion(
              request, processContext.state().pendingRequests().questionText(sideRequest));
      case TITLE ->
          ClaudeInput.generateTitle(
              request, processContext.state().pendingRequests().questionText(sideRequest));
      case CONTEXT -> ClaudeInput.contextUsage(request);
      case CAPABILITIES ->
          ClaudeInput.initialize(request, processContext.spec().initializeFields());
    };
  }

  /**
   * Handles the response to a side request, and stores the capabilities that the process reports.
   */
  void onControlResponse(ControlResponse reply) throws IOException {
    SideRequest sideRequest = sentRequests.get(reply.requestId());
    if (reply.response().path("commands").isArray()) {
      capabilities =
          Optional.of(SideResponseMapper.capabilitiesJson(reply.response(), commandNames.get()));
      reportDue = true;
      if (sideRequest == null) reportIfDue();
      else reportCapabilities(); // Before its answer.
    }
    if (sideRequest != null) {
      runCommandSender.recordUsage(); // Its cost is recorded before its response.
      runCommandSender.report(toReport(sideRequest, reply), sideRequest.provenance());
    }
  }

  private static ProcessReport toReport(SideRequest sideRequest, ControlResponse reply) {
    if (!reply.succeeded()) {
      return new ProcessReport.Failure(
          sideRequest.id(), FailureReason.PROCESS, reply.error().orElse(""));
    }
    JsonNode response = reply.response();
    return switch (sideRequest.kind()) {
      case QUESTION -> SideResponseMapper.answer(sideRequest.id(), response);
      case TITLE -> SideResponseMapper.title(sideRequest.id(), response);
      case CONTEXT -> SideResponseMapper.contextUsage(sideRequest.id(), response);
      case CAPABILITIES -> new ProcessReport.Answer(sideRequest.id(), "");
    };
  }

  /**
   * Handles a change of the slash commands. Before the capabilities are known nothing is reported;
   * the first report then contains the change.
   */
  void onCommandsChanged(CommandsChanged event) {
    if (capabilities.isPresent()) {
      capabilities
          .get()
          .set("commands", SideResponseMapper.commands(event.commands(), commandNames.get()));
      reportDue = true;
      reportIfDue();
    }
  }

  private boolean isPromptUnsent() {
    return coordinator.next().isExpected()
        || coordinator
            .currentAttemptState()
            .filter(RunAttempt.AttemptState::isPromptUnsent)
            .isPresent();
  }

  /**
   * Reports the capabilities of the process if they have changed. A prompt that is about to be sent
   * comes first.
   */
  void reportIfDue() {
    if (reportDue && !isPromptUnsent()) reportCapabilities();
  }

  private void reportCapabilities() {
    reportDue = false;
    ProcessReport.Capabilities report =
        SideResponseMapper.capabilities(processContext.id(), capabilities.orElseThrow());
    if (!report.digest().equals(processContext.state().pendingRequests().capabilitiesDigest())) {
      runCommandSender.report(report, runCommandSender.provenance());
    }
  }

  /** Fails all pending requests, because another process would not answer them either. */
  void failAll(String reason) {
    for (SideRequest sideRequest : processContext.state().pendingRequests().sideRequests()) {
      runCommandSender.report(
          new ProcessReport.Failure(sideRequest.id(), FailureReason.PROCESS, reason),
          sideRequest.provenance());
    }
  }
}
