package io.agentledger.query.identity;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.query.CurrentUserView;
import io.agentledger.api.identity.query.IdentityQuery.FindCurrentUser;
import io.agentledger.api.identity.query.IdentityQuery.FindTenant;
import io.agentledger.api.identity.query.IdentityQuery.FindUser;
import io.agentledger.api.identity.query.IdentityQuery.ListTenants;
import io.agentledger.api.identity.query.IdentityQuery.ListUsers;
import io.agentledger.api.identity.query.TenantView;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.identity.UserRow;
import io.agentledger.projection.identity.UserRowRepository.Filter;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import java.util.ArrayList;
import java.util.Locale;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/** Handles queries about tenants and users. Blocks its caller. */
class UserQueryHandler {
  private static final String GROUP = "identity";

  /**
   * Maximum number of users that are examined for one page of a search, because their names are
   * sealed.
   */
  private static final int SEARCHED_MAX = 1000;

  private final IdentityRepositories identityRepositories;
  private final IdentityViewMapper views;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;

  UserQueryHandler(
      IdentityRepositories identityRepositories,
      IdentityViewMapper views,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    this.identityRepositories = identityRepositories;
    this.views = views;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
  }

  @QueryHandler
  CurrentUserView currentUser(FindCurrentUser query, Caller caller) {
    return new CurrentUserView(
        user(caller.tenant(), caller.user()),
        tenant(caller.tenant()),
        caller.actor().toString(),
        caller.credential(),
        caller.role(),
        caller.scopes().stream().sorted().toList(),
        caller.operator(),
        caller.localOwner());
  }

  @QueryHandler
  UserView find(FindUser query, Caller caller) {
    boolean isSelf = Actor.ofUser(query.userId()).equals(caller.actor());
    if (!isSelf && !caller.has(Scope.USERS_READ)) throw notFound(query.userId());
    return user(query.tenant(), query.userId());
  }

  private UserView user(TenantId tenant, UserId user) {
    return readModelAccess.read(
        GROUP,
        user,
        identityRepositories.users()::sequenceOf,
        () ->
            identityRepositories
                .users()
                .findByIdAndTenant(user.value(), tenant.value())
                .map(views::toView)
                .orElseThrow(() -> notFound(user)));
  }

  private static RejectionException notFound(UserId user) {
    return new RejectionException(new NotFound("user", user.value()));
  }

  @QueryHandler
  TenantView find(FindTenant query, Caller caller) {
    var id = query.tenantId();
    if (!id.equals(caller.tenant()) && !caller.operator())
      throw new RejectionException(new NotFound("tenant", id.value()));
    return tenant(id);
  }

  private TenantView tenant(TenantId tenant) {
    return readModelAccess.read(
        GROUP,
        tenant,
        identityRepositories.tenants()::sequenceOf,
        () ->
            identityRepositories
                .tenants()
                .findById(tenant.value())
                .map(views::toView)
                .orElseThrow(() -> new RejectionException(new NotFound("tenant", tenant.value()))));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListTenants query) {
    readModelAccess.await(GROUP, query.page());
    String[] cursorScope = {"tenants"};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    return cursorCodec
        .page(
            identityRepositories
                .tenants()
                .page(after.at(), after.id(), CursorCodec.limitPlusOne(query.page())),
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(views::toView);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListUsers query) {
    readModelAccess.await(GROUP, query.page());
    String[] cursorScope = {
      "users",
      query.tenant().value(),
      String.valueOf(query.role()),
      String.valueOf(query.status()),
      String.valueOf(query.text())
    };
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var filter = new Filter(query.tenant().value(), query.role(), query.status());
    var text = query.text();
    return text == null || text.isBlank()
        ? all(query, filter, after, cursorScope)
        : search(query, filter, after, cursorScope);
  }

  private Page<UserView> all(
      ListUsers query, Filter filter, NewestFirstPosition after, String[] cursorScope) {
    var rows =
        identityRepositories
            .users()
            .page(filter, after.at(), after.id(), CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(rows, query.page(), UserQueryHandler::positionOf, cursorScope)
        .map(views::toView);
  }

  private Page<UserView> search(
      ListUsers query, Filter filter, NewestFirstPosition after, String[] cursorScope) {
    var searchText = String.valueOf(query.text()).strip().toLowerCase(Locale.ROOT);
    var rows =
        identityRepositories
            .users()
            .page(filter, after.at(), after.id(), Limit.of(SEARCHED_MAX + 1));
    var users = new ArrayList<UserView>();
    int searched = 0;
    while (searched < Math.min(rows.size(), SEARCHED_MAX) && users.size() < query.page().limit()) {
      var view = views.toView(rows.get(searched++));
      if (containsIgnoringCase(view.name(), searchText)
          || containsIgnoringCase(view.email(), searchText)) users.add(view);
    }
    var next =
        searched == rows.size()
            ? null
            : cursorCodec.encode(positionOf(rows.get(searched - 1)).toString(), cursorScope);
    return new Page<>(users, next);
  }

  private static boolean containsIgnoringCase(@Nullable String text, String searchText) {
    return text != null && text.toLowerCase(Locale.ROOT).contains(searchText);
  }

  private static NewestFirstPosition positionOf(UserRow row) {
    return new NewestFirstPosition(row.createdAt(), row.id());
  }
}
