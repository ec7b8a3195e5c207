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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is asked of one process beside its conversation, and what it says of itself. Whoever takes
 * the process over asks again what has no answer. One thread's own.
 */
final class SideRequestHandler {
  private static final String ASKED = "aside-";

  private final ProcessContext processContext;
  private final RunCommandSender runCommandSender;
  private final Map<String, SideRequest> asked = new LinkedHashMap<>();
  private Optional<ObjectNode> offer = Optional.empty();
  private volatile boolean waiting;

  SideRequestHandler(ProcessContext processContext, RunCommandSender runCommandSender) {
    this.processContext = processContext;
    this.runCommandSender = runCommandSender;
    this.waiting = !processContext.record().pendingRequests().sideRequests().isEmpty();
  }

  /** Whether somebody waits for an answer; may be asked from outside. */
  boolean isWaiting() {
    return waiting;
  }

  /** Asks what waits and was not asked here. */
  void sendNext(Optional<RunId> run) throws IOException {
    for (SideRequest sideRequest : processContext.record().pendingRequests().sideRequests()) {
      String request = ASKED + sideRequest.id();
      if (isPaid(sideRequest, run) && asked.putIfAbsent(request, sideRequest) == null) {
        if (run.isEmpty()) {
          runCommandSender.bindSideRequest(sideRequest.by());
        }
        processContext.process().send(question(sideRequest, request));
      }
    }
    waiting = !processContext.record().pendingRequests().sideRequests().isEmpty();
  }

  /** What the model is asked waits for the first run, if that is still to begin. */
  private boolean isPaid(SideRequest sideRequest, Optional<RunId> run) {
    return switch (sideRequest.kind()) {
      case QUESTION, TITLE ->
          run.isPresent() || processContext.record().pendingRequests().lastRun().isPresent();
      case CONTEXT, CAPABILITIES -> true;
    };
  }

  private ClaudeInput question(SideRequest sideRequest, String request) {
    return switch (sideRequest.kind()) {
      case QUESTION ->
          ClaudeInput.sideQuestion(
              request, processContext.record().pendingRequests().questionText(sideRequest));
      case TITLE ->
          ClaudeInput.title(
              request, processContext.record().pendingRequests().questionText(sideRequest));
      case CONTEXT -> ClaudeInput.contextUsage(request);
      case CAPABILITIES -> ClaudeInput.initialize(request, processContext.spec().introduction());
    };
  }

  /** What was asked aside is answered; what the process says of itself is kept, too. */
  void replied(ControlResponse reply) throws IOException {
    if (reply.response().path("commands").isArray()) {
      offer = Optional.of(SideResponseMapper.offer(reply.response()));
      keepOffer();
    }
    SideRequest sideRequest = asked.get(reply.requestId());
    if (sideRequest != null) {
      runCommandSender.recordUsage(); // What it cost is known before its answer is.
      runCommandSender.report(finding(sideRequest, reply), sideRequest.by());
    }
  }

  private static ProcessReport finding(SideRequest sideRequest, ControlResponse reply) {
    if (!reply.succeeded()) {
      return new ProcessReport.Nothing(
          sideRequest.id(), FailureReason.PROCESS, reply.error().orElse(""));
    }
    JsonNode response = reply.response();
    return switch (sideRequest.kind()) {
      case QUESTION -> SideResponseMapper.answer(sideRequest.id(), response);
      case TITLE -> SideResponseMapper.title(sideRequest.id(), response);
      case CONTEXT -> SideResponseMapper.measure(sideRequest.id(), response);
      case CAPABILITIES -> new ProcessReport.Answer(sideRequest.id(), "");
    };
  }

  /** The commands are others by now; before anything was said of the rest, that will be said. */
  void changed(CommandsChanged now) {
    if (offer.isPresent()) {
      offer.get().set("commands", SideResponseMapper.commands(now.commands()));
      keepOffer();
    }
  }

  private void keepOffer() {
    ProcessReport.Capabilities now =
        SideResponseMapper.capabilities(processContext.id(), offer.orElseThrow());
    if (!now.digest().equals(processContext.record().pendingRequests().capabilities())) {
      runCommandSender.report(now, runCommandSender.provenance());
    }
  }

  /** Nobody will answer what waits: another process would do no better. */
  void fail(String why) {
    for (SideRequest sideRequest : processContext.record().pendingRequests().sideRequests()) {
      runCommandSender.report(
          new ProcessReport.Nothing(sideRequest.id(), FailureReason.PROCESS, why),
          sideRequest.by());
    }
  }
}
