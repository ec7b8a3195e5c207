package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateQuery.FindTemplateVersion;
import io.agentledger.api.template.TemplateRef;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.api.template.TemplateVersionView;
import io.agentledger.api.template.TemplateView;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.template.RenderedTemplate;
import io.agentledger.gateway.template.VariableValue;
import java.util.List;
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

  /** Fields of a template in the version that was requested. */
  private record SelectedTemplate(
      TemplateRef ref, List<TemplateVariable> variables, Json session, @Nullable String prompt) {
    static SelectedTemplate from(TemplateView template) {
      return new SelectedTemplate(
          new TemplateRef(template.id(), template.version()),
          template.variables(),
          template.session(),
          template.prompt());
    }

    static SelectedTemplate from(TemplateView template, TemplateVersionView version) {
      return new SelectedTemplate(
          new TemplateRef(template.id(), version.version()),
          version.variables(),
          version.session(),
          version.prompt());
    }
  }

  /** Returns the request with its rendered template; unchanged without a template. */
  Mono<ResolvedSession> resolve(RequestContext context, CreateSessionRequest request) {
    var template = request.templateId();
    if (template != null)
      return messageGateway
          .query(context, new FindTemplate(context.tenant(), template), TemplateView.class)
          .flatMap(view -> select(context, view, request.templateVersion()))
          .flatMap(selected -> messageGateway.offload(() -> Mono.just(resolve(selected, request))));
    if (request.variables() != null)
      throw InvalidRequestException.body("/variables", "must be given with template_id only");
    if (request.templateVersion() != null)
      throw InvalidRequestException.body(
          "/template_version", "must be given with template_id only");
    return Mono.just(new ResolvedSession(request, new SessionOrigin.Fresh(), null));
  }

  private Mono<SelectedTemplate> select(
      RequestContext context, TemplateView template, @Nullable Long version) {
    if (template.archivedAt() != null)
      return Mono.error(new RejectionException(new Archived("template", template.id().value())));
    if (version == null || version == template.version())
      return Mono.just(SelectedTemplate.from(template));
    return messageGateway
        .query(
            context,
            new FindTemplateVersion(context.tenant(), template.id(), version),
            TemplateVersionView.class)
        .map(view -> SelectedTemplate.from(template, view));
  }

  private ResolvedSession resolve(SelectedTemplate template, CreateSessionRequest request) {
    var renderedTemplate =
        RenderedTemplate.ofTemplate(
            template.variables(),
            template.session(),
            template.prompt(),
            VariableValue.toTexts(request.variables()),
            json);
    var merged = renderedTemplate.session();
    if (request.agentId() != null) merged.remove("agent_version"); // It is of another agent.
    mergeInto(json.parseObject(json.toText(request.withoutTemplate())), merged);
    return new ResolvedSession(
        validator.check(json.read(merged, CreateSessionRequest.class)),
        new SessionOrigin.Templated(template.ref().templateId(), template.ref().version()),
        renderedTemplate.prompt());
  }

  /** Sets the fields that are given, in options and metadata one by one. */
  static void mergeInto(ObjectNode overrides, ObjectNode target) {
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
