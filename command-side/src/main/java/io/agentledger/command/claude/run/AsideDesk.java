package io.agentledger.command.claude.run;

import io.agentledger.api.session.AsideEvent.Silence;
import io.agentledger.api.session.Finding;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.CommandsChanged;
import io.agentledger.command.claude.protocol.ClaudeMessage.ControlReplied;
import io.agentledger.command.claude.record.WishesOnRecord.Aside;
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
final class AsideDesk {
  private static final String ASKED = "aside-";

  private final Post post;
  private final RunWriter writer;
  private final Map<String, Aside> asked = new LinkedHashMap<>();
  private Optional<ObjectNode> offer = Optional.empty();
  private volatile boolean waiting;

  AsideDesk(Post post, RunWriter writer) {
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
    for (Aside aside : post.record().wishes().asides()) {
      String request = ASKED + aside.id();
      if (asked.putIfAbsent(request, aside) == null) {
        if (run.isEmpty()) {
          writer.turnAside(aside.by());
        }
        post.process().send(question(aside, request));
      }
    }
    waiting = !post.record().wishes().asides().isEmpty();
  }

  private ClaudeInput question(Aside aside, String request) {
    return switch (aside.kind()) {
      case QUESTION -> ClaudeInput.sideQuestion(request, post.record().wishes().words(aside));
      case TITLE -> ClaudeInput.title(request, post.record().wishes().words(aside));
      case CONTEXT -> ClaudeInput.contextUsage(request);
      case CAPABILITIES -> ClaudeInput.initialize(request, post.spec().introduction());
    };
  }

  /** What was asked aside is answered; what the process says of itself is kept, too. */
  void replied(ControlReplied reply) throws IOException {
    if (reply.response().path("commands").isArray()) {
      offer = Optional.of(Findings.offer(reply.response()));
      keepOffer();
    }
    Aside aside = asked.get(reply.requestId());
    if (aside != null) {
      writer.recordUsage(); // What it cost is known before its answer is.
      writer.found(finding(aside, reply), aside.by());
    }
  }

  private static Finding finding(Aside aside, ControlReplied reply) {
    if (!reply.succeeded()) {
      return new Finding.Nothing(aside.id(), Silence.PROCESS, reply.error().orElse(""));
    }
    JsonNode said = reply.response();
    return switch (aside.kind()) {
      case QUESTION -> Findings.answer(aside.id(), said);
      case TITLE -> Findings.title(aside.id(), said);
      case CONTEXT -> Findings.measure(aside.id(), said);
      case CAPABILITIES -> new Finding.Answer(aside.id(), "");
    };
  }

  /** The commands are others by now; before anything was said of the rest, that will be said. */
  void changed(CommandsChanged now) {
    if (offer.isPresent()) {
      offer.get().set("commands", Findings.commands(now.commands()));
      keepOffer();
    }
  }

  private void keepOffer() {
    Finding.Capabilities now = Findings.capabilities(post.id(), offer.orElseThrow());
    if (!now.digest().equals(post.record().wishes().capabilities())) {
      writer.found(now, writer.provenance());
    }
  }

  /** Nobody will answer what waits: another process would do no better. */
  void fail(String why) {
    for (Aside aside : post.record().wishes().asides()) {
      writer.found(new Finding.Nothing(aside.id(), Silence.PROCESS, why), aside.by());
    }
  }
}
