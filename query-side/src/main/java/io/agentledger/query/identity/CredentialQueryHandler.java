package io.agentledger.query.identity;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.query.ApiKeyView;
import io.agentledger.api.identity.query.IdentityQuery.FindApiKey;
import io.agentledger.api.identity.query.IdentityQuery.FindInvitation;
import io.agentledger.api.identity.query.IdentityQuery.ListApiKeys;
import io.agentledger.api.identity.query.IdentityQuery.ListInvitations;
import io.agentledger.api.identity.query.IdentityQuery.ListLogins;
import io.agentledger.api.identity.query.InvitationView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.identity.ApiKeyRow;
import io.agentledger.projection.identity.LoginRow;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.ReadModelAccess;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/**
 * Handles queries about keys, logins and invitations; never returns a secret. Blocks its caller.
 */
class CredentialQueryHandler {
  private static final String GROUP = "identity";

  private final IdentityRepositories identityRepositories;
  private final IdentityViewMapper views;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;
  private final ProjectionFreshness freshness;

  CredentialQueryHandler(
      IdentityRepositories identityRepositories,
      IdentityViewMapper views,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec,
      ProjectionFreshness freshness) {
    this.identityRepositories = identityRepositories;
    this.views = views;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
    this.freshness = freshness;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListApiKeys query, Caller caller) {
    var owner = ownerFilter(query, caller);
    freshness.await(GROUP, query.page());
    String[] cursorScope = {"keys", query.tenant().value(), String.valueOf(owner)};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var rows = keys(query, owner, after);
    var page =
        cursorCodec.page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope);
    var uses =
        identityRepositories
            .credentialUsage()
            .findByIds(page.items().stream().map(ApiKeyRow::id).toList());
    return page.map(row -> views.toView(row, uses));
  }

  private List<ApiKeyRow> keys(
      ListApiKeys query, @Nullable UserId owner, NewestFirstPosition after) {
    var tenant = query.tenant().value();
    var limit = CursorCodec.limitPlusOne(query.page());
    return owner == null
        ? identityRepositories.keys().page(tenant, after.at(), after.id(), limit)
        : identityRepositories.keys().page(tenant, owner.value(), after.at(), after.id(), limit);
  }

  /** Returns the owner whose keys are listed; null for all. */
  private static @Nullable UserId ownerFilter(ListApiKeys query, Caller caller) {
    if (caller.has(Scope.USERS_READ)) return query.ownerId();
    if (query.ownerId() == null || query.ownerId().equals(caller.user())) return caller.user();
    throw unknownUser(query.ownerId());
  }

  @QueryHandler
  ApiKeyView find(FindApiKey query, Caller caller) {
    var id = query.keyId().value();
    return readModelAccess.read(
        GROUP,
        query.keyId(),
        identityRepositories.keys()::sequenceOf,
        () ->
            identityRepositories
                .keys()
                .findByIdAndTenant(id, query.tenant().value())
                .filter(row -> caller.has(Scope.USERS_READ) || isOwnedBy(row, caller))
                .map(
                    row ->
                        views.toView(
                            row, identityRepositories.credentialUsage().findByIds(List.of(id))))
                .orElseThrow(() -> new RejectionException(new NotFound("api_key", id))));
  }

  private static boolean isOwnedBy(ApiKeyRow row, Caller caller) {
    return row.owner().equals(caller.user().value());
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListLogins query, Caller caller) {
    boolean isSelf = Actor.ofUser(query.userId()).equals(caller.actor());
    if (!isSelf && !caller.has(Scope.USERS_READ)) throw unknownUser(query.userId());
    freshness.await(GROUP, query.page());
    var user = query.userId().value();
    String[] cursorScope = {"logins", query.tenant().value(), user};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var rows =
        identityRepositories
            .logins()
            .page(
                query.tenant().value(),
                user,
                after.at(),
                after.id(),
                CursorCodec.limitPlusOne(query.page()));
    var page =
        cursorCodec.page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.startedAt(), row.id()),
            cursorScope);
    var uses =
        identityRepositories
            .credentialUsage()
            .findByIds(page.items().stream().map(LoginRow::id).toList());
    return page.map(row -> views.toView(row, caller.credential(), uses));
  }

  private static RejectionException unknownUser(UserId user) {
    return new RejectionException(new NotFound("user", user.value()));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListInvitations query) {
    freshness.await(GROUP, query.page());
    String[] cursorScope = {"invitations", query.tenant().value()};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var rows =
        identityRepositories
            .invitations()
            .page(
                query.tenant().value(),
                after.at(),
                after.id(),
                CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(views::toView);
  }

  @QueryHandler
  InvitationView find(FindInvitation query) {
    var id = query.invitationId().value();
    return readModelAccess.read(
        GROUP,
        query.invitationId(),
        identityRepositories.invitations()::sequenceOf,
        () ->
            identityRepositories
                .invitations()
                .findByIdAndTenant(id, query.tenant().value())
                .map(views::toView)
                .orElseThrow(() -> new RejectionException(new NotFound("invitation", id))));
  }
}
