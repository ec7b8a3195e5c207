package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionEvent.Patience;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.ElicitationEvent.Answer;
import io.agentledger.api.session.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.ElicitationEvent.End;
import io.agentledger.api.session.ElicitationEvent.Mode;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.Output;
import io.agentledger.api.session.Place;
import io.agentledger.api.session.SessionCommand.RecordOutput;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.SessionRejection.AlreadySettled;
import io.agentledger.api.shared.SessionRejection.WrongKindOfAnswer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What servers ask users, as the session decides about it. */
class ElicitationTest extends Story {
  private static RecordOutput record(Output... outputs) {
    var reads =
        Arrays.stream(outputs)
            .map(output -> new Output.Read(Place.Source.RUNNER, 0, MAIN, output))
            .toList();
    return new RecordOutput(SESSION, RUN, PROCESS, 1, reads);
  }

  private void refused(Rejection why, Input input, Object... given) {
    session
        .given(given)
        .when(submit(input))
        .expectException(Rejected.class)
        .expectExceptionDetails(why)
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
        new Patience.Unlimited(),
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
  void whatAServerAsksIsAnsweredOnce() {
    session
        .given(running(elicited(), now(Activity.WAITING, ACTION)))
        .when(submit(accept()))
        .expectEvents(accepted(false), now(Activity.RUNNING));
    refused(new AlreadySettled(ACTION.value()), accept(), running(elicited(), accepted(false)));
  }

  @Test
  void whatAServerAsksWantsAnAnswerOfItsOwn() {
    refused(
        new WrongKindOfAnswer(ACTION.value(), "elicitation's answer"),
        new Input.AnswerTool(ACTION, false, new Json("{}")),
        running(elicited(), now(Activity.WAITING, ACTION)));
  }

  @Test
  void whatAHookAnswersForTheUserIsNeverWaitedFor() {
    session
        .given(running())
        .when(
            record(
                new Output.AskElicitation(
                    ACTION, CALL, "files", Mode.FORM, new Patience.Unlimited(), new Json("{}")),
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
                new Patience.Unlimited(),
                sealed(ElicitationRequested.class, "ask", "{}")),
            accepted(true));
  }

  @Test
  void anAnswerThatCameFirstIsNotTakenBackByTheConnectionsEnd() {
    session
        .given(running(elicited(), accepted(false)))
        .when(record(new Output.EndElicitation(ACTION, End.CONNECTION_LOST)))
        .expectNoEvents();
  }
}
