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

  private final ProcessContext post;
  private final RunCommandSender writer;
  private final Map<String, SideRequest> asked = new LinkedHashMap<>();
  private Optional<ObjectNode> offer = Optional.empty();
  private volatile boolean waiting;

  SideRequestHandler(ProcessContext post, RunCommandSender writer) {
    this.post = post;
    this.writer = writer;
    this.waiting = !post.record().wishes().asides().isEmpty();
  }

  /** Whether somebody waits for an answer; may be asked from outside. */
  boolean isWaiting() {
    return waiting;
  }

  /** Asks what waits and was not asked here. */
  void ask(Optional<RunId> run) throws IOException {
    for (SideRequest aside : post.record().wishes().asides()) {
      String request = ASKED + aside.id();
      if (isPaid(aside, run) && asked.putIfAbsent(request, aside) == null) {
        if (run.isEmpty()) {
          writer.turnAside(aside.by());
        }
        post.process().send(question(aside, request));
      }
    }
    waiting = !post.record().wishes().asides().isEmpty();
  }

  /** What the model is asked waits for the first run, if that is still to begin. */
  private boolean isPaid(SideRequest aside, Optional<RunId> run) {
    return switch (aside.kind()) {
      case QUESTION, TITLE -> run.isPresent() || post.record().wishes().lastRun().isPresent();
      case CONTEXT, CAPABILITIES -> true;
    };
  }

  private ClaudeInput question(SideRequest aside, String request) {
    return switch (aside.kind()) {
      case QUESTION -> ClaudeInput.sideQuestion(request, post.record().wishes().words(aside));
      case TITLE -> ClaudeInput.title(request, post.record().wishes().words(aside));
      case CONTEXT -> ClaudeInput.contextUsage(request);
      case CAPABILITIES -> ClaudeInput.initialize(request, post.spec().introduction());
    };
  }

  /** What was asked aside is answered; what the process says of itself is kept, too. */
  void replied(ControlResponse reply) throws IOException {
    if (reply.response().path("commands").isArray()) {
      offer = Optional.of(SideResponseMapper.offer(reply.response()));
      keepOffer();
    }
    SideRequest aside = asked.get(reply.requestId());
    if (aside != null) {
      writer.recordUsage(); // What it cost is known before its answer is.
      writer.found(finding(aside, reply), aside.by());
    }
  }

  private static ProcessReport finding(SideRequest aside, ControlResponse reply) {
    if (!reply.succeeded()) {
      return new ProcessReport.Nothing(aside.id(), FailureReason.PROCESS, reply.error().orElse(""));
    }
    JsonNode said = reply.response();
    return switch (aside.kind()) {
      case QUESTION -> SideResponseMapper.answer(aside.id(), said);
      case TITLE -> SideResponseMapper.title(aside.id(), said);
      case CONTEXT -> SideResponseMapper.measure(aside.id(), said);
      case CAPABILITIES -> new ProcessReport.Answer(aside.id(), "");
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
        SideResponseMapper.capabilities(post.id(), offer.orElseThrow());
    if (!now.digest().equals(post.record().wishes().capabilities())) {
      writer.found(now, writer.provenance());
    }
  }

  /** Nobody will answer what waits: another process would do no better. */
  void fail(String why) {
    for (SideRequest aside : post.record().wishes().asides()) {
      writer.found(new ProcessReport.Nothing(aside.id(), FailureReason.PROCESS, why), aside.by());
    }
  }
}
