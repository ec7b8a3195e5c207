package io.agentledger.gateway.report;

import io.agentledger.api.identity.query.IdentityQuery.FindUser;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.report.ReportCommand.CancelReport;
import io.agentledger.api.report.ReportCommand.DeleteReport;
import io.agentledger.api.report.ReportCommand.RequestReport;
import io.agentledger.api.report.ReportContent;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportQuery.FindReport;
import io.agentledger.api.report.ReportQuery.FindReportTemplate;
import io.agentledger.api.report.ReportQuery.ListReports;
import io.agentledger.api.report.ReportQuery.ReadReport;
import io.agentledger.api.report.ReportQuery.ReportFilter;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportTemplateRef;
import io.agentledger.api.report.ReportTemplateView;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.web.Download;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResources;
import io.agentledger.gateway.support.web.StreamLimiter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Operations on reports, shared by REST and RSocket. */
@Component
class ReportService {
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

  /** Maximum number of streams of progress of a user at a time on a node. */
  private static final int FOLLOWED_MAX = 20;

  /** Maximum number of files that a node reads at a time, each as a whole. */
  private static final int READ_MAX = 4;

  /** Maximum number of downloads of a user at a time on a node. */
  private static final int DOWNLOADS_MAX = 4;

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final MessageGateway messageGateway;
  private final RevocationMonitor revocationMonitor;
  private final StreamLimiter streamLimiter;
  private final Semaphore reading = new Semaphore(READ_MAX);

  ReportService(
      MessageGateway messageGateway,
      RevocationMonitor revocationMonitor,
      StreamLimiter streamLimiter) {
    this.messageGateway = messageGateway;
    this.revocationMonitor = revocationMonitor;
    this.streamLimiter = streamLimiter;
  }

  /** Requests a report about what the caller may see. */
  Mono<ReportView> create(
      RequestContext context, CreateReportRequest request, @Nullable Idempotency idempotency) {
    var principal = ExecutionPrincipal.of(context.caller());
    return define(context, request)
        .flatMap(
            definition ->
                messageGateway.<ReportId>send(
                    context,
                    new RequestReport(ReportId.next(), principal, definition, null, idempotency)))
        .flatMap(id -> find(context, id));
  }

  /** Validates a request, and returns the definition of its report. */
  Mono<ReportDefinition> define(RequestContext context, CreateReportRequest request) {
    var user = context.caller().user();
    var definition = request.toDefinition(user, List.of());
    return requireVisible(context, definition)
        .then(Mono.defer(() -> findTemplate(context, request)))
        .map(template -> request.toDefinition(user, List.of(template)))
        .defaultIfEmpty(definition);
  }

  private Mono<ReportTemplateRef> findTemplate(
      RequestContext context, CreateReportRequest request) {
    return Mono.justOrEmpty(request.templateId())
        .flatMap(
            id ->
                messageGateway.query(
                    context,
                    new FindReportTemplate(context.tenant(), id),
                    ReportTemplateView.class))
        .map(
            template -> {
              if (template.type() != request.type() || template.archivedAt() != null)
                throw InvalidRequestException.body(
                    "/template_id",
                    "must be a template of the type "
                        + request.type().wireName()
                        + " that is not archived");
              return new ReportTemplateRef(template.id(), template.version());
            });
  }

  private Mono<Void> requireVisible(RequestContext context, ReportDefinition definition) {
    if (definition.subject() instanceof PersonalData(var user))
      return messageGateway
          .query(context, new FindUser(context.tenant(), user), UserView.class)
          .then();
    return Mono.justOrEmpty(definition.subject().session())
        .flatMap(
            session ->
                messageGateway.query(
                    context, new FindSession(context.tenant(), session), SessionView.class))
        .then();
  }

  Mono<Page<ReportView>> list(RequestContext context, ReportFilter filter, PageRequest page) {
    var sha256 = filter.sha256();
    if (sha256 != null && !SHA256.matcher(sha256).matches())
      throw InvalidRequestException.parameter(
          "sha256", "must be 64 hexadecimal digits in lower case, as sha256sum prints them");
    return messageGateway.queryPage(context, new ListReports(context.tenant(), filter, page));
  }

  Mono<ReportView> find(RequestContext context, ReportId id) {
    return messageGateway.query(context, new FindReport(context.tenant(), id), ReportView.class);
  }

  /** Reads the file of a completed report; rejected while the node reads too many. */
  Mono<Download> read(RequestContext context, ReportId id, RequestResources resources) {
    var user = context.caller().user();
    return streamLimiter
        .count(resources, "report_downloads", user, DOWNLOADS_MAX)
        .then(Mono.defer(() -> read(context, id)));
  }

  private Mono<Download> read(RequestContext context, ReportId id) {
    if (!reading.tryAcquire())
      return Mono.error(new RejectionException(new TooMany("downloads", READ_MAX)));
    return messageGateway
        .query(context, new ReadReport(context.tenant(), id), ReportContent.class)
        .map(ReportService::toDownload)
        .doFinally(signal -> reading.release());
  }

  private static Download toDownload(ReportContent content) {
    var report = content.report();
    return new Download(
        content.bytes(),
        report.format().mediaType(),
        report.fileName(),
        Objects.requireNonNull(report.sha256()));
  }

  Mono<ReportView> cancel(RequestContext context, ReportId id, @Nullable Idempotency idempotency) {
    return messageGateway
        .send(context, new CancelReport(id, idempotency))
        .then(Mono.defer(() -> find(context, id)));
  }

  Mono<Void> delete(RequestContext context, ReportId id) {
    return messageGateway.send(context, new DeleteReport(id)).then();
  }

  /**
   * Returns the states of a report whenever they change, the present one first. Ends after a final
   * one, when the report is deleted or cannot be read, and when the credential is revoked.
   */
  Mono<Flux<ReportView>> follow(RequestContext context, ReportId id) {
    return find(context, id)
        .map(
            first ->
                streamLimiter.limit(
                    follow(context, first),
                    "progress_streams",
                    context.caller().user(),
                    FOLLOWED_MAX));
  }

  private Flux<ReportView> follow(RequestContext context, ReportView first) {
    var next = Mono.delay(PROGRESS_INTERVAL).then(Mono.defer(() -> find(context, first.id())));
    return Flux.concat(Mono.just(first), next.repeat().onErrorComplete())
        .takeUntil(report -> report.status().isFinal())
        .distinctUntilChanged(ReportService::progress)
        .takeUntilOther(revocationMonitor.onRevoked(context));
  }

  private static Object progress(ReportView report) {
    return Objects.hash(report.status(), report.percent(), report.stage());
  }
}
