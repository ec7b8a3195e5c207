package io.agentledger.command.session;

import io.agentledger.api.content.Content;
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
import io.agentledger.api.session.Input.SendToBackground;
import io.agentledger.api.session.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.OutputEvent.Outcome;
import io.agentledger.api.session.OutputEvent.ToolCalled;
import io.agentledger.api.session.OutputEvent.ToolReturned;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.RunEvent.Cause;
import io.agentledger.api.session.SessionCommand.ExpireAside;
import io.agentledger.api.session.SessionCommand.RecordFinding;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.SessionRejection.CallNotRunning;
import io.agentledger.api.shared.SessionRejection.NothingSaid;
import io.agentledger.api.shared.SessionRejection.SessionEnded;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked of a session's process beside the conversation. */
class AsideTest extends Story {
  private static final AsideId ASIDE = new AsideId("asd_2222222222");
  private static final AskAside WHY = new AskAside(ASIDE, Kind.QUESTION, "Why?");

  private static AsideAsked asked(AsideId id, Kind kind, String words) {
    var content = words.isEmpty() ? Content.ABSENT : sealed(AsideAsked.class, "words", words);
    return new AsideAsked(SESSION, id, kind, content);
  }

  private static AsideAsked asked(Kind kind) {
    return asked(ASIDE, kind, "");
  }

  private static AsideAnswered answered(String answer) {
    var content = answer.isEmpty() ? Content.ABSENT : sealed(AsideAnswered.class, "answer", answer);
    return new AsideAnswered(SESSION, ASIDE, content);
  }

  private static RecordFinding finding(Finding finding) {
    return new RecordFinding(SESSION, 1, finding);
  }

  private static CapabilitiesKnown known(String digest) {
    return new CapabilitiesKnown(
        SESSION, PROCESS, digest, sealed(CapabilitiesKnown.class, "capabilities", "{}"));
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
        .expectException(Rejected.class)
        .expectExceptionDetails(new NothingSaid());
    session
        .given(opened())
        .when(submit(new AskAside(ASIDE, Kind.TITLE, "")))
        .expectException(Rejected.class)
        .expectExceptionDetails(new NothingSaid());
    session
        .given(opened())
        .when(submit(new AskAside(ASIDE, Kind.CAPABILITIES, "")))
        .expectEvents(asked(Kind.CAPABILITIES));
  }

  @Test
  void noMoreWaitThanMay() {
    var waiting = new Object[AskAside.WAITING_MAX];
    for (int i = 0; i < waiting.length; i++)
      waiting[i] = asked(new AsideId("asd_" + "3456".charAt(i) + "222222222"), Kind.CONTEXT, "");
    session
        .given(running(waiting))
        .when(submit(WHY))
        .expectException(Rejected.class)
        .expectExceptionDetails(new TooMany("asides", AskAside.WAITING_MAX));
  }

  @Test
  void whatIsClosedIsAskedNothing() {
    session
        .given(opened(), new SessionClosed(SESSION))
        .when(submit(new AskAside(ASIDE, Kind.CAPABILITIES, "")))
        .expectException(Rejected.class)
        .expectExceptionDetails(new SessionEnded("closed"));
  }

  @Test
  void theFirstAnswerCountsAndTimeComesTooLate() {
    session
        .given(running(asked(Kind.QUESTION)))
        .when(finding(new Finding.Answer(ASIDE, "So.")))
        .expectEvents(answered("So."));
    session
        .given(running(asked(Kind.QUESTION), answered("So.")))
        .when(new ExpireAside(SESSION, ASIDE))
        .expectNoEvents();
  }

  @Test
  void afterItsTimeAnAnswerIsSilence() {
    var expired = new AsideFailed(SESSION, ASIDE, Silence.EXPIRED, Content.ABSENT);
    session
        .given(running(asked(Kind.TITLE)))
        .when(new ExpireAside(SESSION, ASIDE))
        .expectEvents(expired);
    session
        .given(running(asked(Kind.TITLE), expired))
        .when(finding(new Finding.Title(ASIDE, "Rome")))
        .expectNoEvents();
  }

  @Test
  void aTitleThatIsMadeUpIsTheSessionsOwn() {
    session
        .given(running(asked(Kind.TITLE)))
        .when(finding(new Finding.Title(ASIDE, "Rome")))
        .expectEvents(
            new SessionRenamed(SESSION, sealed(SessionRenamed.class, "title", "Rome")),
            answered("Rome"));
  }

  @Test
  void whatWasMeasuredStandsBeforeTheWordThatItWas() {
    session
        .given(running(asked(Kind.CONTEXT)))
        .when(finding(new Finding.Measure(ASIDE, "opus", 5, 10, new Json("{}"))))
        .expectEvents(
            new ContextMeasured(
                SESSION, "opus", 5, 10, sealed(ContextMeasured.class, "breakdown", "{}")),
            answered(""));
  }

  @Test
  void whatAProcessOffersIsSaidWhenItIsSomethingElse() {
    var offer = new Finding.Capabilities(PROCESS, "one", new Json("{}"));
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
        .when(finding(new Finding.Answer(ASIDE, "So.")))
        .expectException(Rejected.class)
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
        .expectException(Rejected.class)
        .expectExceptionDetails(new CallNotRunning(CALL.value()));
    session
        .given(running(called(CALL), started(2, OTHER_PROCESS, 2)))
        .when(submit(new SendToBackground(null)))
        .expectException(Rejected.class)
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
