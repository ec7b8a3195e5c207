package io.agentledger.gateway.task;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
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
  private final TaskReferencePinner referencePinner;
  private final SessionValueRedactor redactor;
  private final WireJson json;
  private final Clock clock;

  TaskService(
      MessageGateway messageGateway,
      TemplateValidator templateValidator,
      ToolNameValidator toolNameValidator,
      TaskReferencePinner referencePinner,
      SessionValueRedactor redactor,
      WireJson json,
      Clock clock) {
    this.messageGateway = messageGateway;
    this.templateValidator = templateValidator;
    this.toolNameValidator = toolNameValidator;
    this.referencePinner = referencePinner;
    this.redactor = redactor;
    this.json = json;
    this.clock = clock;
  }

  Mono<TaskView> create(
      RequestContext context, TaskRequest request, @Nullable Idempotency idempotency) {
    requireScopes(context, CreateTask.class);
    var definition = request.toDefinition();
    var properties = request.toProperties(context.caller(), clock.instant());
    return check(context, request, definition, Mono.just(context.caller().user()))
        .flatMap(
            checked ->
                messageGateway.<TaskId>send(
                    context,
                    new CreateTask(
                        TaskId.next(), context.caller().user(), properties, checked, idempotency)))
        .onErrorMap(request.sharedUsers()::withPointer)
        .flatMap(id -> find(context, id));
  }

  Mono<TaskView> change(RequestContext context, TaskId id, long version, TaskRequest request) {
    requireScopes(context, ChangeTask.class);
    var definition = request.toDefinition();
    var properties = request.toProperties(context.caller(), clock.instant());
    return check(context, request, definition, find(context, id).map(TaskView::ownerId))
        .flatMap(
            checked ->
                messageGateway.send(context, new ChangeTask(id, properties, checked, version)))
        .onErrorMap(request.sharedUsers()::withPointer)
        .then(find(context, id));
  }

  /** Checks the scopes of a command and of its answer before anything changes. */
  private static void requireScopes(RequestContext context, Class<?> command) {
    MessageAuthorizer.checkScopes(command, context.metadata());
    MessageAuthorizer.checkScopes(FindTask.class, context.metadata());
  }

  /** Returns the checked definition; its expressions take a while. */
  private Mono<TaskDefinition> check(
      RequestContext context, TaskRequest request, TaskDefinition definition, Mono<UserId> owner) {
    request.sharedUsers().check();
    return messageGateway
        .<Void>offload(
            () -> {
              var tools =
                  templateValidator.checkTask(
                      TaskRequest.toTemplate(definition),
                      request.sharing() != null && request.sharing() != TaskSharing.PRIVATE,
                      context.caller().localOwner());
              if (request.schedule() != null) checkScheduleValues(definition);
              return toolNameValidator.check(context, tools);
            })
        .then(owner)
        .flatMap(user -> referencePinner.pin(context, definition, user));
  }

  private void checkScheduleValues(TaskDefinition definition) {
    try {
      RenderedTemplate.ofTask(
          definition.variables(),
          definition.session(),
          definition.prompt(),
          definition.scheduleValues(),
          json);
    } catch (InvalidRequestException exception) {
      throw exception.movedBy(pointer -> "/schedule" + pointer);
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
    return redactor.isShownTo(context.caller(), task.ownerId())
        ? task
        : task.redacted(redactor.redact(task.session()));
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
    return messageGateway.sendAndAwait(
        context, new ArchiveTask(id), new FindTask(context.tenant(), id));
  }

  Mono<Page<TaskVersionView>> listVersions(RequestContext context, TaskId id, PageRequest page) {
    return load(context, id)
        .flatMap(
            task -> {
              Mono<Page<TaskVersionView>> versions =
                  messageGateway.queryPage(
                      context, new ListTaskVersions(context.tenant(), id, page));
              if (redactor.isShownTo(context.caller(), task.ownerId())) return versions;
              return versions.map(
                  found ->
                      found.map(version -> version.redacted(redactor.redact(version.session()))));
            });
  }
}
