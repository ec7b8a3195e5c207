package io.agentledger.gateway.session.input;

import io.agentledger.api.permission.PermissionQuery.ListPendingActions;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView.PendingAction;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.web.RequestContext;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tools of the platform's MCP server for the actions that runs wait for. */
@Component
class ActionPlatformTools implements PlatformToolProvider {
  private static final String REQUIRED = SessionInputRequest.MUST_BE_GIVEN;

  private final MessageGateway messageGateway;
  private final SessionService sessionService;

  ActionPlatformTools(MessageGateway messageGateway, SessionService sessionService) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
  }

  record ListActionsArguments(
      @ToolArgument("Number of actions, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  record ActionArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId,
      @ToolArgument("Id of the action") @NotNull(message = REQUIRED) ActionId actionId) {}

  record DecideArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId,
      @ToolArgument("Id of the action") @NotNull(message = REQUIRED) ActionId actionId,
      @ToolArgument("Whether the agent may make the call") @NotNull(message = REQUIRED)
          Decision decision,
      @ToolArgument("input_digest of the action: the decision then holds for this input only")
          @Nullable
          @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 hexadecimal digits in lower case")
          String inputDigest,
      @ToolArgument("Reason of a denial, which the agent reads")
          @Nullable
          @Size(max = 10_000, message = "must be at most 10000 characters")
          String reason) {}

  record AnswerArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId,
      @ToolArgument("Id of the action") @NotNull(message = REQUIRED) ActionId actionId,
      @ToolArgument("The label of the chosen option, or a text of your own, by the question")
          @NotNull(message = REQUIRED)
          Json answers) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "list_pending_actions",
            "List pending actions",
            "Lists what the runs of all sessions that you may see wait for, oldest first: tool"
                + " calls that need a decision, and questions.",
            Effect.READ,
            ListPendingActions.class,
            ListActionsArguments.class,
            (context, arguments) ->
                messageGateway.queryPage(
                    context,
                    new ListPendingActions(
                        context.tenant(),
                        PlatformTool.toPage(arguments.limit(), arguments.cursor())))),
        new PlatformTool<>(
            "get_pending_action",
            "Get a pending action",
            "Returns what a run waits for, with the tool and its whole input.",
            Effect.READ,
            FindSession.class,
            ActionArguments.class,
            this::find),
        new PlatformTool<>(
            "decide_action",
            "Allow or deny an action",
            "Decides about a tool call that waits for permission. Ask your user first; the first"
                + " decision wins.",
            Effect.CHANGE,
            SubmitInputs.class,
            DecideArguments.class,
            (context, arguments) ->
                submit(
                    context,
                    arguments.sessionId(),
                    new SessionInputRequest.Decide(
                        arguments.actionId(),
                        arguments.decision(),
                        arguments.inputDigest(),
                        null,
                        arguments.reason(),
                        null))),
        new PlatformTool<>(
            "answer_question",
            "Answer a question",
            "Answers a question that an agent asked its user. Ask your user first.",
            Effect.CHANGE,
            SubmitInputs.class,
            AnswerArguments.class,
            (context, arguments) ->
                submit(
                    context,
                    arguments.sessionId(),
                    new SessionInputRequest.Answer(arguments.actionId(), arguments.answers()))));
  }

  private Mono<PendingAction> find(RequestContext context, ActionArguments arguments) {
    var id = arguments.actionId();
    return sessionService
        .find(context, arguments.sessionId())
        .flatMapIterable(session -> session.pendingActions())
        .filter(action -> action.actionId().equals(id))
        .next()
        .switchIfEmpty(
            Mono.error(() -> new RejectionException(new NotFound("action", id.value()))));
  }

  private Mono<?> submit(RequestContext context, SessionId session, SessionInputRequest request) {
    return sessionService.submit(context, session, List.of(request.toInput()), null);
  }
}
