package io.agentledger.gateway.task;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentQuery.FindAgent;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.TaskCommand.ArchiveTask;
import io.agentledger.api.task.TaskCommand.ChangeTask;
import io.agentledger.api.task.TaskCommand.CreateTask;
import io.agentledger.api.task.TaskCommand.PauseTask;
import io.agentledger.api.task.TaskCommand.ResumeTask;
import io.agentledger.api.task.TaskDefinition;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskQuery.FindTaskStatistics;
import io.agentledger.api.task.TaskQuery.ListTaskVersions;
import io.agentledger.api.task.TaskQuery.ListTasks;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.api.task.TaskStatisticsView;
import io.agentledger.api.task.TaskVersionView;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateView;
import io.agentledger.gateway.support.json.SessionValueRedactor;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ToolNameValidator;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.template.RenderedTemplate;
import io.agentledger.gateway.template.TemplateValidator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.messaging.HandlerExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on tasks, shared by REST and RSocket. */
@Component
class TaskService {
  private static final Duration STATISTICS_PERIOD = Duration.ofDays(30);
  private static final int LABEL_LENGTH_MAX = 50;

  private final MessageGateway messageGateway;
  private final TemplateValidator templateValidator;
  private final ToolNameValidator toolNameValidator;
  private final SessionValueRedactor redactor;
  private final WireJson json;
  private final Clock clock;

  TaskService(
      MessageGateway messageGateway,
      TemplateValidator templateValidator,
      ToolNameValidator toolNameValidator,
      SessionValueRedactor redactor,
      WireJson json,
      Clock clock) {
    this.messageGateway = messageGateway;
    this.templateValidator = templateValidator;
    this.toolNameValidator = toolNameValidator;
    this.redactor = redactor;
    this.json = json;
    this.clock = clock;
  }

  Mono<TaskView> create(
      RequestContext context, TaskRequest request, @Nullable Idempotency idempotency) {
    requireScopes(context, CreateTask.class);
    var definition = request.toDefinition();
    var properties = request.toProperties(context.caller(), clock.instant());
    return check(context, request, definition)
        .flatMap(
            checked ->
                messageGateway.<TaskId>send(
                    context,
                    new CreateTask(
                        TaskId.next(), context.caller().user(), properties, checked, idempotency)))
        .flatMap(id -> find(context, id));
  }

  Mono<TaskView> change(RequestContext context, TaskId id, long version, TaskRequest request) {
    requireScopes(context, ChangeTask.class);
    var definition = request.toDefinition();
    var properties = request.toProperties(context.caller(), clock.instant());
    return check(context, request, definition)
        .flatMap(
            checked ->
                messageGateway.send(context, new ChangeTask(id, properties, checked, version)))
        .then(find(context, id));
  }

  /** Checks the scopes of a command and of its answer before anything changes. */
  private static void requireScopes(RequestContext context, Class<?> command) {
    MessageAuthorizer.checkScopes(command, context.metadata());
    MessageAuthorizer.checkScopes(FindTask.class, context.metadata());
  }

  /** Returns the checked definition; its expressions take a while. */
  private Mono<TaskDefinition> check(
      RequestContext context, TaskRequest request, TaskDefinition definition) {
    return messageGateway
        .<Void>offload(
            () -> {
              var tools =
                  templateValidator.checkTask(
                      TaskRequest.toTemplate(definition), request.sharing() == TaskSharing.TENANT);
              if (request.schedule() != null) checkScheduleValues(definition);
              return toolNameValidator.check(context, tools);
            })
        .then(Mono.defer(() -> checkTemplate(context, definition)))
        .then(Mono.defer(() -> pinAgent(context, definition)));
  }

  private void checkScheduleValues(TaskDefinition definition) {
    try {
      RenderedTemplate.render(
          definition.variables(),
          definition.session(),
          definition.prompt(),
          definition.scheduleValues(),
          json);
    } catch (InvalidRequestException exception) {
      throw exception.movedBy(pointer -> "/schedule" + pointer);
    }
  }

