package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.AlreadySettled;
import io.agentledger.api.shared.SessionRejection.AnswerTypeMismatch;
import io.agentledger.api.shared.SessionRejection.InputChanged;
import io.agentledger.command.session.PendingAction.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the session's runs wait for, oldest first, and how the last ones ended. The first answer
 * wins. A repeated decision is silence; a repeated answer is refused, since what was answered is
 * sealed and cannot be compared: clients repeat safely with an idempotency key.
 */
final class PendingActions {
  private static final int REMEMBERED_MAX = 256;

  private List<PendingAction> open = new ArrayList<>();
  private List<Settled> settled = new ArrayList<>();

  /** How an action ended. */
  enum End {
    ALLOWED,
    ALLOWED_OTHERWISE,
    DENIED,
    ANSWERED,
    EXPIRED
  }

  /** An action that waits no more. */
  record Settled(ActionId id, End end) {}

  List<ActionId> waiting() {
    return open.stream().map(PendingAction::id).toList();
  }

  boolean waitsFor(ActionId id) {
    return open.stream().anyMatch(action -> action.id().equals(id));
  }

  /** Whether it was ever asked, as far back as is remembered. */
  boolean knows(ActionId id) {
    return waitsFor(id) || settled.stream().anyMatch(one -> one.id().equals(id));
  }

  void decide(Input.Decide input, SessionSealer sealer) {
    boolean otherwise = input.decision() == Decision.ALLOW && input.updatedInput() != null;
    if (!otherwise && settled.contains(new Settled(input.actionId(), end(input.decision(), false))))
      return;
    var action = waiting(input.actionId(), Kind.PERMISSION);
    if (input.inputDigest() != null && !input.inputDigest().equals(action.inputDigest()))
      throw new RejectionException(new InputChanged(input.actionId().value()));
    var changed =
        sealer.json(
            PermissionDecided.class, "updatedInput", otherwise ? input.updatedInput() : null);
    var reason = sealer.text(PermissionDecided.class, "reason", input.reason());
    apply(
        new PermissionDecided(
            sealer.session(),
            action.id(),
            input.decision(),
            action.inputDigest(),
            changed,
            reason));
    if (input.remember() != null)
      apply(
          new PermissionRemembered(
              sealer.session(),
              action.id(),
              input.decision(),
              input.remember(),
              action.tool(),
              action.inputDigest()));
  }

  void answer(Input.Answer input, SessionSealer sealer) {
    var action = waiting(input.actionId(), Kind.QUESTION);
    var answers = sealer.json(QuestionAnswered.class, "answers", input.answers());
    apply(new QuestionAnswered(sealer.session(), action.id(), answers));
  }

  void answer(Input.AnswerTool input, SessionSealer sealer) {
    var action = waiting(input.actionId(), Kind.CLIENT_TOOL);
    var output = sealer.json(ToolAnswered.class, "output", input.output());
    apply(new ToolAnswered(sealer.session(), action.id(), input.isError(), output));
  }

  void answer(Input.AnswerElicitation input, ElicitationFormValidator forms, SessionSealer sealer) {
    var action = waiting(input.actionId(), Kind.ELICITATION);
    forms.check(sealer.session(), action.at(), input);
    var content = sealer.json(ElicitationAnswered.class, "content", input.content());
    apply(new ElicitationAnswered(sealer.session(), action.id(), input.answer(), false, content));
  }

  private PendingAction waiting(ActionId id, Kind kind) {
    for (var action : open)
      if (action.id().equals(id)) {
        if (action.kind() == kind) return action;
        throw new RejectionException(new AnswerTypeMismatch(id.value(), action.kind().answer()));
      }
    if (knows(id)) throw new RejectionException(new AlreadySettled(id.value()));
    throw new RejectionException(new NotFound("action", id.value()));
  }

  private static End end(Decision decision, boolean otherwise) {
    if (decision == Decision.DENY) return End.DENIED;
    return otherwise ? End.ALLOWED_OTHERWISE : End.ALLOWED;
  }

  /** Ends those; whoever lost the race against an answer finds none and changes nothing. */
  void expire(SessionId session, Predicate<PendingAction> which, Expiry expiry) {
    for (var action : List.copyOf(open))
      if (which.test(action)) apply(new ActionExpired(session, action.id(), expiry));
  }

  /**
   * @param at the event's place in the session's stream
   */
  void on(ActionEvent event, long at) {
    switch (event) {
      case PermissionRequested request ->
          open.add(
              new PendingAction(
                  request.actionId(),
                  request.runId(),
                  request.toolCallId(),
                  Kind.PERMISSION,
                  request.tool(),
                  request.inputDigest(),
                  at));
      case QuestionAsked request ->
          open.add(
              new PendingAction(
                  request.actionId(),
                  request.runId(),
                  request.toolCallId(),
                  Kind.QUESTION,
                  "",
                  "",
                  at));
      case ClientToolCalled asked ->
          open.add(
              new PendingAction(
                  asked.actionId(),
                  asked.runId(),
                  asked.toolCallId(),
                  Kind.CLIENT_TOOL,
                  "",
                  "",
                  at));
      case PermissionDecided permissionDecided ->
          resolve(
              permissionDecided.actionId(),
              end(
                  permissionDecided.decision(),
                  !(permissionDecided.updatedInput() instanceof Content.Absent)));
      case PermissionRemembered ignored -> {} // The runner's to know.
      case QuestionAnswered questionAnswered -> resolve(questionAnswered.actionId(), End.ANSWERED);
      case ToolAnswered toolAnswered -> resolve(toolAnswered.actionId(), End.ANSWERED);
      case ActionExpired nobody -> resolve(nobody.actionId(), End.EXPIRED);
      case ElicitationEvent elicitation -> on(elicitation, at);
    }
  }

  private void on(ElicitationEvent event, long at) {
    switch (event) {
      case ElicitationRequested request ->
          open.add(
              new PendingAction(
                  request.actionId(),
                  request.runId(),
                  request.toolCallId(),
                  Kind.ELICITATION,
                  "",
                  "",
                  at));
      case ElicitationAnswered elicitationAnswered ->
          resolve(elicitationAnswered.actionId(), End.ANSWERED);
      case ElicitationEnded nobody -> resolve(nobody.actionId(), End.EXPIRED);
      case ElicitationRevised ignored -> {} // The server's to be told.
      case ElicitationCompleted ignored -> {}
    }
  }

  private void resolve(ActionId id, End end) {
    open.removeIf(action -> action.id().equals(id));
    settled.add(new Settled(id, end));
    if (settled.size() > REMEMBERED_MAX) settled.removeFirst();
  }
}
