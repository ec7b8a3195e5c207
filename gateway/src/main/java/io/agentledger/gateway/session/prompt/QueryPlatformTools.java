package io.agentledger.gateway.session.prompt;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.options.RunOptionsRequest;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.platform.PlatformResource;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.validation.SessionTitle;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tools of the platform's MCP server for queries and what they result in. */
@Component
class QueryPlatformTools implements PlatformToolProvider {
  /** Maximum time to wait: clients give up after some minutes. */
  static final int WAIT_SECONDS_MAX = 300;

  private static final String REQUIRED = "is required";
  private static final String WAIT_RULE = "must be 0 to 300";
  private static final String WAIT =
      "Seconds to wait for the end of the run, 0 to 300; 0 if omitted. The call returns earlier"
          + " when the run waits for a decision";
  private static final String KEY =
      "Key of your choice: a repeated call with it has no second effect";

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final RunOutcomeReader runOutcomeReader;
  private final IdempotencyKeys idempotencyKeys;

  QueryPlatformTools(
      MessageGateway messageGateway,
      SessionService sessionService,
      RunOutcomeReader runOutcomeReader,
      IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.runOutcomeReader = runOutcomeReader;
    this.idempotencyKeys = idempotencyKeys;
  }

  record OpenSessionArguments(
      @ToolArgument("First prompt for the agent")
          @NotBlank(message = "must not be blank")
          @Size(max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
          String prompt,
      @ToolArgument("Title of the session") @Nullable @SessionTitle String title,
      @ToolArgument(
              "Options of the session, as in POST /api/v1/sessions: model, permission_mode,"
                  + " max_turns, allowed_tools, system_prompt ...")
          @Nullable
          @Valid
          SessionOptionsRequest options,
      @ToolArgument(
              "First files: {\"type\": \"empty\"}, or {\"type\": \"git\", \"url\": \"https://...\"}"
                  + " with an optional ref")
          @Nullable
          @Valid
          WorkspaceRequest workspace,
      @ToolArgument("Id of the environment; the tenant's default if omitted")
          @Nullable EnvironmentId environmentId,
      @ToolArgument("Budget of the session in US dollars, such as \"0.50\"")
          @Nullable Money budgetUsd,
      @ToolArgument(
              "Id of the agent that defines the session, from list_agents; its other fields"
                  + " are overridden by the arguments")
          @Nullable AgentId agentId,
      @ToolArgument(WAIT)
          @Nullable
          @Min(value = 0, message = WAIT_RULE)
          @Max(value = WAIT_SECONDS_MAX, message = WAIT_RULE)
          Integer waitSeconds,
      @ToolArgument(KEY) @Nullable String idempotencyKey) {
    QueryInNewSessionRequest toRequest() {
      return new QueryInNewSessionRequest(
          null,
          prompt,
          null,
          null,
          null,
          title,
          null,
          workspace,
          environmentId,
          budgetUsd,
          null,
          options,
          null,
          agentId,
          null,
          null);
    }
  }

  record SubmitQueryArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId,
      @ToolArgument("Prompt for the agent")
          @NotBlank(message = "must not be blank")
          @Size(max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
          String prompt,
      @ToolArgument("Options of this run: model, max_turns, allowed_tools ...") @Nullable @Valid
          RunOptionsRequest options,
      @ToolArgument(WAIT)
          @Nullable
          @Min(value = 0, message = WAIT_RULE)
          @Max(value = WAIT_SECONDS_MAX, message = WAIT_RULE)
          Integer waitSeconds,
      @ToolArgument(KEY) @Nullable String idempotencyKey) {
    CreateQueryRequest toRequest() {
      return new CreateQueryRequest(prompt, null, null, null, options, null);
    }
  }

  record GetResultArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId,
      @ToolArgument("Id of the run, from the result of the tool that started it")
          @NotNull(message = REQUIRED)
          RunId runId,
      @ToolArgument(WAIT)
          @Nullable
          @Min(value = 0, message = WAIT_RULE)
          @Max(value = WAIT_SECONDS_MAX, message = WAIT_RULE)
          Integer waitSeconds) {}

  record ListMessagesArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId,
      @ToolArgument("Number of content blocks, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  record InterruptArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "open_session",
            "Open a session with a prompt",
            "Opens a session, in which a Claude Code agent works on the prompt. Returns the ids,"
                + " and the answer if the run ends within wait_seconds.",
            Effect.ADD,
            OpenSession.class,
            OpenSessionArguments.class,
            this::openSession),
        new PlatformTool<>(
            "submit_query",
            "Submit a query",
            "Sends the next prompt to a session; it is queued while a run is in progress. Returns"
                + " the answer if the run ends within wait_seconds.",
            Effect.ADD,
            SubmitInputs.class,
            SubmitQueryArguments.class,
            this::submitQuery),
        new PlatformTool<>(
            "get_result",
            "Get the result of a run",
            "Returns the status and the answer of a run, and the actions that it waits for.",
            Effect.READ,
            FindRun.class,
            GetResultArguments.class,
            (context, arguments) ->
                runOutcomeReader.read(
                    context, arguments.sessionId(), arguments.runId(), arguments.waitSeconds())),
        listMessages(),
        new PlatformTool<>(
            "interrupt_run",
            "Interrupt a run",
            "Ends the run in progress of a session. The session can go on with another query.",
            Effect.CHANGE,
            SubmitInputs.class,
            InterruptArguments.class,
            (context, arguments) ->
                sessionService.submit(
                    context, arguments.sessionId(), List.of(new Input.Interrupt()), null)));
  }

  private PlatformTool<ListMessagesArguments> listMessages() {
    return new PlatformTool<>(
        "list_messages",
        "List messages",
        "Lists the content blocks of a session's conversation, oldest first: prompts, texts, tool"
            + " calls and their results.",
        Effect.READ,
        ListMessages.class,
        ListMessagesArguments.class,
        this::listMessages);
  }

  @Override
  public List<PlatformResource> resources() {
    return List.of(
        new PlatformResource(
            "agentledger://sessions/{session_id}/messages",
            "session_messages",
            "The first 20 content blocks of a session's conversation; list_messages has the others",
            listMessages()));
  }

  private Mono<RunOutcome> openSession(RequestContext context, OpenSessionArguments arguments) {
    QueryController.requireRead(context);
    var idempotency =
        idempotencyKeys.create(arguments.idempotencyKey(), "mcp open_session", arguments);
    return messageGateway
        .offload(() -> sessionService.openAndQuery(context, arguments.toRequest(), idempotency))
        .flatMap(query -> await(context, query, arguments.waitSeconds()));
  }

  private Mono<RunOutcome> submitQuery(RequestContext context, SubmitQueryArguments arguments) {
    QueryController.requireRead(context);
    var idempotency =
        idempotencyKeys.create(arguments.idempotencyKey(), "mcp submit_query", arguments);
    return messageGateway
        .offload(
            () ->
                sessionService.submitQuery(
                    context, arguments.sessionId(), arguments.toRequest(), idempotency))
        .flatMap(query -> await(context, query, arguments.waitSeconds()));
  }

  private Mono<RunOutcome> await(
      RequestContext context, QueryView query, @Nullable Integer waitSeconds) {
    return runOutcomeReader.await(context, query, waitSeconds);
  }

  private Mono<Page<MessageView>> listMessages(
      RequestContext context, ListMessagesArguments arguments) {
    var page = PlatformTool.toPage(arguments.limit(), arguments.cursor());
    return messageGateway.queryPage(
        context, new ListMessages(context.tenant(), arguments.sessionId(), page));
  }
}
