package io.agentledger.gateway.session;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateView;
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

/** Sessions that are opened from templates: what the client says itself wins. */
@Component
class SessionTemplateService {
  /** What is put together field by field; of everything else there is one or the other. */
  private static final List<String> MERGED = List.of("options", "metadata");

  private final MessageGateway messageGateway;
  private final WireJson json;
  private final RequestValidator validator;

  SessionTemplateService(MessageGateway messageGateway, WireJson json, RequestValidator validator) {
    this.messageGateway = messageGateway;
    this.json = json;
    this.validator = validator;
  }

  /**
   * An opening whose template is filled in.
   *
   * @param prompt what is asked in it first; null for nothing
   */
  record ResolvedSession(CreateSessionRequest wish, SessionOrigin origin, @Nullable String prompt)
      implements SessionSpecFields {
    @Override
    public @Nullable String title() {
      return wish.title();
    }

    @Override
    public @Nullable Map<String, String> metadata() {
      return wish.metadata();
    }

    @Override
    public @Nullable WorkspaceRequest workspace() {
      return wish.workspace();
    }

    @Override
    public @Nullable EnvironmentId environmentId() {
      return wish.environmentId();
    }

    @Override
    public @Nullable Money budgetUsd() {
      return wish.budgetUsd();
    }

    @Override
    public @Nullable ExecutorRequest executor() {
      return wish.executor();
    }

    @Override
    public @Nullable SessionOptionsRequest options() {
      return wish.options();
    }
  }

  /** As it is wished, for what names no template. */
  Mono<ResolvedSession> filled(RequestContext context, CreateSessionRequest request) {
    var template = request.template();
    if (template != null)
      return messageGateway
          .query(context, new FindTemplate(context.tenant(), template), TemplateView.class)
          .map(view -> filled(view, request));
    if (request.variables() != null)
      throw InvalidRequestException.body("/variables", "must be given with template only");
    return Mono.just(new ResolvedSession(request, new SessionOrigin.Fresh(), null));
  }

  private ResolvedSession filled(TemplateView template, CreateSessionRequest request) {
    TemplateId id = template.id();
    if (template.archivedAt() != null)
      throw new RejectionException(new Archived("template", id.value()));
    var said = request.variables();
    if (said != null)
      said.forEach(
          (name, value) -> {
            if (value == null)
              throw InvalidRequestException.body("/variables/" + name, "must be a string");
          });
    var renderedTemplate = RenderedTemplate.render(template, said == null ? Map.of() : said, json);
    var merged = renderedTemplate.session();
    put(json.tree(request.withoutTemplate()), merged);
    return new ResolvedSession(
        validator.check(json.read(merged, CreateSessionRequest.class)),
        new SessionOrigin.Templated(id, template.version()),
        renderedTemplate.prompt());
  }

  private static void put(ObjectNode own, ObjectNode into) {
    for (var field : own.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) continue;
      boolean both =
          MERGED.contains(field.getKey())
              && value instanceof ObjectNode
              && into.get(field.getKey()) instanceof ObjectNode;
      if (both) put((ObjectNode) value, (ObjectNode) into.get(field.getKey()));
      else into.set(field.getKey(), value);
    }
  }
}
