package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Input.SendToBackground;
import io.agentledger.api.session.command.Input.SubmitSideRequest;
import io.agentledger.api.session.command.ProcessReport;
import io.agentledger.api.session.command.SessionCommand.ExpireSideRequest;
import io.agentledger.api.session.command.SessionCommand.RecordProcessReport;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.ContextMeasured;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.CallNotRunning;
import io.agentledger.api.shared.SessionRejection.NoConversation;
import io.agentledger.api.shared.SessionRejection.SessionEnded;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Side requests to the process of a session. */
class SideRequestTest extends SessionFixture {
  private static final SideRequestId SIDE_REQUEST = new SideRequestId("srq_2222222222");
  private static final SubmitSideRequest WHY =
      new SubmitSideRequest(SIDE_REQUEST, RequestType.QUESTION, "Why?");

  private static SideRequestSubmitted sideRequestSubmitted(
      SideRequestId id, RequestType requestType, String text) {
    var content =
        text.isEmpty() ? Content.ABSENT : sealed(SideRequestSubmitted.class, "question", text);
    return new SideRequestSubmitted(SESSION, id, requestType, content);
  }

  private static SideRequestSubmitted sideRequestSubmitted(RequestType requestType) {
    return sideRequestSubmitted(SIDE_REQUEST, requestType, "");
  }

  private static SideRequestAnswered sideRequestAnswered(String answer) {
    var content =
        answer.isEmpty() ? Content.ABSENT : sealed(SideRequestAnswered.class, "answer", answer);
    return new SideRequestAnswered(SESSION, SIDE_REQUEST, content);
  }

  private static RecordProcessReport recordProcessReport(ProcessReport processReport) {
    return new RecordProcessReport(SESSION, 1, processReport);
  }

  private static CapabilitiesReported capabilitiesReported(String digest) {
    return new CapabilitiesReported(
        SESSION, PROCESS, digest, sealed(CapabilitiesReported.class, "capabilities", "{}"));
  }

  @Test
  void questionDuringARunIsRequestedWithoutOtherChanges() {
    session
        .given(running())
        .when(submit(WHY))
        .expectEvents(sideRequestSubmitted(SIDE_REQUEST, RequestType.QUESTION, "Why?"));
  }

  @Test
  void repeatedRequestRecordsNothingEvenAfterItsAnswer() {
    session
        .given(
            running(
                sideRequestSubmitted(SIDE_REQUEST, RequestType.QUESTION, "Why?"),
                sideRequestAnswered("So.")))
        .when(submit(WHY))
        .expectNoEvents();
  }

  @Test
  void beforeTheFirstRunOnlyProcessRequestsAreAccepted() {
    session
        .given(opened())
        .when(submit(WHY))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NoConversation());
    session
        .given(opened())
        .when(submit(new SubmitSideRequest(SIDE_REQUEST, RequestType.TITLE, "")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NoConversation());
    session
        .given(opened())
        .when(submit(new SubmitSideRequest(SIDE_REQUEST, RequestType.CAPABILITIES, "")))
        .expectEvents(sideRequestSubmitted(RequestType.CAPABILITIES));
  }

  @Test
  void titleIsGeneratedFromThePromptBeforeIt() {
    session
        .given(opened())
        .when(
            submit(
                prompt(QUERY, RUN, "hi"),
                new SubmitSideRequest(SIDE_REQUEST, RequestType.TITLE, "")))
        .expectEvents(
            issued(QUERY, RUN, "hi"),
            sideRequestSubmitted(RequestType.TITLE),
            activityChanged(Activity.RUNNING));
  }

