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
import io.agentledger.api.session.event.OutputEvent.Outcome;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.ContextMeasured;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.session.event.SideRequestEvent.Kind;
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

/** What is asked of a session's process beside the conversation. */
class SideRequestTest extends SessionFixture {
  private static final SideRequestId ASIDE = new SideRequestId("asd_2222222222");
  private static final SubmitSideRequest WHY = new SubmitSideRequest(ASIDE, Kind.QUESTION, "Why?");

  private static SideRequestSubmitted asked(SideRequestId id, Kind kind, String text) {
    var content =
        text.isEmpty() ? Content.ABSENT : sealed(SideRequestSubmitted.class, "words", text);
    return new SideRequestSubmitted(SESSION, id, kind, content);
  }

  private static SideRequestSubmitted asked(Kind kind) {
    return asked(ASIDE, kind, "");
  }

  private static SideRequestAnswered answered(String answer) {
    var content =
        answer.isEmpty() ? Content.ABSENT : sealed(SideRequestAnswered.class, "answer", answer);
    return new SideRequestAnswered(SESSION, ASIDE, content);
  }

  private static RecordProcessReport finding(ProcessReport processReport) {
    return new RecordProcessReport(SESSION, 1, processReport);
  }

  private static CapabilitiesReported known(String digest) {
    return new CapabilitiesReported(
        SESSION, PROCESS, digest, sealed(CapabilitiesReported.class, "capabilities", "{}"));
  }

  @Test
  void aQuestionIsAskedInMidRunAndChangesNothingElse() {
    session.given(running()).when(submit(WHY)).expectEvents(asked(ASIDE, Kind.QUESTION, "Why?"));
  }

  @Test
  void askedTwiceIsAskedOnceAlsoAfterItsAnswer() {
    session
        .given(running(asked(ASIDE, Kind.QUESTION, "Why?"), answered("So.")))
        .when(submit(WHY))
        .expectNoEvents();
  }

  @Test
  void beforeAnythingWasSaidOnlyTheProcessCanBeAsked() {
    session
        .given(opened())
        .when(submit(WHY))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NoConversation());
    session
        .given(opened())
        .when(submit(new SubmitSideRequest(ASIDE, Kind.TITLE, "")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NoConversation());
    session
        .given(opened())
        .when(submit(new SubmitSideRequest(ASIDE, Kind.CAPABILITIES, "")))
        .expectEvents(asked(Kind.CAPABILITIES));
  }

  @Test
  void aTitleIsMadeUpOfThePromptRightBeforeIt() {
    session
        .given(opened())
        .when(submit(prompt(QUERY, RUN, "hi"), new SubmitSideRequest(ASIDE, Kind.TITLE, "")))
        .expectEvents(issued(QUERY, RUN, "hi"), asked(Kind.TITLE), now(Activity.RUNNING));
  }

  @Test
  void noMoreWaitThanMay() {
    var waiting = new Object[SubmitSideRequest.WAITING_MAX];
    for (int i = 0; i < waiting.length; i++)
      waiting[i] =
          asked(new SideRequestId("asd_" + "3456".charAt(i) + "222222222"), Kind.CONTEXT, "");
    session
        .given(running(waiting))
        .when(submit(WHY))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new TooMany("asides", SubmitSideRequest.WAITING_MAX));
  }

  @Test
  void whatIsClosedIsAskedNothing() {
    session
        .given(opened(), new SessionClosed(SESSION))
        .when(submit(new SubmitSideRequest(ASIDE, Kind.CAPABILITIES, "")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new SessionEnded("closed"));
  }

  @Test
  void theFirstAnswerCountsAndTimeComesTooLate() {
    session
        .given(running(asked(Kind.QUESTION)))
        .when(finding(new ProcessReport.Answer(ASIDE, "So.")))
        .expectEvents(answered("So."));
    session
        .given(running(asked(Kind.QUESTION), answered("So.")))
        .when(new ExpireSideRequest(SESSION, ASIDE))
        .expectNoEvents();
  }

  @Test
  void afterItsTimeAnAnswerIsSilence() {
    var expired = new SideRequestFailed(SESSION, ASIDE, FailureReason.EXPIRED, Content.ABSENT);
    session
        .given(running(asked(Kind.TITLE)))
        .when(new ExpireSideRequest(SESSION, ASIDE))
        .expectEvents(expired);
    session
        .given(running(asked(Kind.TITLE), expired))
        .when(finding(new ProcessReport.Title(ASIDE, "Rome")))
        .expectNoEvents();
  }

  @Test
  void aTitleThatIsMadeUpIsTheSessionsOwn() {
    session
        .given(running(asked(Kind.TITLE)))
        .when(finding(new ProcessReport.Title(ASIDE, "Rome")))
        .expectEvents(
            new SessionRenamed(SESSION, sealed(SessionRenamed.class, "title", "Rome")),
            answered("Rome"));
  }

  @Test
  void whatWasMeasuredStandsBeforeTheWordThatItWas() {
    session
        .given(running(asked(Kind.CONTEXT)))
        .when(finding(new ProcessReport.Measure(ASIDE, "opus", 5, 10, new Json("{}"))))
        .expectEvents(
            new ContextMeasured(
                SESSION, "opus", 5, 10, sealed(ContextMeasured.class, "breakdown", "{}")),
            answered(""));
  }

  @Test
  void whatAProcessOffersIsSaidWhenItIsSomethingElse() {
    var offer = new ProcessReport.Capabilities(PROCESS, "one", new Json("{}"));
    session.given(running()).when(finding(offer)).expectEvents(known("one"));
    session.given(running(known("one"))).when(finding(offer)).expectNoEvents();
    session.given(running(known("two"))).when(finding(offer)).expectEvents(known("one"));
  }

  @Test
  void aProcessThatWasReplacedHasNoSay() {
    session
        .given(
            running(
                asked(Kind.QUESTION),
                started(RUN, new Cause.Query(QUERY), 2, machinery(OTHER_PROCESS, 2))))
        .when(finding(new ProcessReport.Answer(ASIDE, "So.")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(1, 2));
  }

  @Test
  void callsThatRunGoOnInTheBackground() {
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
  void aCallThatIsOverStaysWhereItIs() {
    var back =
        new ToolReturned(SESSION, RUN, MAIN, at(700), CALL, Outcome.RETURNED, Content.ABSENT);
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
        at(600),
        call,
        "toolu_" + call,
        "Bash",
        "digest",
        Verdict.ALLOWED,
        "default",
        Content.ABSENT);
  }
}
