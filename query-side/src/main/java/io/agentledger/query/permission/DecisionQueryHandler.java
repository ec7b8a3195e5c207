package io.agentledger.query.permission;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.permission.DecisionView;
import io.agentledger.api.permission.PendingActionView;
import io.agentledger.api.permission.PermissionQuery.ListDecisions;
import io.agentledger.api.permission.PermissionQuery.ListPendingActions;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.permission.DecisionRow;
import io.agentledger.projection.permission.DecisionRowRepository;
import io.agentledger.projection.session.transcript.PendingActionRow;
import io.agentledger.projection.session.transcript.PendingActionRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.SessionVisibility;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/** Handles queries about pending actions and decisions. */
class DecisionQueryHandler {
  private final PermissionRepositories permissionRepositories;
  private final SessionVisibility sessionVisibility;
  private final ContentReader contentReader;
  private final CursorCodec cursorCodec;
  private final ProjectionFreshness freshness;

  DecisionQueryHandler(
      PermissionRepositories permissionRepositories,
      SessionVisibility sessionVisibility,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      ProjectionFreshness freshness) {
    this.permissionRepositories = permissionRepositories;
    this.sessionVisibility = sessionVisibility;
    this.contentReader = contentReader;
    this.cursorCodec = cursorCodec;
    this.freshness = freshness;
  }

  /** Repositories of the read models. */
  record PermissionRepositories(
      PendingActionRowRepository actions, DecisionRowRepository decisions) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListPendingActions query, Caller caller) {
    freshness.await("session", query.page());
    String[] cursorScope = {"pending", query.tenant().value(), caller.user().value()};
    var position = cursorCodec.decode(query.page(), cursorScope).orElse(Instant.EPOCH + " ");
    int space = position.indexOf(' ');
    var rows =
        permissionRepositories
            .actions()
            .page(
                SessionVisibility.viewer(caller),
                Instant.parse(position.substring(0, space)),
                position.substring(space + 1),
                CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(rows, query.page(), row -> row.requestedAt() + " " + row.id(), cursorScope)
        .map(this::view);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListDecisions query, Caller caller) {
    sessionVisibility.require(caller, query.sessionId());
    freshness.await("permission", query.page());
    String session = query.sessionId().value();
    String[] cursorScope = {"decisions", query.tenant().value(), session};
    long after = cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(0L);
    var rows =
        permissionRepositories
            .decisions()
            .page(query.tenant().value(), session, after, CursorCodec.limitPlusOne(query.page()));
    return cursorCodec.page(rows, query.page(), row -> row.sequence(), cursorScope).map(this::view);
  }

  private PendingActionView view(PendingActionRow row) {
    var session = new SessionId(row.sessionId());
    return new PendingActionView(
        session,
        new ActionId(row.id()),
        row.type().name().toLowerCase(Locale.ROOT),
        new RunId(row.runId()),
        new ThreadId(row.threadId()),
        new ToolCallId(row.toolCallId()),
        row.tool(),
        Objects.requireNonNullElse(contentReader.json(session, row.input()), Json.NULL),
        row.inputDigest(),
        contentReader.text(session, row.reason()),
        row.requestedAt(),
        row.expiresAt());
  }

  private DecisionView view(DecisionRow row) {
    var session = new SessionId(row.sessionId());
    @Nullable String actor = row.actor();
    return new DecisionView(
        new ActionId(row.id()),
        new RunId(row.runId()),
        new ToolCallId(row.toolCallId()),
        row.tool(),
        row.inputDigest(),
        contentReader.json(session, row.input()),
        contentReader.text(session, row.requestReason()),
        row.requestedAt(),
        row.status(),
        actor == null ? null : Actor.parse(actor),
        row.decidedAt(),
        contentReader.json(session, row.updatedInput()),
        contentReader.text(session, row.reason()),
        row.rememberScope());
  }
}
