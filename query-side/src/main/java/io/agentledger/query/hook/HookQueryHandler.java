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
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.hook.HookExecutionRow;
import io.agentledger.projection.hook.HookExecutionRowRepository;
import io.agentledger.projection.hook.HookRow;
import io.agentledger.projection.hook.HookRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.support.SessionVisibility;
import java.util.function.Function;
import org.axonframework.queryhandling.QueryHandler;

/**
 * Answers what is asked about hooks, from the read models. Blocks its caller on the database, and a
 * few seconds on the projection, so that nobody is shown less than they were told before.
 */
class HookQueryHandler {
  private final HookRepositories hookRepositories;
  private final ReadModelAccess readModelAccess;
  private final SessionVisibility sessionVisibility;
  private final CursorCodec cursorCodec;

  HookQueryHandler(
      HookRepositories hookRepositories,
      ReadModelAccess readModelAccess,
      SessionVisibility sessionVisibility,
      CursorCodec cursorCodec) {
    this.hookRepositories = hookRepositories;
    this.readModelAccess = readModelAccess;
    this.sessionVisibility = sessionVisibility;
    this.cursorCodec = cursorCodec;
  }

  /** The read models. */
  record HookRepositories(
      HookRowRepository hooks,
      HookExecutionRowRepository executions,
      ContentReader contentReader) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListHooks query) {
    String tenant = query.tenant().value();
    String[] cursorScope = {"hooks", tenant, Boolean.toString(query.includeArchived())};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    return readModelAccess.read(
        () -> {
          var rows =
              hookRepositories
                  .hooks()
                  .page(
                      tenant,
                      query.includeArchived(),
                      after.at(),
                      after.id(),
                      CursorCodec.limitPlusOne(query.page()));
          return cursorCodec
              .page(
                  rows,
                  query.page(),
                  row -> new NewestFirstPosition(row.createdAt(), row.id()),
                  cursorScope)
              .map(HookQueryHandler::view);
        });
  }

  @QueryHandler
  HookView find(FindHook query) {
    return findOrReject(query.tenant(), query.hookId(), HookQueryHandler::view);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListHookExecutions query, Caller caller) {
    sessionVisibility.require(caller, query.sessionId());
    String tenant = query.tenant().value();
    String session = query.sessionId().value();
    String[] cursorScope = {"hook_executions", tenant, session};
    long after = cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(0L);
    var rows =
        hookRepositories
            .executions()
            .page(tenant, session, after, CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(rows, query.page(), row -> row.key().sequence(), cursorScope)
        .map(this::view);
  }

  private <R> R findOrReject(TenantId tenant, HookId hook, Function<HookRow, R> mapper) {
    readModelAccess.await(hook, hookRepositories.hooks()::sequenceOf);
    return readModelAccess.read(
        () ->
            hookRepositories
                .hooks()
                .findByIdAndTenant(hook.value(), tenant.value())
                .map(mapper)
                .orElseThrow(
                    () -> new RejectionException(new Rejection.NotFound("hook", hook.value()))));
  }

  private static HookView view(HookRow row) {
    var definition = row.definition();
    return new HookView(
        new HookId(row.id()),
        row.scope(),
        row.name(),
        definition.enabled(),
        definition.point(),
        definition.matcher(),
        definition.target(),
        definition.timeout().toSeconds(),
        definition.order(),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private HookExecutionView view(HookExecutionRow row) {
    return new HookExecutionView(
        new HookId(row.hookId()),
        row.name(),
        row.point(),
        new RunId(row.runId()),
        new ThreadId(row.threadId()),
        row.toolCallId().isEmpty() ? null : new ToolCallId(row.toolCallId()),
        row.outcome(),
        row.httpStatus(),
        row.durationMs(),
        row.changedInput(),
        hookRepositories.contentReader().text(new SessionId(row.key().sessionId()), row.detail()),
        row.key().sequence(),
        row.at());
  }
}
