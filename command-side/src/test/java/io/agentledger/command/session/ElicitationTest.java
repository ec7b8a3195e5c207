package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.EndReason;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.AlreadyResolved;
import io.agentledger.api.shared.SessionRejection.AnswerTypeMismatch;
import org.junit.jupiter.api.Test;

/** Decisions of the session about elicitations of MCP servers. */
class ElicitationTest extends SessionFixture {
  private void assertRejected(Rejection rejection, Input input, Object... given) {
    session
        .given(given)
        .when(submit(input))
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  private static ElicitationRequested elicited() {
    return new ElicitationRequested(
        SESSION,
        RUN,
        MAIN,
        ACTION,
        CALL,
        "files",
        Mode.FORM,
        new AnswerTimeout.Unlimited(),
        Content.ABSENT);
  }

  private static Input.AnswerElicitation accept() {
    return new Input.AnswerElicitation(ACTION, Answer.ACCEPT, new Json("{\"name\":\"Ada\"}"));
  }

  private static ElicitationAnswered accepted(boolean byHook) {
    return new ElicitationAnswered(
        SESSION,
        ACTION,
        Answer.ACCEPT,
        byHook,
        sealed(ElicitationAnswered.class, "content", "{\"name\":\"Ada\"}"));
  }

  @Test
  void elicitationIsAnsweredOnce() {
    session
        .given(running(elicited(), activityChanged(Activity.WAITING, ACTION)))
        .when(submit(accept()))
        .expectEvents(accepted(false), activityChanged(Activity.RUNNING));
    assertRejected(
        new AlreadyResolved(ACTION.value()), accept(), running(elicited(), accepted(false)));
  }

  @Test
  void elicitationRequiresAnAnswerOfItsType() {
    assertRejected(
        new AnswerTypeMismatch(ACTION.value(), "elicitation's answer"),
        new Input.AnswerTool(ACTION, false, new Json("{}")),
        running(elicited(), activityChanged(Activity.WAITING, ACTION)));
  }

  @Test
  void elicitationAnsweredByAHookNeverWaits() {
    session
        .given(running())
        .when(record(elicited(), accepted(true)))
        .expectEvents(elicited(), accepted(true));
  }

  @Test
  void runnerRecordsNoAnswerOfAUser() {
    session
        .given(running(elicited(), activityChanged(Activity.WAITING, ACTION)))
        .when(record(accepted(false)))
        .expectException(IllegalArgumentException.class)
        .expectNoEvents();
  }

  @Test
  void earlierAnswerIsNotWithdrawnByTheConnectionsEnd() {
    session
        .given(running(elicited(), accepted(false)))
        .when(record(new ElicitationEnded(SESSION, ACTION, EndReason.CONNECTION_LOST)))
        .expectNoEvents();
  }
}
