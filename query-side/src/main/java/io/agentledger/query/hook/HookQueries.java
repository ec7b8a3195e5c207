package io.agentledger.query.hook;

import io.agentledger.api.hook.HookExecutionView;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookQuery.FindHook;
import io.agentledger.api.hook.HookQuery.ListHookExecutions;
import io.agentledger.api.hook.HookQuery.ListHooks;
import io.agentledger.api.hook.HookView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.projection.hook.ExecutionRow;
import io.agentledger.projection.hook.ExecutionRows;
import io.agentledger.projection.hook.HookRow;
import io.agentledger.projection.hook.HookRows;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.query.support.SeenSessions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Answers what is asked about hooks, from the read models. Blocks its caller on the database, and
 * up to two seconds on the projection, so that nobody is shown less than they were told before.
 */
class HookQueries {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Behind every hook in the order "newest first". */
  private static final Instant NEWEST = Instant.parse("9999-01-01T00:00:00Z");

  private final Tables tables;
  private final Reading reading;
  private final Cursors cursors;

  HookQueries(Tables tables, Reading reading, Cursors cursors) {
    this.tables = tables;
    this.reading = reading;
    this.cursors = cursors;
  }

  /** The read models. */
  record Tables(HookRows hooks, ExecutionRows executions, Opened opened) {}

  /** What stands between a reader and the rows. */
  record Reading(
      EventStore store, Progress progress, SeenSessions seen, TransactionOperations transaction) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListHooks query) {
    String tenant = query.tenant().value();
    String[] list = {"hooks", tenant, Boolean.toString(query.includeArchived())};
    var place = cursors.place(query.page(), list).orElse(NEWEST + " ");
    int space = place.indexOf(' ');
    return read(
        () -> {
          var rows =
              tables
                  .hooks()
                  .page(
                      tenant,
                      query.includeArchived(),
                      Instant.parse(place.substring(0, space)),
                      place.substring(space + 1),
                      Cursors.oneMore(query.page()));
          return cursors
              .page(rows, query.page(), row -> row.createdAt() + " " + row.id(), list)
              .map(HookQueries::view);
        });
  }

  @QueryHandler
  HookView find(FindHook query) {
    return of(query.tenant(), query.hookId(), HookQueries::view);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListHookExecutions query, Caller by) {
    reading.seen().require(by, query.sessionId());
    String tenant = query.tenant().value();
    String session = query.sessionId().value();
    String[] list = {"hook_executions", tenant, session};
    long after = cursors.place(query.page(), list).map(Long::parseLong).orElse(0L);
    var rows = tables.executions().page(tenant, session, after, Cursors.oneMore(query.page()));
    return cursors.page(rows, query.page(), row -> "" + row.key().sequence(), list).map(this::view);
  }

  private <R> R of(TenantId tenant, HookId hook, Function<HookRow, R> answer) {
    await(tenant, hook);
    return read(
        () ->
            tables
                .hooks()
                .findByIdAndTenant(hook.value(), tenant.value())
                .map(answer)
                .orElseThrow(() -> new Rejected(new Rejection.NotFound("hook", hook.value()))));
  }

  /** A reader that was not helped in time gets what is there. */
  private void await(TenantId tenant, HookId hook) {
    Optional<Long> wanted = reading.store().lastSequenceNumberFor(hook.value());
    if (wanted.isEmpty()) return;
    reading
        .progress()
        .await(
            () ->
                tables.hooks().sequenceOf(tenant.value(), hook.value()).orElse(-1L) >= wanted.get(),
            PATIENCE);
  }

  private static HookView view(HookRow row) {
    var terms = row.terms();
    return new HookView(
        new HookId(row.id()),
        row.scope(),
        row.name(),
        terms.enabled(),
        terms.point(),
        terms.matcher(),
        terms.target(),
        terms.timeout().toSeconds(),
        terms.order(),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private HookExecutionView view(ExecutionRow row) {
    return new HookExecutionView(
        new HookId(row.hookId()),
        row.name(),
        row.point(),
        new RunId(row.runId()),
        new ThreadId(row.threadId()),
        row.about().isEmpty() ? null : new ToolCallId(row.about()),
        row.outcome(),
        row.status(),
        row.durationMillis(),
        row.changedInput(),
        tables.opened().text(new SessionId(row.key().sessionId()), row.detail()),
        row.key().sequence(),
        row.at());
  }

  private <R> R read(Supplier<R> answer) {
    return Objects.requireNonNull(reading.transaction().execute(transaction -> answer.get()));
  }
}
