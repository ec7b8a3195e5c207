package io.agentledger.gateway.session;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.template.TemplateId;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.platform.PlatformResource;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.validation.SessionTitle;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.template.VariableValue;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tools of the platform's MCP server for sessions. */
@Component
class SessionPlatformTools implements PlatformToolProvider {
  private static final String REQUIRED = "is required";

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final IdempotencyKeys idempotencyKeys;

  SessionPlatformTools(
      MessageGateway messageGateway,
      SessionService sessionService,
      IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.idempotencyKeys = idempotencyKeys;
  }

  record ListSessionsArguments(
      @ToolArgument("Lifecycle status or activity: open, closed, idle, running, waiting ...")
          @Nullable String status,
      @ToolArgument("Part of the title or of a metadata value, case-insensitive")
          @Nullable String text,
      @ToolArgument("A tag of the session") @Nullable String tag,
      @ToolArgument("Earliest opening time, inclusive, ISO 8601") @Nullable String from,
      @ToolArgument("Latest opening time, exclusive, ISO 8601") @Nullable String to,
      @ToolArgument("Number of sessions, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  record SessionArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId) {}

  record OpenFromTemplateArguments(
      @ToolArgument("Id of the template") @NotNull(message = REQUIRED) TemplateId templateId,
      @ToolArgument("Values of the template's variables by their names, as strings")
          @Nullable Map<String, String> variables,
      @ToolArgument("Title that replaces the template's") @Nullable @SessionTitle String title,
      @ToolArgument("Key of your choice: a repeated call with it opens no second session")
          @Nullable String idempotencyKey) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "list_sessions",
            "List sessions",
            "Lists the sessions that you may see, newest first, with their status and costs.",
            Effect.READ,
            ListSessions.class,
            ListSessionsArguments.class,
            this::list),
        getSession(),
        new PlatformTool<>(
            "open_session_from_template",
            "Open a session from a template",
            "Opens a session as a template defines it, and sends the template's prompt if it has"
                + " one. list_templates has the variables.",
            Effect.ADD,
            OpenSession.class,
            OpenFromTemplateArguments.class,
            this::openFromTemplate));
  }

  private PlatformTool<SessionArguments> getSession() {
    return new PlatformTool<>(
        "get_session",
        "Get a session",
        "Returns a session with its options, its status, the actions that its run waits for, and"
            + " its costs.",
        Effect.READ,
        FindSession.class,
        SessionArguments.class,
        (context, arguments) -> sessionService.find(context, arguments.sessionId()));
  }

  @Override
  public List<PlatformResource> resources() {
    return List.of(
        new PlatformResource(
            "agentledger://sessions/{session_id}", "session", "A session", getSession()));
  }

  private Mono<Page<SessionView>> list(RequestContext context, ListSessionsArguments arguments) {
    var params =
        new SessionListParams(
            null,
            null,
            arguments.status(),
            null,
            null,
            null,
            null,
            null,
            arguments.from(),
            arguments.to(),
            arguments.text());
    var filter = SessionFilters.toFilter(null, null, arguments.tag(), params);
    var page = PlatformTool.toPage(arguments.limit(), arguments.cursor());
    return messageGateway.queryPage(context, new ListSessions(context.tenant(), filter, page));
  }

  private Mono<SessionView> openFromTemplate(
      RequestContext context, OpenFromTemplateArguments arguments) {
    var request =
        new CreateSessionRequest(
            arguments.title(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            arguments.templateId(),
            null,
            VariableValue.ofTexts(arguments.variables()));
    MessageAuthorizer.checkScopes(FindSession.class, context.metadata()); // Before it is opened.
    var idempotency =
        idempotencyKeys.create(
            arguments.idempotencyKey(), "mcp open_session_from_template", arguments);
    return sessionService
        .open(context, request, idempotency)
        .flatMap(id -> sessionService.find(context, id));
  }
}
