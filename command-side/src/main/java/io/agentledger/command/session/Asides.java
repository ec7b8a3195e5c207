package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.AsideEvent;
import io.agentledger.api.session.AsideEvent.AsideAnswered;
import io.agentledger.api.session.AsideEvent.AsideAsked;
import io.agentledger.api.session.AsideEvent.AsideFailed;
import io.agentledger.api.session.AsideEvent.CapabilitiesKnown;
import io.agentledger.api.session.AsideEvent.ContextMeasured;
import io.agentledger.api.session.AsideEvent.Kind;
import io.agentledger.api.session.AsideEvent.Silence;
import io.agentledger.api.session.AsideId;
import io.agentledger.api.session.Finding;
import io.agentledger.api.session.Input.AskAside;
import io.agentledger.api.session.LifecycleEvent.SessionRenamed;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.SessionRejection.NothingSaid;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits for an answer beside the conversation, and what is known of the session's process. The
 * first answer counts, time's included; what comes after it is silence.
 */
final class Asides {
  /** So that a wish that is repeated is known, long after its answer. */
  private static final int REMEMBERED_MAX = 64;

  private List<AsideId> waiting = new ArrayList<>();
  private List<AsideId> known = new ArrayList<>();
  private String capabilities = "";

  /**
   * @param talked whether there is a conversation to speak about, and a run that pays for it
   */
  void ask(AskAside wish, boolean talked, Sealing sealing) {
    if (known.contains(wish.asideId())) return;
    if (needsModel(wish.kind()) && !talked) throw new Rejected(new NothingSaid());
    if (waiting.size() >= AskAside.WAITING_MAX)
      throw new Rejected(new TooMany("asides", AskAside.WAITING_MAX));
    var words = sealing.text(AsideAsked.class, "words", wish.words());
    apply(new AsideAsked(sealing.session(), wish.asideId(), wish.kind(), words));
  }

  static boolean needsModel(Kind kind) {
    return kind == Kind.QUESTION || kind == Kind.TITLE;
  }

  void record(Finding finding, Sealing sealing) {
    switch (finding) {
      case Finding.Answer answer -> settle(answer.asideId(), answer.answer(), sealing);
      case Finding.Title title -> {
        if (!waiting.contains(title.asideId())) return;
        var sealed = sealing.text(SessionRenamed.class, "title", title.title());
        apply(new SessionRenamed(sealing.session(), sealed));
        settle(title.asideId(), title.title(), sealing);
      }
      case Finding.Measure measure -> {
        if (!waiting.contains(measure.asideId())) return;
        apply(measured(measure, sealing));
        settle(measure.asideId(), "", sealing);
      }
      case Finding.Nothing nothing ->
          fail(nothing.asideId(), nothing.silence(), nothing.reason(), sealing);
      case Finding.Capabilities now -> {
        if (!now.digest().equals(capabilities)) apply(known(now, sealing));
      }
    }
  }

  private static ContextMeasured measured(Finding.Measure measure, Sealing sealing) {
    return new ContextMeasured(
        sealing.session(),
        measure.model(),
        measure.tokens(),
        measure.tokensMax(),
        sealing.json(ContextMeasured.class, "breakdown", measure.breakdown()));
  }

  private static CapabilitiesKnown known(Finding.Capabilities now, Sealing sealing) {
    return new CapabilitiesKnown(
        sealing.session(),
        now.processId(),
        now.digest(),
        sealing.json(CapabilitiesKnown.class, "capabilities", now.capabilities()));
  }

  private void settle(AsideId id, String answer, Sealing sealing) {
    if (!waiting.contains(id)) return;
    Content sealed = sealing.text(AsideAnswered.class, "answer", answer);
    apply(new AsideAnswered(sealing.session(), id, sealed));
  }

  void fail(AsideId id, Silence silence, String reason, Sealing sealing) {
    if (!waiting.contains(id)) return;
    Content sealed = sealing.text(AsideFailed.class, "reason", reason);
    apply(new AsideFailed(sealing.session(), id, silence, sealed));
  }

  void on(AsideEvent event) {
    switch (event) {
      case AsideAsked asked -> {
        waiting.add(asked.asideId());
        known.add(asked.asideId());
        if (known.size() > REMEMBERED_MAX) known.removeFirst();
      }
      case AsideAnswered answered -> waiting.remove(answered.asideId());
      case AsideFailed failed -> waiting.remove(failed.asideId());
      case CapabilitiesKnown now -> capabilities = now.digest();
      case ContextMeasured _ -> {}
    }
  }
}
