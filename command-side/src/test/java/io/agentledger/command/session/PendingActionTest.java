package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.ExpireAction;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.AlreadyResolved;
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

  private static Object[] questionRequested() {
    return running(
        new QuestionAsked(
            SESSION, RUN, MAIN, ACTION, CALL, new AnswerTimeout.Unlimited(), Content.ABSENT),
        activityChanged(Activity.WAITING, ACTION));
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
        activityChanged(Activity.WAITING, ACTION));
  }

  private static Input.Answer answer() {
    return new Input.Answer(ACTION, new Json("{\"Which?\":\"This\"}"));
  }

  private static Input.AnswerTool toolAnswer() {
    return new Input.AnswerTool(ACTION, true, new Json("\"gone\""));
  }

  private void assertRejected(Object[] given, Input input, Rejection rejection) {
    session
        .given(given)
        .when(submit(input))
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  @Test
  void decisionIsRecordedAndTheRunContinues() {
    session
        .given(waiting())
        .when(submit(decide(Decision.ALLOW)))
        .expectEvents(decided(Decision.ALLOW), activityChanged(Activity.RUNNING));
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
            activityChanged(Activity.RUNNING));
  }

  @Test
  void otherActionsStayPending() {
    session
        .given(
            running(
                permissionRequested(ACTION, CALL),
                permissionRequested(OTHER_ACTION, OTHER_CALL),
                activityChanged(Activity.WAITING, ACTION, OTHER_ACTION)))
        .when(submit(decide(Decision.DENY)))
        .expectEvents(decided(Decision.DENY), activityChanged(Activity.WAITING, OTHER_ACTION));
  }

  @Test
  void repeatedDecisionRecordsNothing() {
    session
        .given(running(permissionRequested(ACTION, CALL), decided(Decision.ALLOW)))
        .when(submit(decide(Decision.ALLOW)))
        .expectNoEvents();
  }

  @Test
  void theFirstDecisionWins() {
    assertRejected(
        running(permissionRequested(ACTION, CALL), decided(Decision.ALLOW)),
        decide(Decision.DENY),
        new AlreadyResolved(ACTION.value()));
  }

  @Test
  void allowingWithAnotherInputIsAnotherDecision() {
    assertRejected(
        running(permissionRequested(ACTION, CALL), decided(Decision.ALLOW)),
        new Input.Decide(ACTION, Decision.ALLOW, null, new Json("{}"), null),
        new AlreadyResolved(ACTION.value()));
  }

  @Test
  void decisionAfterTheDeadlineIsRejected() {
    assertRejected(
        running(permissionRequested(ACTION, CALL), expired(ACTION, ExpiryReason.DEADLINE)),
        decide(Decision.ALLOW),
        new AlreadyResolved(ACTION.value()));
  }

  @Test
  void decisionAboutAnotherInputIsRejected() {
    assertRejected(
        waiting(),
        new Input.Decide(ACTION, Decision.ALLOW, "another digest", null, null),
        new InputChanged(ACTION.value()));
  }

  @Test
  void unknownActionIsNotFound() {
    assertRejected(running(), decide(Decision.ALLOW), new NotFound("action", ACTION.value()));
    assertRejected(running(), answer(), new NotFound("action", ACTION.value()));
  }

  @Test
  void answerMustFitTheQuestion() {
    assertRejected(waiting(), answer(), new AnswerTypeMismatch(ACTION.value(), "decision"));
    assertRejected(waiting(), toolAnswer(), new AnswerTypeMismatch(ACTION.value(), "decision"));
    assertRejected(
        questionRequested(),
        decide(Decision.ALLOW),
        new AnswerTypeMismatch(ACTION.value(), "answer"));
    assertRejected(
        clientToolCalled(), answer(), new AnswerTypeMismatch(ACTION.value(), "tool result"));
  }

  @Test
  void questionIsAnsweredOnce() {
    var answered =
        new QuestionAnswered(
            SESSION, ACTION, sealed(QuestionAnswered.class, "answers", "{\"Which?\":\"This\"}"));
    session
        .given(questionRequested())
        .when(submit(answer()))
        .expectEvents(answered, activityChanged(Activity.RUNNING));
    assertRejected(
        concat(questionRequested(), answered, activityChanged(Activity.RUNNING)),
        answer(),
        new AlreadyResolved(ACTION.value()));
  }

  @Test
  void clientToolIsAnsweredOnce() {
    var answered =
        new ToolAnswered(SESSION, ACTION, true, sealed(ToolAnswered.class, "output", "\"gone\""));
    session
        .given(clientToolCalled())
        .when(submit(toolAnswer()))
        .expectEvents(answered, activityChanged(Activity.RUNNING));
    assertRejected(
        concat(clientToolCalled(), answered, activityChanged(Activity.RUNNING)),
        toolAnswer(),
        new AlreadyResolved(ACTION.value()));
  }

  @Test
  void timeoutExpiresTheAction() {
    session
        .given(waiting())
        .when(new ExpireAction(SESSION, ACTION))
        .expectEvents(expired(ACTION, ExpiryReason.DEADLINE), activityChanged(Activity.RUNNING));
  }

  @Test
  void lateTimeoutRecordsNothing() {
    session
        .given(running(permissionRequested(ACTION, CALL), decided(Decision.ALLOW)))
        .when(new ExpireAction(SESSION, ACTION))
        .expectNoEvents();
    session.given(running()).when(new ExpireAction(SESSION, ACTION)).expectNoEvents();
  }

  @Test
  void decisionAndPromptInOneBatchAreAtomic() {
    session
        .given(waiting())
        .when(submit(decide(Decision.ALLOW), prompt(NEXT_QUERY, NEXT_RUN, "and then")))
        .expectEvents(
            decided(Decision.ALLOW),
            queued(NEXT_QUERY, NEXT_RUN, "and then"),
            activityChanged(Activity.RUNNING));
    session
        .given(running())
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "and then"), decide(Decision.ALLOW)))
        .expectException(RejectionException.class)
        .expectNoEvents();
  }
}
