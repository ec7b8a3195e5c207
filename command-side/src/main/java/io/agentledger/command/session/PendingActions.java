package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
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
import io.agentledger.api.shared.SessionRejection.AlreadyResolved;
import io.agentledger.api.shared.SessionRejection.AnswerTypeMismatch;
import io.agentledger.api.shared.SessionRejection.ApprovalForbidden;
import io.agentledger.api.shared.SessionRejection.InputChanged;
import io.agentledger.command.session.PendingAction.Kind;
import io.agentledger.command.support.SessionSealer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Pending actions of the session's runs, oldest first, and the ends of the latest ones. The first
 * answer wins. A repeated decision is ignored; a repeated answer is rejected, because answers are
 * sealed and cannot be compared: clients repeat safely with an idempotency key.
 */
final class PendingActions {
  private static final int REMEMBERED_MAX = 256;

  private List<PendingAction> open = new ArrayList<>();
  private List<ResolvedAction> resolved = new ArrayList<>();

  /** End of an action. */
  enum ActionOutcome {
    ALLOWED,
    ALLOWED_WITH_CHANGES,
    DENIED,
    ANSWERED,
    EXPIRED
  }

  /** Action that has ended. */
  record ResolvedAction(ActionId id, ActionOutcome outcome) {}

  List<ActionId> pendingIds() {
    return open.stream().map(PendingAction::id).toList();
  }

  boolean isPending(ActionId id) {
    return open.stream().anyMatch(action -> action.id().equals(id));
  }

  /** Returns whether the action was requested, as far as is remembered. */
  boolean isKnown(ActionId id) {
    return isPending(id) || resolved.stream().anyMatch(action -> action.id().equals(id));
  }

  /**
   * Requires that a call of the platform is allowed by the user for whom the agent acts, whose
   * rights the call has, or by an admin.
   */
  void requireMayDecide(
      SessionId session, Input.Decide input, Caller caller, ActionInitiatorReader initiators) {
    if (input.decision() != Decision.ALLOW) return;
    for (var action : open)
      if (action.id().equals(input.actionId())
          && PlatformServer.isTool(action.tool())
          && !isAdmin(caller)
          && !caller.actor().equals(initiators.read(session, action.sequence())))
        throw new RejectionException(new ApprovalForbidden(action.id().value()));
  }

  private static boolean isAdmin(Caller caller) {
    return caller.actor().type() == Actor.ActorType.USER && caller.has(Scope.SESSIONS_WRITE_ALL);
  }