  @Test
  void limitsPendingRequests() {
    var waiting = new Object[SubmitSideRequest.PENDING_MAX];
    for (int i = 0; i < waiting.length; i++)
      waiting[i] =
          sideRequestSubmitted(
              new SideRequestId("srq_" + "3456".charAt(i) + "222222222"), RequestType.CONTEXT, "");
    session
        .given(running(waiting))
        .when(submit(WHY))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new TooMany("side_requests", SubmitSideRequest.PENDING_MAX));
  }

  @Test
  void closedSessionRejectsRequests() {
    session
        .given(opened(), new SessionClosed(SESSION))
        .when(submit(new SubmitSideRequest(SIDE_REQUEST, RequestType.CAPABILITIES, "")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new SessionEnded("closed"));
  }

  @Test
  void firstAnswerWinsAndALateTimeoutRecordsNothing() {
    session
        .given(running(sideRequestSubmitted(RequestType.QUESTION)))
        .when(recordProcessReport(new ProcessReport.Answer(SIDE_REQUEST, "So.")))
        .expectEvents(sideRequestAnswered("So."));
    session
        .given(running(sideRequestSubmitted(RequestType.QUESTION), sideRequestAnswered("So.")))
        .when(new ExpireSideRequest(SESSION, SIDE_REQUEST))
        .expectNoEvents();
  }

  @Test
  void answerAfterTheTimeoutRecordsNothing() {
    var expired =
        new SideRequestFailed(SESSION, SIDE_REQUEST, FailureReason.EXPIRED, Content.ABSENT);
    session
        .given(running(sideRequestSubmitted(RequestType.TITLE)))
        .when(new ExpireSideRequest(SESSION, SIDE_REQUEST))
        .expectEvents(expired);
    session
        .given(running(sideRequestSubmitted(RequestType.TITLE), expired))
        .when(recordProcessReport(new ProcessReport.Title(SIDE_REQUEST, "Rome")))
        .expectNoEvents();
  }

  @Test
  void generatedTitleBecomesTheSessionsTitle() {
    session
        .given(running(sideRequestSubmitted(RequestType.TITLE)))
        .when(recordProcessReport(new ProcessReport.Title(SIDE_REQUEST, "Rome")))
        .expectEvents(
            new SessionRenamed(SESSION, sealed(SessionRenamed.class, "title", "Rome")),
            sideRequestAnswered("Rome"));
  }

  @Test
  void measurementIsRecordedBeforeItsAnswer() {
    session
        .given(running(sideRequestSubmitted(RequestType.CONTEXT)))
        .when(
            recordProcessReport(
                new ProcessReport.ContextUsage(SIDE_REQUEST, "opus", 5, 10, new Json("{}"))))
        .expectEvents(
            new ContextMeasured(
                SESSION, "opus", 5, 10, sealed(ContextMeasured.class, "breakdown", "{}")),
            sideRequestAnswered(""));
  }

  @Test
  void capabilitiesAreRecordedOnlyWhenChanged() {
    var offer = new ProcessReport.Capabilities(PROCESS, "one", new Json("{}"));
    session
        .given(running())
        .when(recordProcessReport(offer))
        .expectEvents(capabilitiesReported("one"));
    session
        .given(running(capabilitiesReported("one")))
        .when(recordProcessReport(offer))
        .expectNoEvents();
    session
        .given(running(capabilitiesReported("two")))
        .when(recordProcessReport(offer))
        .expectEvents(capabilitiesReported("one"));
  }

  @Test
  void replacedProcessRecordsNothing() {
    session
        .given(
            running(
                sideRequestSubmitted(RequestType.QUESTION),
                started(RUN, new Cause.Query(QUERY), 2, machinery(OTHER_PROCESS, 2))))
        .when(recordProcessReport(new ProcessReport.Answer(SIDE_REQUEST, "So.")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(1, 2));
  }

  @Test
  void runningCallMovesToTheBackground() {
    session
        .given(running(called(CALL), called(OTHER_CALL)))
        .when(submit(new SendToBackground(CALL)))
        .expectEvents(new BackgroundRequested(SESSION, List.of(CALL)));
    session
        .given(running(called(CALL), called(OTHER_CALL)))
        .when(submit(new SendToBackground(null)))
        .expectEvents(new BackgroundRequested(SESSION, List.of(CALL, OTHER_CALL)));
  }

  @Test
  void endedCallDoesNotMoveToTheBackground() {
    var back =
        new ToolReturned(
            SESSION, RUN, MAIN, sourcePosition(700), CALL, CallStatus.RETURNED, Content.ABSENT);
    session
        .given(running(called(CALL), back))
        .when(submit(new SendToBackground(CALL)))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new CallNotRunning(CALL.value()));
    session
        .given(running(called(CALL), started(2, OTHER_PROCESS, 2)))
        .when(submit(new SendToBackground(null)))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new CallNotRunning(""));
  }

  private static ToolCalled called(ToolCallId call) {
    return new ToolCalled(
        SESSION,
        RUN,
        MAIN,
        sourcePosition(600),
        call,
        "toolu_" + call,
        "Bash",
        "digest",
        Verdict.ALLOWED,
        "default",
        Content.ABSENT,
        Content.ABSENT);
  }
}
