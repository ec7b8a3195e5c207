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
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NoConversation;
import io.agentledger.command.support.SessionSealer;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventsourcing.EventSourcingHandler;

/**
 * Side requests that wait for an answer, and reports of the session's process. The first end of a
 * request counts, a timeout included; later ones are ignored.
 */
final class SideRequests {
  /**
   * Maximum number of remembered requests, so that a repeated request is recognized long after its
   * answer.
   */
  private static final int REMEMBERED_MAX = 64;

  private List<SideRequestId> waiting = new ArrayList<>();
  private List<SideRequestId> remembered = new ArrayList<>();
  private String capabilities = "";

  void submit(SubmitSideRequest request, OpenRuns runs, SessionSealer sealer) {
    if (remembered.contains(request.sideRequestId())) return;
    if (!isAnswerable(request.type(), runs)) throw new RejectionException(new NoConversation());
    if (waiting.size() >= SubmitSideRequest.PENDING_MAX)
      throw new RejectionException(new TooMany("side_requests", SubmitSideRequest.PENDING_MAX));
    var question = sealer.text(SideRequestSubmitted.class, "question", request.question());
    apply(
        new SideRequestSubmitted(
            sealer.session(), request.sideRequestId(), request.type(), question));
  }

  /**
   * Returns whether there is a conversation to answer about, and a run that the costs are assigned
   * to.
   */
  private static boolean isAnswerable(RequestType requestType, OpenRuns runs) {
    return switch (requestType) {
      case QUESTION -> runs.hasEverStarted();
      case TITLE -> runs.hasEverHadRun(); // The run of the first query is about to start.
      case CONTEXT, CAPABILITIES -> true;
    };
  }

  static boolean needsModel(RequestType requestType) {
    return requestType == RequestType.QUESTION || requestType == RequestType.TITLE;
  }

  void record(ProcessReport processReport, SessionSealer sealer) {
    switch (processReport) {
      case ProcessReport.Answer answer -> complete(answer.sideRequestId(), answer.answer(), sealer);
      case ProcessReport.Title title -> {
        if (!waiting.contains(title.sideRequestId())) return;
        var sealed = sealer.text(SessionRenamed.class, "title", title.title());
        apply(new SessionRenamed(sealer.session(), sealed));
        complete(title.sideRequestId(), title.title(), sealer);
      }
      case ProcessReport.ContextUsage contextUsage -> {
        if (!waiting.contains(contextUsage.sideRequestId())) return;
        apply(toEvent(contextUsage, sealer));
        complete(contextUsage.sideRequestId(), "", sealer);
      }
      case ProcessReport.Failure failure ->
          fail(failure.sideRequestId(), failure.failureReason(), failure.failureDetail(), sealer);
      case ProcessReport.Capabilities reported -> {
        if (!reported.digest().equals(capabilities)) apply(toEvent(reported, sealer));
      }
    }
  }

  private static ContextMeasured toEvent(
      ProcessReport.ContextUsage contextUsage, SessionSealer sealer) {
    return new ContextMeasured(
        sealer.session(),
        contextUsage.model(),
        contextUsage.tokens(),
        contextUsage.tokensMax(),
        sealer.json(ContextMeasured.class, "breakdown", contextUsage.breakdown()));
  }

  private static CapabilitiesReported toEvent(
      ProcessReport.Capabilities capabilities, SessionSealer sealer) {
    return new CapabilitiesReported(
        sealer.session(),
        capabilities.processId(),
        capabilities.digest(),
        sealer.json(CapabilitiesReported.class, "capabilities", capabilities.capabilities()));
  }

  private void complete(SideRequestId id, String answer, SessionSealer sealer) {
    if (!waiting.contains(id)) return;
    Content sealed = sealer.text(SideRequestAnswered.class, "answer", answer);
    apply(new SideRequestAnswered(sealer.session(), id, sealed));
  }

  void fail(SideRequestId id, FailureReason failureReason, String detail, SessionSealer sealer) {
    if (!waiting.contains(id)) return;
    Content sealed = sealer.text(SideRequestFailed.class, "failureDetail", detail);
    apply(new SideRequestFailed(sealer.session(), id, failureReason, sealed));
  }

  @EventSourcingHandler
  void on(SideRequestEvent event) {
    switch (event) {
      case SideRequestSubmitted sideRequestSubmitted -> {
        waiting.add(sideRequestSubmitted.sideRequestId());
        remembered.add(sideRequestSubmitted.sideRequestId());
        if (remembered.size() > REMEMBERED_MAX) remembered.removeFirst();
      }
      case SideRequestAnswered answered -> waiting.remove(answered.sideRequestId());
      case SideRequestFailed failed -> waiting.remove(failed.sideRequestId());
      case CapabilitiesReported capabilitiesReported ->
          capabilities = capabilitiesReported.digest();
      case ContextMeasured _ -> {}
    }
  }
}
