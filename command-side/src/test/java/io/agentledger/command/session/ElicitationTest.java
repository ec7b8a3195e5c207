package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.EndReason;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.AlreadyResolved;
import io.agentledger.api.shared.SessionRejection.AnswerTypeMismatch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What servers ask users, as the session decides about it. */
class ElicitationTest extends SessionFixture {
  private static RecordOutput record(Output... outputs) {
    var entries =
        Arrays.stream(outputs)
            .map(output -> new Output.Entry(SourcePosition.Source.RUNNER, 0, MAIN, output))
            .toList();
    return new RecordOutput(SESSION, RUN, PROCESS, 1, entries);
  }

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
        .when(
            record(
                new Output.AskElicitation(
                    ACTION,
                    CALL,
                    "files",
                    Mode.FORM,
                    new AnswerTimeout.Unlimited(),
                    new Json("{}")),
                new Output.HookAnswer(ACTION, Answer.ACCEPT, new Json("{\"name\":\"Ada\"}"))))
        .expectEvents(
            new ElicitationRequested(
                SESSION,
                RUN,
                MAIN,
                ACTION,
                CALL,
                "files",
                Mode.FORM,
                new AnswerTimeout.Unlimited(),
                sealed(ElicitationRequested.class, "request", "{}")),
            accepted(true));
  }

  @Test
  void earlierAnswerIsNotWithdrawnByTheConnectionsEnd() {
    session
        .given(running(elicited(), accepted(false)))
        .when(record(new Output.EndElicitation(ACTION, EndReason.CONNECTION_LOST)))
        .expectNoEvents();
  }
}
