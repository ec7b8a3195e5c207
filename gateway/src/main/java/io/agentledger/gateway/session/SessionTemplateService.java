package io.agentledger.gateway.session;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateView;
import io.agentledger.gateway.hook.SessionHookRequest;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.template.RenderedTemplate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Opens sessions from templates; fields of the request override those of the template. */
@Component
class SessionTemplateService {
  /** Fields that are merged one by one; all others are replaced as a whole. */
  private static final List<String> MERGED_FIELDS = List.of("options", "metadata");

  private final MessageGateway messageGateway;
  private final WireJson json;
  private final RequestValidator validator;

  SessionTemplateService(MessageGateway messageGateway, WireJson json, RequestValidator validator) {
    this.messageGateway = messageGateway;
    this.json = json;
    this.validator = validator;
  }

  /**
   * Request to open a session, with a rendered template.
   *
   * @param prompt first query of the session; null for none
   */
  record ResolvedSession(
      CreateSessionRequest request, SessionOrigin origin, @Nullable String prompt)
      implements SessionSpecFields {
    /**
     * Returns the session of an execution.
     *
     * @param taskPrompt null: the prompt of the template
     */
    ResolvedSession forTask(SessionOrigin.Task execution, @Nullable String taskPrompt) {
      var first = taskPrompt == null ? prompt : taskPrompt;
      if (first == null)
        throw InvalidRequestException.body(
            "/prompt", "is required: neither the task nor its template has one");
      return new ResolvedSession(request, execution, first);
    }

    @Override
    public @Nullable String title() {
      return request.title();
    }

    @Override
    public @Nullable Map<String, String> metadata() {
      return request.metadata();
    }

    @Override
    public @Nullable WorkspaceRequest workspace() {
      return request.workspace();
    }

    @Override
    public @Nullable EnvironmentId environmentId() {
      return request.environmentId();
    }

    @Override
    public @Nullable Money budgetUsd() {
      return request.budgetUsd();
    }

    @Override
    public @Nullable ExecutorRequest executor() {
      return request.executor();
    }

    @Override
    public @Nullable SessionOptionsRequest options() {
      return request.options();
    }

    @Override
    public @Nullable List<SessionHookRequest> hooks() {
      return request.hooks();
    }
  }

  /** Returns the request with its rendered template; unchanged without a template. */
  Mono<ResolvedSession> resolve(RequestContext context, CreateSessionRequest request) {
    var template = request.templateId();
    if (template != null)
      return messageGateway
          .query(context, new FindTemplate(context.tenant(), template), TemplateView.class)
          .flatMap(view -> messageGateway.offload(() -> Mono.just(resolve(view, request))));
    if (request.variables() != null)
      throw InvalidRequestException.body("/variables", "must be given with template_id only");
    return Mono.just(new ResolvedSession(request, new SessionOrigin.Fresh(), null));
  }

  private ResolvedSession resolve(TemplateView template, CreateSessionRequest request) {
    TemplateId id = template.id();
    if (template.archivedAt() != null)
      throw new RejectionException(new Archived("template", id.value()));
    var variables = request.variables();
    if (variables != null)
      variables.forEach(
          (name, value) -> {
            if (value == null)
              throw InvalidRequestException.body("/variables/" + name, "must be a string");
          });
    var renderedTemplate =
        RenderedTemplate.render(template, variables == null ? Map.of() : variables, json);
    var merged = renderedTemplate.session();
    mergeInto(json.toTree(request.withoutTemplate()), merged);
    return new ResolvedSession(
        validator.check(json.read(merged, CreateSessionRequest.class)),
        new SessionOrigin.Templated(id, template.version()),
        renderedTemplate.prompt());
  }

  private static void mergeInto(ObjectNode overrides, ObjectNode target) {
    for (var field : overrides.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) continue;
      boolean isMerged =
          MERGED_FIELDS.contains(field.getKey())
              && value instanceof ObjectNode
              && target.get(field.getKey()) instanceof ObjectNode;
      if (isMerged) mergeInto((ObjectNode) value, (ObjectNode) target.get(field.getKey()));
      else target.set(field.getKey(), value);
    }
  }
}
