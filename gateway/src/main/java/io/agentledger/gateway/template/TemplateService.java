package io.agentledger.gateway.template;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.template.TemplateCommand.ArchiveTemplate;
import io.agentledger.api.template.TemplateCommand.ChangeTemplate;
import io.agentledger.api.template.TemplateCommand.CreateTemplate;
import io.agentledger.api.template.TemplateCommand.RestoreTemplate;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateQuery.FindTemplateStatistics;
import io.agentledger.api.template.TemplateQuery.ListTemplateVersions;
import io.agentledger.api.template.TemplateQuery.ListTemplates;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.api.template.TemplateStatisticsView;
import io.agentledger.api.template.TemplateVersionView;
import io.agentledger.api.template.TemplateView;
import io.agentledger.gateway.support.json.SessionValueRedactor;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.validation.ToolNameValidator;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on templates, shared by REST and RSocket. */
@Component
class TemplateService {
  private static final Duration STATISTICS_PERIOD = Duration.ofDays(30);
  private static final int CATEGORY_LENGTH_MAX = 50;

  private final MessageGateway messageGateway;
  private final TemplateValidator templateValidator;
  private final ToolNameValidator toolNameValidator;
  private final SessionValueRedactor redactor;
  private final Clock clock;

  TemplateService(
      MessageGateway messageGateway,
      TemplateValidator templateValidator,
      ToolNameValidator toolNameValidator,
      SessionValueRedactor redactor,
      Clock clock) {
    this.messageGateway = messageGateway;
    this.templateValidator = templateValidator;
    this.toolNameValidator = toolNameValidator;
    this.redactor = redactor;
    this.clock = clock;
  }

  Mono<TemplateView> create(
      RequestContext context, TemplateRequest request, @Nullable Idempotency idempotency) {
    var definition = request.toDefinition();
    var command =
        new CreateTemplate(
            TemplateId.next(),
            context.caller().user(),
            request.sharingOrPrivate(),
            request.sharedUsers().sorted(),
            request.name(),
            request.categoryOrEmpty(),
            definition,
            idempotency);
    return check(context, command, request)
        .then(messageGateway.<TemplateId>send(context, command))
        .onErrorMap(request.sharedUsers()::withPointer)
        .flatMap(id -> find(context, id));
  }

  Mono<TemplateView> change(
      RequestContext context, TemplateId id, long version, TemplateRequest request) {
    var definition = request.toDefinition();
    var command =
        new ChangeTemplate(
            id,
            request.sharingOrPrivate(),
            request.sharedUsers().sorted(),
            request.name(),
            request.categoryOrEmpty(),
            definition,
            version);
    return check(context, command, request)
        .then(messageGateway.send(context, command))
        .onErrorMap(request.sharedUsers()::withPointer)
        .then(find(context, id));
  }

  /**
   * Checks the definition, whose expressions take a while, for callers who may send the command.
   */
  private Mono<Void> check(RequestContext context, Object command, TemplateRequest request) {
    MessageAuthorizer.check(command, context.metadata());
    MessageAuthorizer.checkScopes(FindTemplate.class, context.metadata()); // Its answer.
    request.sharedUsers().check();
    return messageGateway.offload(
        () ->
            toolNameValidator.check(
                context,
                templateValidator.check(
                    request.toDefinition(),
                    request.sharingOrPrivate() != TemplateSharing.PRIVATE,
                    context.caller().localOwner())));
  }

  /**
   * Lists templates.
   *
   * @param order null for newest first
   * @param category null for all
   */
  Mono<Page<TemplateView>> list(
      RequestContext context,
      @Nullable Order order,
      @Nullable String category,
      boolean includeArchived,
      PageRequest page) {
    Mono<Page<TemplateView>> templates =
        messageGateway.queryPage(
            context,
            new ListTemplates(
                context.tenant(),
                order == null ? Order.NEWEST : order,
                QueryParameters.requireText("category", category, CATEGORY_LENGTH_MAX),
                includeArchived,
                page));
    return templates.map(found -> found.map(template -> redact(context, template)));
  }

  Mono<TemplateView> find(RequestContext context, TemplateId id) {
    return messageGateway
        .query(context, new FindTemplate(context.tenant(), id), TemplateView.class)
        .map(template -> redact(context, template));
  }

  private TemplateView redact(RequestContext context, TemplateView template) {
    return redactor.isShownTo(context.caller(), template.ownerId())
        ? template
        : template.redacted(redactor.redact(template.session()));
  }

  /**
   * Finds the statistics of the sessions that the caller may see.
   *
   * @param from null for the last 30 days
   */
  Mono<TemplateStatisticsView> findStatistics(
      RequestContext context, TemplateId id, @Nullable Instant from) {
    var since = from == null ? clock.instant().minus(STATISTICS_PERIOD) : from;
    return messageGateway.query(
        context,
        new FindTemplateStatistics(context.tenant(), id, since),
        TemplateStatisticsView.class);
  }

  Mono<Void> archive(RequestContext context, TemplateId id) {
    return messageGateway.sendAndAwait(
        context, new ArchiveTemplate(id), new FindTemplate(context.tenant(), id));
  }

  Mono<TemplateView> restore(
      RequestContext context, TemplateId id, @Nullable Idempotency idempotency) {
    var command = new RestoreTemplate(id, idempotency);
    MessageAuthorizer.check(command, context.metadata());
    MessageAuthorizer.checkScopes(FindTemplate.class, context.metadata()); // Its answer.
    return messageGateway.send(context, command).then(find(context, id));
  }

  Mono<Page<TemplateVersionView>> listVersions(
      RequestContext context, TemplateId id, PageRequest page) {
    return find(context, id)
        .flatMap(
            template -> {
              Mono<Page<TemplateVersionView>> versions =
                  messageGateway.queryPage(
                      context, new ListTemplateVersions(context.tenant(), id, page));
              return redactor.isShownTo(context.caller(), template.ownerId())
                  ? versions
                  : versions.map(
                      found ->
                          found.map(
                              version -> version.redacted(redactor.redact(version.session()))));
            });
  }
}