  /** Checks that there is a prompt: of the task, or of the template that its session names. */
  private Mono<Void> checkTemplate(RequestContext context, TaskDefinition definition) {
    var id = json.parseObject(definition.session().text()).path("template_id");
    if (!id.isMissingNode() && !id.isNull() && !id.isString())
      throw InvalidRequestException.body("/session/template_id", "must be a string");
    if (!id.isString()) {
      if (definition.prompt() != null) return Mono.empty();
      throw InvalidRequestException.body(
          "/prompt", "is required unless the session names a template with a prompt");
    }
    return messageGateway
        .query(
            context,
            new FindTemplate(context.tenant(), parseTemplateId(id.stringValue())),
            TemplateView.class)
        .doOnNext(
            template -> {
              if (template.archivedAt() != null)
                throw new RejectionException(new Archived("template", template.id().value()));
              if (definition.prompt() == null && template.prompt() == null)
                throw InvalidRequestException.body(
                    "/prompt", "is required, because the template of the session has none");
            })
        .then();
  }

  /**
   * Checks the agent that the session names. The version of another user's agent is pinned: that
   * user cannot change what the task does with the permissions of its own user.
   */
  private Mono<TaskDefinition> pinAgent(RequestContext context, TaskDefinition definition) {
    var session = json.parseObject(definition.session().text());
    var id = session.path("agent_id").asString("");
    if (id.isEmpty() || id.contains("${")) return Mono.just(definition);
    return messageGateway
        .query(context, new FindAgent(context.tenant(), new AgentId(id)), AgentView.class)
        .onErrorMap(
            TaskService::isNotFound,
            failure ->
                InvalidRequestException.body(
                    "/session/agent_id", "must be the id of an agent that you can see"))
        .map(
            agent -> {
              if (agent.archivedAt() != null)
                throw new RejectionException(new Archived("agent", id));
              boolean isOwn = agent.ownerId().equals(context.caller().user());
              if (isOwn || session.hasNonNull("agent_version")) return definition;
              session.put("agent_version", agent.version());
              return definition.withSession(new Json(json.toText(session)));
            });
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

  Mono<Page<TaskView>> list(
      RequestContext context,
      @Nullable String category,
      @Nullable String tag,
      boolean includeArchived,
      PageRequest page) {
    Mono<Page<TaskView>> tasks =
        messageGateway.queryPage(
            context,
            new ListTasks(
                context.tenant(),
                QueryParameters.requireText("category", category, LABEL_LENGTH_MAX),
                QueryParameters.requireText("tag", tag, LABEL_LENGTH_MAX),
                includeArchived,
                page));
    return tasks.map(found -> found.map(task -> redact(context, task)));
  }

  /** Finds a task as the caller may see it. */
  Mono<TaskView> find(RequestContext context, TaskId id) {
    return load(context, id).map(task -> redact(context, task));
  }

  /** Finds a task with all of its values, for a caller who can see the task. */
  Mono<TaskView> load(RequestContext context, TaskId id) {
    return messageGateway.query(context, new FindTask(context.tenant(), id), TaskView.class);
  }

  private TaskView redact(RequestContext context, TaskView task) {
    return task.withSession(redact(context, task.ownerId(), task.session()));
  }

  private Json redact(RequestContext context, UserId owner, Json session) {
    return redactor.isShownTo(context.caller(), owner) ? session : redactor.redact(session);
  }

  /**
   * Finds the statistics of the caller's executions.
   *
   * @param from null for the last 30 days
   */
  Mono<TaskStatisticsView> findStatistics(
      RequestContext context, TaskId id, @Nullable Instant from) {
    var since = from == null ? clock.instant().minus(STATISTICS_PERIOD) : from;
    return messageGateway.query(
        context, new FindTaskStatistics(context.tenant(), id, since), TaskStatisticsView.class);
  }

  Mono<TaskView> pause(RequestContext context, TaskId id, @Nullable Idempotency idempotency) {
    requireScopes(context, PauseTask.class);
    return messageGateway.send(context, new PauseTask(id, idempotency)).then(find(context, id));
  }

  Mono<TaskView> resume(RequestContext context, TaskId id, @Nullable Idempotency idempotency) {
    requireScopes(context, ResumeTask.class);
    return messageGateway.send(context, new ResumeTask(id, idempotency)).then(find(context, id));
  }

  Mono<Void> archive(RequestContext context, TaskId id) {
    return messageGateway.send(context, new ArchiveTask(id)).then();
  }

  Mono<Page<TaskVersionView>> listVersions(RequestContext context, TaskId id, PageRequest page) {
    return load(context, id)
        .flatMap(
            task -> {
              Mono<Page<TaskVersionView>> versions =
                  messageGateway.queryPage(
                      context, new ListTaskVersions(context.tenant(), id, page));
              return versions.map(
                  found ->
                      found.map(
                          version ->
                              version.withSession(
                                  redact(context, task.ownerId(), version.session()))));
            });
  }
}
