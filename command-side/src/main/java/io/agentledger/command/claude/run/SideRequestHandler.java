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
import java.util.function.Function;
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
  private final Supplier<Function<String, Optional<String>>> commandRefusals;
  private final Map<String, SideRequest> sentRequests = new LinkedHashMap<>();
  private Optional<ObjectNode> capabilities = Optional.empty();
  private volatile boolean hasPending;

  /**
   * @param commandRefusals why a client cannot invoke the command of a name; empty if it can
   */
  SideRequestHandler(
      ProcessContext processContext,
      RunCommandSender runCommandSender,
      Supplier<Function<String, Optional<String>>> commandRefusals) {
    this.processContext = processContext;
    this.runCommandSender = runCommandSender;
    this.commandRefusals = commandRefusals;
    this.hasPending = !processContext.state().pendingRequests().sideRequests().isEmpty();
  }

  /** Whether somebody waits for an answer; may be asked from outside. */
  boolean isWaiting() {
    return hasPending;
  }

  /** Asks what waits and was not asked here. */
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

  /** What the model is asked waits for the first run, if that is still to begin. */
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

  /** What was asked aside is answered; what the process says of itself is kept, too. */
  void onControlResponse(ControlResponse reply) throws IOException {
    if (reply.response().path("commands").isArray()) {
      capabilities =
          Optional.of(SideResponseMapper.capabilitiesJson(reply.response(), commandRefusals.get()));
      reportCapabilities();
    }
    SideRequest sideRequest = sentRequests.get(reply.requestId());
    if (sideRequest != null) {
      runCommandSender.recordUsage(); // What it cost is known before its answer is.
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

  /** The commands are others by now; before anything was said of the rest, that will be said. */
  void onCommandsChanged(CommandsChanged event) {
    if (capabilities.isPresent()) {
      capabilities
          .get()
          .set("commands", SideResponseMapper.commands(event.commands(), commandRefusals.get()));
      reportCapabilities();
    }
  }

  private void reportCapabilities() {
    ProcessReport.Capabilities report =
        SideResponseMapper.capabilities(processContext.id(), capabilities.orElseThrow());
    if (!report.digest().equals(processContext.state().pendingRequests().capabilitiesDigest())) {
      runCommandSender.report(report, runCommandSender.provenance());
    }
  }

  /** Nobody will answer what waits: another process would do no better. */
  void failAll(String reason) {
    for (SideRequest sideRequest : processContext.state().pendingRequests().sideRequests()) {
      runCommandSender.report(
          new ProcessReport.Failure(sideRequest.id(), FailureReason.PROCESS, reason),
          sideRequest.provenance());
    }
  }
}
