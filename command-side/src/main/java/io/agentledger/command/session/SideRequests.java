package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.command.Input.SubmitSideRequest;
import io.agentledger.api.session.command.ProcessReport;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.ContextMeasured;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.session.event.SideRequestEvent.Kind;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NoConversation;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits for an answer beside the conversation, and what is known of the session's process. The
 * first answer counts, time's included; what comes after it is silence.
 */
final class SideRequests {
  /** So that a wish that is repeated is known, long after its answer. */
  private static final int REMEMBERED_MAX = 64;

  private List<SideRequestId> waiting = new ArrayList<>();
  private List<SideRequestId> known = new ArrayList<>();
  private String capabilities = "";

  void submit(SubmitSideRequest request, OpenRuns runs, SessionSealer sealer) {
    if (known.contains(request.asideId())) return;
    if (!isSpokenOf(request.kind(), runs)) throw new RejectionException(new NoConversation());
    if (waiting.size() >= SubmitSideRequest.WAITING_MAX)
      throw new RejectionException(new TooMany("asides", SubmitSideRequest.WAITING_MAX));
    var words = sealer.text(SideRequestSubmitted.class, "words", request.words());
    apply(new SideRequestSubmitted(sealer.session(), request.asideId(), request.kind(), words));
  }

  /** Whether there is a conversation to speak about, and a run that pays for that. */
  private static boolean isSpokenOf(Kind kind, OpenRuns runs) {
    return switch (kind) {
      case QUESTION -> runs.hasAnyStarted();
      case TITLE -> runs.hasAny(); // Of what is asked first: its run is about to start.
      case CONTEXT, CAPABILITIES -> true;
    };
  }

  static boolean needsModel(Kind kind) {
    return kind == Kind.QUESTION || kind == Kind.TITLE;
  }

  void record(ProcessReport processReport, SessionSealer sealer) {
    switch (processReport) {
      case ProcessReport.Answer answer -> complete(answer.asideId(), answer.answer(), sealer);
      case ProcessReport.Title title -> {
        if (!waiting.contains(title.asideId())) return;
        var sealed = sealer.text(SessionRenamed.class, "title", title.title());
        apply(new SessionRenamed(sealer.session(), sealed));
        complete(title.asideId(), title.title(), sealer);
      }
      case ProcessReport.Measure measure -> {
        if (!waiting.contains(measure.asideId())) return;
        apply(measured(measure, sealer));
        complete(measure.asideId(), "", sealer);
      }
      case ProcessReport.Nothing nothing ->
          fail(nothing.asideId(), nothing.silence(), nothing.reason(), sealer);
      case ProcessReport.Capabilities now -> {
        if (!now.digest().equals(capabilities)) apply(toEvent(now, sealer));
      }
    }
  }

  private static ContextMeasured measured(ProcessReport.Measure measure, SessionSealer sealer) {
    return new ContextMeasured(
        sealer.session(),
        measure.model(),
        measure.tokens(),
        measure.tokensMax(),
        sealer.json(ContextMeasured.class, "breakdown", measure.breakdown()));
  }

  private static CapabilitiesReported toEvent(
      ProcessReport.Capabilities now, SessionSealer sealer) {
    return new CapabilitiesReported(
        sealer.session(),
        now.processId(),
        now.digest(),
        sealer.json(CapabilitiesReported.class, "capabilities", now.capabilities()));
  }

  private void complete(SideRequestId id, String answer, SessionSealer sealer) {
    if (!waiting.contains(id)) return;
    Content sealed = sealer.text(SideRequestAnswered.class, "answer", answer);
    apply(new SideRequestAnswered(sealer.session(), id, sealed));
  }

  void fail(SideRequestId id, FailureReason failureReason, String reason, SessionSealer sealer) {
    if (!waiting.contains(id)) return;
    Content sealed = sealer.text(SideRequestFailed.class, "reason", reason);
    apply(new SideRequestFailed(sealer.session(), id, failureReason, sealed));
  }

  void on(SideRequestEvent event) {
    switch (event) {
      case SideRequestSubmitted sideRequestSubmitted -> {
        waiting.add(sideRequestSubmitted.asideId());
        known.add(sideRequestSubmitted.asideId());
        if (known.size() > REMEMBERED_MAX) known.removeFirst();
      }
      case SideRequestAnswered answered -> waiting.remove(answered.asideId());
      case SideRequestFailed failed -> waiting.remove(failed.asideId());
      case CapabilitiesReported now -> capabilities = now.digest();
      case ContextMeasured _ -> {}
    }
  }
}