  void decide(Input.Decide input, SessionSealer sealer) {
    boolean withChanges = input.decision() == Decision.ALLOW && input.updatedInput() != null;
    if (!withChanges
        && resolved.contains(
            new ResolvedAction(input.actionId(), outcomeOf(input.decision(), false)))) return;
    var action = requirePending(input.actionId(), Kind.PERMISSION);
    if (input.inputDigest() != null && !input.inputDigest().equals(action.inputDigest()))
      throw new RejectionException(new InputChanged(input.actionId().value()));
    var changed =
        sealer.json(
            PermissionDecided.class, "updatedInput", withChanges ? input.updatedInput() : null);
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

  void answer(Input.Answer input, AnswerValidator validator, SessionSealer sealer) {
    var action = requirePending(input.actionId(), Kind.QUESTION);
    validator.check(sealer.session(), action.sequence(), input);
    var answers = sealer.json(QuestionAnswered.class, "answers", input.answers());
    apply(new QuestionAnswered(sealer.session(), action.id(), answers));
  }

  void answer(Input.AnswerTool input, SessionSealer sealer) {
    var action = requirePending(input.actionId(), Kind.CLIENT_TOOL);
    var output = sealer.json(ToolAnswered.class, "output", input.output());
    apply(new ToolAnswered(sealer.session(), action.id(), input.isError(), output));
  }

  void answer(Input.AnswerElicitation input, AnswerValidator validator, SessionSealer sealer) {
    var action = requirePending(input.actionId(), Kind.ELICITATION);
    validator.check(sealer.session(), action.sequence(), input);
    var content = sealer.json(ElicitationAnswered.class, "content", input.content());
    apply(new ElicitationAnswered(sealer.session(), action.id(), input.answer(), false, content));
  }

  private PendingAction requirePending(ActionId id, Kind kind) {
    for (var action : open)
      if (action.id().equals(id)) {
        if (action.kind() == kind) return action;
        throw new RejectionException(new AnswerTypeMismatch(id.value(), action.kind().answer()));
      }
    if (isKnown(id)) throw new RejectionException(new AlreadyResolved(id.value()));
    throw new RejectionException(new NotFound("action", id.value()));
  }

  private static ActionOutcome outcomeOf(Decision decision, boolean withChanges) {
    if (decision == Decision.DENY) return ActionOutcome.DENIED;
    return withChanges ? ActionOutcome.ALLOWED_WITH_CHANGES : ActionOutcome.ALLOWED;
  }

  /**
   * Expires the matching actions. An expiry that loses the race against an answer finds none and
   * has no effect.
   */
  void expire(SessionId session, Predicate<PendingAction> filter, ExpiryReason expiry) {
    for (var action : List.copyOf(open))
      if (filter.test(action)) apply(new ActionExpired(session, action.id(), expiry));
  }

  /** Returns the call that the event allows. */
  Optional<ToolCallId> allowedBy(ActionEvent event) {
    boolean allows =
        switch (event) {
          case PermissionDecided decided -> decided.decision() == Decision.ALLOW;
          case QuestionAnswered ignored -> true;
          default -> false;
        };
    return allows ? decidedCall(event) : Optional.empty();
  }

  /** Returns the call that the event denies; a missing answer denies, too. */
  Optional<ToolCallId> deniedBy(ActionEvent event) {
    boolean denies =
        switch (event) {
          case PermissionDecided decided -> decided.decision() == Decision.DENY;
          case ActionExpired expired -> expired.reason() == ExpiryReason.DEADLINE;
          default -> false;
        };
    return denies ? decidedCall(event) : Optional.empty();
  }

  private Optional<ToolCallId> decidedCall(ActionEvent event) {
    return open.stream()
        .filter(action -> action.id().equals(event.actionId()))
        .filter(action -> action.kind() == Kind.PERMISSION || action.kind() == Kind.QUESTION)
        .map(PendingAction::toolCall)
        .findFirst();
  }

  /**
   * @param sequence the event's sequence number in the session's stream
   */
  void on(ActionEvent event, long sequence) {
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
                  sequence));
      case QuestionAsked request ->
          open.add(
              new PendingAction(
                  request.actionId(),
                  request.runId(),
                  request.toolCallId(),
                  Kind.QUESTION,
                  "",
                  "",
                  sequence));
      case ClientToolCalled request ->
          open.add(
              new PendingAction(
                  request.actionId(),
                  request.runId(),
                  request.toolCallId(),
                  Kind.CLIENT_TOOL,
                  "",
                  "",
                  sequence));
      case PermissionDecided permissionDecided ->
          resolve(
              permissionDecided.actionId(),
              outcomeOf(
                  permissionDecided.decision(),
                  !(permissionDecided.updatedInput() instanceof Content.Absent)));
      case PermissionRemembered ignored -> {} // Only the runner uses it.
      case QuestionAnswered questionAnswered ->
          resolve(questionAnswered.actionId(), ActionOutcome.ANSWERED);
      case ToolAnswered toolAnswered -> resolve(toolAnswered.actionId(), ActionOutcome.ANSWERED);
      case ActionExpired ended -> resolve(ended.actionId(), ActionOutcome.EXPIRED);
      case ElicitationEvent elicitation -> on(elicitation, sequence);
    }
  }

  private void on(ElicitationEvent event, long sequence) {
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
                  sequence));
      case ElicitationAnswered elicitationAnswered ->
          resolve(elicitationAnswered.actionId(), ActionOutcome.ANSWERED);
      case ElicitationEnded ended -> resolve(ended.actionId(), ActionOutcome.EXPIRED);
      case ElicitationRevised ignored -> {} // Only the MCP server uses it.
      case ElicitationCompleted ignored -> {}
    }
  }

  private void resolve(ActionId id, ActionOutcome actionOutcome) {
    open.removeIf(action -> action.id().equals(id));
    resolved.add(new ResolvedAction(id, actionOutcome));
    if (resolved.size() > REMEMBERED_MAX) resolved.removeFirst();
  }
}
