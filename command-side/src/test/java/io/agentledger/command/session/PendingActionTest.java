package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.ExpireAction;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.AlreadySettled;
import io.agentledger.api.shared.SessionRejection.AnswerTypeMismatch;
import io.agentledger.api.shared.SessionRejection.InputChanged;
import org.junit.jupiter.api.Test;

class PendingActionTest extends SessionFixture {
  private static Input.Decide decide(Decision decision) {
    return new Input.Decide(ACTION, decision, null, null, null);
  }

  private static PermissionDecided decided(Decision decision) {
    return new PermissionDecided(
        SESSION, ACTION, decision, "digest", Content.ABSENT, Content.ABSENT);
  }

  private static Object[] questioned() {
    return running(
        new QuestionAsked(
            SESSION, RUN, MAIN, ACTION, CALL, new AnswerTimeout.Unlimited(), Content.ABSENT),
        now(Activity.WAITING, ACTION));
  }

  private static Object[] clientToolCalled() {
    return running(
        new ClientToolCalled(
            SESSION,
            RUN,
            MAIN,
            ACTION,
            CALL,
            "lookup",
            new AnswerTimeout.Unlimited(),
            Content.ABSENT),
        now(Activity.WAITING, ACTION));
  }

  private static Input.Answer answer() {
    return new Input.Answer(ACTION, new Json("{\"Which?\":\"This\"}"));
  }

  private static Input.AnswerTool toolAnswer() {
    return new Input.AnswerTool(ACTION, true, new Json("\"gone\""));
  }

  private void isRefused(Object[] given, Input input, Rejection why) {
    session
        .given(given)
        .when(submit(input))
        .expectException(RejectionException.class)
        .expectExceptionDetails(why)
        .expectNoEvents();
  }

  @Test
  void aDecisionIsRecordedAndTheRunGoesOn() {
    session
        .given(waiting())
        .when(submit(decide(Decision.ALLOW)))
        .expectEvents(decided(Decision.ALLOW), now(Activity.RUNNING));
  }

  @Test
  void reasonAndChangedInputAreSealed() {
    session
        .given(waiting())
        .when(
            submit(
                new Input.Decide(
                    ACTION, Decision.ALLOW, "digest", new Json("{\"command\":\"pwd\"}"), "safer")))
        .expectEvents(
            new PermissionDecided(
                SESSION,
                ACTION,
                Decision.ALLOW,
                "digest",
                sealed(PermissionDecided.class, "updatedInput", "{\"command\":\"pwd\"}"),
                sealed(PermissionDecided.class, "reason", "safer")),
            now(Activity.RUNNING));
  }

  @Test
  void theRestIsStillWaitedFor() {
    session
        .given(
            running(
                asked(ACTION, CALL),
                asked(OTHER_ACTION, OTHER_CALL),
                now(Activity.WAITING, ACTION, OTHER_ACTION)))
        .when(submit(decide(Decision.DENY)))
        .expectEvents(decided(Decision.DENY), now(Activity.WAITING, OTHER_ACTION));
  }

  @Test
  void sayingTheSameAgainIsSilence() {
    session
        .given(running(asked(ACTION, CALL), decided(Decision.ALLOW)))
        .when(submit(decide(Decision.ALLOW)))
        .expectNoEvents();
  }

  @Test
  void theFirstDecisionWins() {
    isRefused(
        running(asked(ACTION, CALL), decided(Decision.ALLOW)),
        decide(Decision.DENY),
        new AlreadySettled(ACTION.value()));
  }

  @Test
  void allowingAnotherInputIsAnotherDecision() {
    isRefused(
        running(asked(ACTION, CALL), decided(Decision.ALLOW)),
        new Input.Decide(ACTION, Decision.ALLOW, null, new Json("{}"), null),
        new AlreadySettled(ACTION.value()));
  }

  @Test
  void aDecisionAfterTheDeadlineComesTooLate() {
    isRefused(
        running(asked(ACTION, CALL), expired(ACTION, Expiry.DEADLINE)),
        decide(Decision.ALLOW),
        new AlreadySettled(ACTION.value()));
  }

  @Test
  void aDecisionAboutAnotherInputIsRefused() {
    isRefused(
        waiting(),
        new Input.Decide(ACTION, Decision.ALLOW, "another digest", null, null),
        new InputChanged(ACTION.value()));
  }

  @Test
  void whatWasNeverAskedIsNotFound() {
    isRefused(running(), decide(Decision.ALLOW), new NotFound("action", ACTION.value()));
    isRefused(running(), answer(), new NotFound("action", ACTION.value()));
  }

  @Test
  void anAnswerMustFitWhatWasAsked() {
    isRefused(waiting(), answer(), new AnswerTypeMismatch(ACTION.value(), "decision"));
    isRefused(waiting(), toolAnswer(), new AnswerTypeMismatch(ACTION.value(), "decision"));
    isRefused(
        questioned(), decide(Decision.ALLOW), new AnswerTypeMismatch(ACTION.value(), "answer"));
    isRefused(clientToolCalled(), answer(), new AnswerTypeMismatch(ACTION.value(), "tool result"));
  }

  @Test
  void aQuestionIsAnsweredOnce() {
    var answered =
        new QuestionAnswered(
            SESSION, ACTION, sealed(QuestionAnswered.class, "answers", "{\"Which?\":\"This\"}"));
    session
        .given(questioned())
        .when(submit(answer()))
        .expectEvents(answered, now(Activity.RUNNING));
    isRefused(
        then(questioned(), answered, now(Activity.RUNNING)),
        answer(),
        new AlreadySettled(ACTION.value()));
  }

  @Test
  void aClientToolIsAnsweredOnce() {
    var answered =
        new ToolAnswered(SESSION, ACTION, true, sealed(ToolAnswered.class, "output", "\"gone\""));
    session
        .given(clientToolCalled())
        .when(submit(toolAnswer()))
        .expectEvents(answered, now(Activity.RUNNING));
    isRefused(
        then(clientToolCalled(), answered, now(Activity.RUNNING)),
        toolAnswer(),
        new AlreadySettled(ACTION.value()));
  }

  @Test
  void silenceEndsTheWait() {
    session
        .given(waiting())
        .when(new ExpireAction(SESSION, ACTION))
        .expectEvents(expired(ACTION, Expiry.DEADLINE), now(Activity.RUNNING));
  }

  @Test
  void aDeadlineThatLosesTheRaceIsSilent() {
    session
        .given(running(asked(ACTION, CALL), decided(Decision.ALLOW)))
        .when(new ExpireAction(SESSION, ACTION))
        .expectNoEvents();
    session.given(running()).when(new ExpireAction(SESSION, ACTION)).expectNoEvents();
  }

  @Test
  void aDecisionAndAPromptInOneBatchAreBothOrNeither() {
    session
        .given(waiting())
        .when(submit(decide(Decision.ALLOW), prompt(NEXT_QUERY, NEXT_RUN, "and then")))
        .expectEvents(
            decided(Decision.ALLOW),
            queued(NEXT_QUERY, NEXT_RUN, "and then"),
            now(Activity.RUNNING));
    session
        .given(running())
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "and then"), decide(Decision.ALLOW)))
        .expectException(RejectionException.class)
        .expectNoEvents();
  }
}
