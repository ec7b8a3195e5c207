package io.agentledger.query.hook;

import io.agentledger.api.hook.HookExecutionView;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookQuery.FindHook;
import io.agentledger.api.hook.HookQuery.ListHookExecutions;
import io.agentledger.api.hook.HookQuery.ListHooks;
import io.agentledger.api.hook.HookView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.hook.HookExecutionRow;
import io.agentledger.projection.hook.HookExecutionRowRepository;
import io.agentledger.projection.hook.HookRow;
import io.agentledger.projection.hook.HookRowRepository;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.SessionVisibility;
import org.axonframework.queryhandling.QueryHandler;

/** Answers queries about hooks and their executions. */
record HookQueryHandler(
    HookRowRepository hooks,
    HookExecutionRowRepository executions,
    ConfigurationReader configurationReader,
    SessionVisibility sessionVisibility,
    ContentReader contentReader,
    CursorCodec cursorCodec) {
  private static final String GROUP = "hook";

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListHooks query) {
    return configurationReader.list(GROUP, "hooks", query, hooks).map(HookQueryHandler::view);
  }

  @QueryHandler
  HookView find(FindHook query) {
    return view(configurationReader.find(GROUP, query.tenant(), query.hookId(), hooks));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListHookExecutions query, Caller caller) {
    sessionVisibility.require(caller, query.sessionId());
    configurationReader.readModelAccess().await(GROUP, query.page());
    String tenant = query.tenant().value();
    String session = query.sessionId().value();
    String[] cursorScope = {"hook_executions", tenant, session};
    long after = cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(0L);
    var rows = executions.page(tenant, session, after, CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(rows, query.page(), row -> row.key().sequence(), cursorScope)
        .map(this::view);
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
        row.runId().isEmpty() ? null : new RunId(row.runId()),
        row.threadId().isEmpty() ? null : new ThreadId(row.threadId()),
        row.toolCallId().isEmpty() ? null : new ToolCallId(row.toolCallId()),
        row.outcome(),
        row.httpStatus(),
        row.durationMs(),
        row.changedInput(),
        contentReader.text(new SessionId(row.key().sessionId()), row.detail()),
        row.key().sequence(),
        row.at());
  }
}
