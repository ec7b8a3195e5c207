package io.agentledger.gateway.task;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentQuery.FindAgent;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.TaskDefinition;
import io.agentledger.api.task.TaskReferenceInspector;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateQuery.FindTemplateVersion;
import io.agentledger.api.template.TemplateVersionView;
import io.agentledger.api.template.TemplateView;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.concurrent.CompletionStage;
import org.axonframework.messaging.HandlerExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks the template and the agent that the session of a task names, and pins their versions if
 * they are another user's: that user cannot change what the task does with the permissions of its
 * own user.
 */
@Component
class TaskReferencePinner implements TaskReferenceInspector {
  private static final String BY_VARIABLE =
      "is required, because the template names its agent or the agent's version by a variable";

  private final MessageGateway messageGateway;
  private final WireJson json;

  TaskReferencePinner(MessageGateway messageGateway, WireJson json) {
    this.messageGateway = messageGateway;
    this.json = json;
  }

  /** Session and prompt of a template in one version. */
  private record TemplateContent(Json session, @Nullable String prompt) {}

  /**
   * Returns the definition with pinned versions.
   *
   * @param owner of the task; an admin may change it, too
   */
  Mono<TaskDefinition> pin(RequestContext context, TaskDefinition definition, UserId owner) {
    var session = json.parseObject(definition.session().text());
    return pin(context, session, definition.prompt() != null, owner)
        .then(Mono.fromSupplier(() -> definition.withSession(new Json(json.toText(session)))));
  }

  @Override
  public CompletionStage<Boolean> isPinned(
      Caller caller, String requestId, TaskView task, UserId owner) {
    var context = new RequestContext(caller, requestId, RequestSource.NONE);
    var session = json.parseObject(task.session().text());
    var pinned = session.deepCopy();
    return pin(context, pinned, task.prompt() != null, owner)
        .then(Mono.fromSupplier(() -> pinned.equals(session)))
        .toFuture();
  }

  private Mono<Void> pin(
      RequestContext context, ObjectNode session, boolean hasPrompt, UserId owner) {
    return pinTemplate(context, session, hasPrompt, owner)
        .then(Mono.defer(() -> pinAgent(context, session, owner)));
  }

  private Mono<Void> pinTemplate(
      RequestContext context, ObjectNode session, boolean hasPrompt, UserId owner) {
    var id = session.path("template_id");
    if (!id.isMissingNode() && !id.isNull() && !id.isString())
      throw InvalidRequestException.body("/session/template_id", "must be a string");
    var version = session.path("template_version");
    requireVersion(session, "template_version");
    if (id.isString())
      return messageGateway
          .query(
              context,
              new FindTemplate(context.tenant(), parseTemplateId(id.stringValue())),
              TemplateView.class)
          .flatMap(
              template ->
                  checkTemplate(context, template, session, !hasPrompt)
                      .flatMap(content -> pin(context, template, content, session, owner)));
    if (isVersion(version))
      throw InvalidRequestException.body(
          "/session/template_version", "must be given with template_id only");
    if (!hasPrompt)
      throw InvalidRequestException.body(
          "/prompt", "is required unless the session names a template with a prompt");
    return Mono.empty();
  }

  /** The version that a variable names could not be kept. */
  private static void requireVersion(ObjectNode session, String field) {
    if (session.hasNonNull(field) && !isVersion(session.path(field)))
      throw InvalidRequestException.body(
          "/session/" + field, "must be a whole number, 1 or more, without variables");
  }

  private static boolean isVersion(JsonNode version) {
    return version.isIntegralNumber() && version.canConvertToLong() && version.longValue() > 0;
  }

  private Mono<TemplateContent> checkTemplate(
      RequestContext context, TemplateView template, ObjectNode session, boolean needsPrompt) {
    if (template.archivedAt() != null)
      throw new RejectionException(new Archived("template", template.id().value()));
    return findContent(context, template, session.path("template_version"))
        .doOnNext(
            content -> {
              if (needsPrompt && content.prompt() == null)
                throw InvalidRequestException.body(
                    "/prompt", "is required, because the template of the session has none");
            });
  }

  private Mono<Void> pin(
      RequestContext context,
      TemplateView template,
      TemplateContent content,
      ObjectNode session,
      UserId owner) {
    boolean own = template.ownerId().equals(owner);
    if (!own && !isVersion(session.path("template_version")))
      session.put("template_version", template.version());
    var fields = json.parseObject(content.session().text());
    var agentId = fields.path("agent_id").asString("");
    if (agentId.isEmpty() || session.hasNonNull("agent_id")) return Mono.empty();
    var agentVersion = fields.path("agent_version");
    if (isVersion(agentVersion)) return Mono.empty();
    requireLiteral(agentId, BY_VARIABLE);
    requireLiteral(agentVersion.asString(""), BY_VARIABLE);
    return findAgent(context, agentId)
        .filter(agent -> !own || !agent.ownerId().equals(owner))
        .doOnNext(agent -> session.put("agent_id", agentId))
        .then();
  }

  private Mono<TemplateContent> findContent(
      RequestContext context, TemplateView template, JsonNode version) {
    if (!isVersion(version))
      return Mono.just(new TemplateContent(template.session(), template.prompt()));
    return messageGateway
        .query(
            context,
            new FindTemplateVersion(context.tenant(), template.id(), version.longValue()),
            TemplateVersionView.class)
        .map(view -> new TemplateContent(view.session(), view.prompt()));
  }

  private Mono<Void> pinAgent(RequestContext context, ObjectNode session, UserId owner) {
    var id = session.path("agent_id").asString("");
    if (id.isEmpty()) return Mono.empty();
    requireLiteral(id, "must be the id of an agent, without variables");
    requireVersion(session, "agent_version");
    return findAgent(context, id)
        .doOnNext(
            agent -> {
              if (agent.archivedAt() != null)
                throw new RejectionException(new Archived("agent", id));
              if (!agent.ownerId().equals(owner) && !session.hasNonNull("agent_version"))
                session.put("agent_version", agent.version());
            })
        .then();
  }

  /** The version of an agent that a variable names could not be pinned. */
  private static void requireLiteral(String agentId, String violation) {
    if (agentId.contains("${")) throw InvalidRequestException.body("/session/agent_id", violation);
  }

  private Mono<AgentView> findAgent(RequestContext context, String id) {
    return messageGateway
        .query(context, new FindAgent(context.tenant(), new AgentId(id)), AgentView.class)
        .onErrorMap(
            TaskReferencePinner::isNotFound,
            failure ->
                InvalidRequestException.body(
                    "/session/agent_id", "must be the id of an agent that you can see"));
  }

  private static boolean isNotFound(Throwable failure) {
    return failure instanceof RejectionException rejected
            && rejected.rejection() instanceof NotFound
        || failure instanceof HandlerExecutionException exception
            && exception.getDetails().orElse(null) instanceof NotFound;
  }

  private static TemplateId parseTemplateId(String id) {
    try {
      return new TemplateId(id);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.body(
          "/session/template_id", String.valueOf(exception.getMessage()));
    }
  }
}
