package io.agentledger.query.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.ApiKeyEvent.Agent;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyIssued;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyRevoked;
import io.agentledger.api.identity.event.ApiKeyEvent.Unlimited;
import io.agentledger.api.identity.event.ApiKeyEvent.Until;
import io.agentledger.api.identity.event.ApiKeyEvent.User;
import io.agentledger.api.identity.event.IdentityEvent;
import io.agentledger.api.identity.event.InvitationEvent.InvitationAccepted;
import io.agentledger.api.identity.event.InvitationEvent.UserInvited;
import io.agentledger.api.identity.event.LoginEvent.EndReason;
import io.agentledger.api.identity.event.LoginEvent.LoginRefreshed;
import io.agentledger.api.identity.event.LoginEvent.LoginStarted;
import io.agentledger.api.identity.event.TenantEvent.TenantCreated;
import io.agentledger.api.identity.event.TenantEvent.TenantSuspended;
import io.agentledger.api.identity.event.UserEvent.BySignUp;
import io.agentledger.api.identity.event.UserEvent.UserDisabled;
import io.agentledger.api.identity.event.UserEvent.UserLoginsEnded;
import io.agentledger.api.identity.event.UserEvent.UserRegistered;
import io.agentledger.api.identity.event.UserEvent.UserRenamed;
import io.agentledger.api.identity.event.UserEvent.UserRoleChanged;
import io.agentledger.api.identity.query.ApiKeyView;
import io.agentledger.api.identity.query.CurrentUserView;
import io.agentledger.api.identity.query.IdentityQuery.FindApiKey;
import io.agentledger.api.identity.query.IdentityQuery.FindCurrentUser;
import io.agentledger.api.identity.query.IdentityQuery.FindTenant;
import io.agentledger.api.identity.query.IdentityQuery.FindUser;
import io.agentledger.api.identity.query.IdentityQuery.ListApiKeys;
import io.agentledger.api.identity.query.IdentityQuery.ListInvitations;
import io.agentledger.api.identity.query.IdentityQuery.ListLogins;
import io.agentledger.api.identity.query.IdentityQuery.ListTenants;
import io.agentledger.api.identity.query.IdentityQuery.ListUsers;
import io.agentledger.api.identity.query.InvitationView;
import io.agentledger.api.identity.query.LoginView;
import io.agentledger.api.identity.query.TenantView;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.identity.UserRowRepository;
import io.agentledger.query.QueryTestSupport;
import io.agentledger.store.credential.CredentialUsageTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class IdentityQueriesIT extends QueryTestSupport {
  private static final String HASH = "0".repeat(64);
  private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

  @Autowired UserRowRepository users;
  @Autowired CredentialUsageTable credentialUsageTable;

  private final TenantId tenant = TenantId.next();
  private final UserId ada = UserId.next();
  private final Map<String, Long> sequences = new HashMap<>();

  @BeforeEach
  void createTenantWithOneUser() {
    append(tenant.value(), new TenantCreated(tenant, "Analytical Engines"));
    registered(ada, "Ada Lovelace", "ada@example.org", Role.MEMBER);
    awaitUser(ada);
  }

  private void append(String aggregate, IdentityEvent event) {
    long sequence = sequences.merge(aggregate, 0L, (known, zero) -> known + 1);
    append(
        List.of(
            new GenericDomainEventMessage<>("Identity", aggregate, sequence, event)
                .withMetaData(provenance())));
  }

  private void registered(UserId user, String name, String email, Role role) {
    append(
        user.value(),
        new UserRegistered(
            user,
            tenant,
            role,
            new BySignUp(),
            sealer.seal(user, UserRegistered.class, "name", name),
            sealer.seal(user, UserRegistered.class, "email", email)));
  }

  private void awaitUser(UserId user) {
    await()
        .until(() -> users.sequenceOf(user.value()).orElse(0L) == sequences.get(user.value()) + 1);
  }

  private Caller callerOf(Role role) {
    return Caller.ofUser(tenant, ada, CredentialId.next(), role);
  }

  @Test
  void userIsShownWithNameAndAddress() {
    append(ada.value(), new UserRoleChanged(ada, Role.AUDITOR));
    append(ada.value(), new UserDisabled(ada));
    append(
        ada.value(), new UserRenamed(ada, sealer.seal(ada, UserRenamed.class, "name", "Ada King")));
    var view = query(new FindUser(tenant, ada), callerOf(Role.ADMIN), UserView.class);
    assertThat(view.name()).isEqualTo("Ada King");
    assertThat(view.email()).isEqualTo("ada@example.org");
    assertThat(view.role()).isEqualTo(Role.AUDITOR);
    assertThat(view.status()).isEqualTo(UserView.Status.DISABLED);
    assertThat(view.joinMethod()).isEqualTo("sign_up");
  }

  @Test
  void rowsContainSealedNamesAndAddresses() {
    var row =
        sql.queryForObject(
            "select u::text || convert_from(name, 'UTF8') || convert_from(email, 'UTF8')"
                + " from user_row u where id = ?",
            String.class,
            ada.value());
    assertThat(row).doesNotContainIgnoringCase("lovelace").doesNotContain("ada@");
  }

  @Test
  void membersSeeOnlyThemselves() {
    var other = UserId.next();
    registered(other, "Charles Babbage", "charles@example.org", Role.MEMBER);
    assertThat(query(new FindUser(tenant, ada), callerOf(Role.MEMBER), UserView.class).id())
        .isEqualTo(ada);
    assertThatThrownBy(
            () -> query(new FindUser(tenant, other), callerOf(Role.MEMBER), UserView.class))
        .satisfies(no -> isUnknown(no, "user", other.value()));
  }

  @Test
  void usersOfOtherTenantsAreNotFound() {
    var otherCaller =
        Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);
    assertThatThrownBy(
            () -> query(new FindUser(otherCaller.tenant(), ada), otherCaller, UserView.class))
        .satisfies(no -> isUnknown(no, "user", ada.value()));
    assertThatThrownBy(() -> query(new FindTenant(tenant), otherCaller, TenantView.class))
        .satisfies(no -> isUnknown(no, "tenant", tenant.value()));
  }

  private static void isUnknown(Throwable no, String what, String id) {
    assertThat(((RejectionException) no).rejection()).isEqualTo(new NotFound(what, id));
  }

  @Test
  void userPagesAreNewestFirstAndListEveryoneOnce() {
    var all = new ArrayList<UserId>(List.of(ada));
    for (int i = 0; i < 6; i++) {
      var next = UserId.next();
      registered(next, "Person " + i, "p" + i + "@example.org", Role.VIEWER);
      all.addFirst(next);
    }
    awaitUser(all.getFirst());
    var found = new ArrayList<UserId>();
    String cursor = null;
    do {
      Page<UserView> page =
          page(new ListUsers(tenant, null, null, null, new PageRequest(3, cursor)));
      page.items().forEach(view -> found.add(view.id()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(found).containsExactlyElementsOf(all);
    Page<UserView> members = page(new ListUsers(tenant, Role.MEMBER, null, null, first(9)));
    assertThat(members.items()).extracting(UserView::id).containsExactly(ada);
  }

  @Test
  void searchCoversNamesAndAddresses() {
    var charles = UserId.next();
    registered(charles, "Charles Babbage", "cb@example.org", Role.MEMBER);
    awaitUser(charles);
    assertThat(search("BABB")).containsExactly(charles);
    assertThat(search("ada@")).containsExactly(ada);
    assertThat(search("example.org")).containsExactly(charles, ada);
    assertThat(search("nobody")).isEmpty();
  }

  private List<UserId> search(String text) {
    Page<UserView> page = page(new ListUsers(tenant, null, null, text, first(9)));
    return page.items().stream().map(UserView::id).toList();
  }

  @Test
  void currentUserShowsTheScopesOfTheCredential() {
    var caller =
        new Caller(
            tenant,
            ada,
            Actor.ofUser(ada),
            CredentialId.next(),
            Role.MEMBER,
            java.util.Set.of(Scope.SESSIONS_READ),
            false,
            false);
    var currentUserView = query(new FindCurrentUser(tenant), caller, CurrentUserView.class);
    assertThat(currentUserView.user().id()).isEqualTo(ada);
    assertThat(currentUserView.tenant().name()).isEqualTo("Analytical Engines");
    assertThat(currentUserView.scopes()).containsExactly(Scope.SESSIONS_READ);
    assertThat(currentUserView.actor()).isEqualTo("user:" + ada);
  }

  @Test
  void operatorsSeeASuspendedTenantAsSuspended() {
    append(tenant.value(), new TenantSuspended(tenant));
    assertThat(query(new FindTenant(tenant), TenantView.class).suspended()).isTrue();
    Page<TenantView> page = page(new ListTenants(first(500)));
    assertThat(page.items()).extracting(TenantView::id).contains(tenant);
  }

  private CredentialId issued(UserId owner, ApiKeyIssued event) {
    append(event.keyId().value(), event);
    return event.keyId();
  }

  private ApiKeyIssued key(UserId owner, String name, boolean agents, Instant until) {
    return new ApiKeyIssued(
        CredentialId.next(),
        tenant,
        owner,
        agents ? new Agent(AgentId.next()) : new User(),
        sealer.seal(owner, ApiKeyIssued.class, "name", name),
        "alk_abcdefghjk",
        HASH,
        List.of(Scope.SESSIONS_READ),
        until == null ? new Unlimited() : new Until(until));
  }

  @Test
  void ownKeysAreListedWithoutTheirSecrets() {
    var credentialId = issued(ada, key(ada, "laptop", false, null));
    var used = Instant.parse("2026-11-20T10:00:00Z");
    credentialUsageTable.save(Map.of(credentialId, used));
    var view = query(new FindApiKey(tenant, credentialId), callerOf(Role.MEMBER), ApiKeyView.class);
    assertThat(view.name()).isEqualTo("laptop");
    assertThat(view.status()).isEqualTo(ApiKeyView.Status.ACTIVE);
    assertThat(view.lastUsedAt()).isEqualTo(used);
    assertThat(view.agentId()).isNull();
    assertThat(view.toString()).doesNotContain(HASH);
  }

  @Test
  void endedKeyIsShownAsEnded() {
    var revoked = issued(ada, key(ada, "old", false, LATER));
    append(revoked.value(), new ApiKeyRevoked(revoked));
    var expired = issued(ada, key(ada, "older", true, Instant.parse("2026-01-01T00:00:00Z")));
    assertThat(
            query(new FindApiKey(tenant, revoked), callerOf(Role.MEMBER), ApiKeyView.class)
                .status())
        .isEqualTo(ApiKeyView.Status.REVOKED);
    var view = query(new FindApiKey(tenant, expired), callerOf(Role.MEMBER), ApiKeyView.class);
    assertThat(view.status()).isEqualTo(ApiKeyView.Status.EXPIRED);
    assertThat(view.agentId()).isNotNull();
  }

  @Test
  void adminsSeeAllKeysAndMembersTheirOwn() {
    var charles = UserId.next();
    registered(charles, "Charles", "c@example.org", Role.MEMBER);
    var own = issued(ada, key(ada, "one", false, null));
    var others = issued(charles, key(charles, "two", false, null));
    query(
        new FindApiKey(tenant, others),
        callerOf(Role.ADMIN),
        ApiKeyView.class); // Until the projection has processed it.
    assertThat(keys(null, Role.ADMIN)).containsExactly(others, own);
    assertThat(keys(null, Role.MEMBER)).containsExactly(own);
    assertThat(keys(charles, Role.ADMIN)).containsExactly(others);
    assertThatThrownBy(() -> keys(charles, Role.MEMBER))
        .satisfies(no -> isUnknown(no, "user", charles.value()));
    assertThatThrownBy(
            () -> query(new FindApiKey(tenant, others), callerOf(Role.MEMBER), ApiKeyView.class))
        .satisfies(no -> isUnknown(no, "api_key", others.value()));
  }

  @SuppressWarnings("unchecked")
  private List<CredentialId> keys(UserId owner, Role role) {
    Page<ApiKeyView> page =
        query(new ListApiKeys(tenant, owner, first(9)), callerOf(role), Page.class);
    return page.items().stream().map(ApiKeyView::id).toList();
  }

  @Test
  void loginsAreListedUntilAllHaveEnded() {
    var one = started();
    var two = started();
    append(one.value(), new LoginRefreshed(one, HASH, LATER));
    append(ada.value(), new UserLoginsEnded(ada, EndReason.PASSWORD_CHANGED, List.of(two)));
    awaitUser(ada);
    var caller = Caller.ofUser(tenant, ada, two, Role.MEMBER);
    @SuppressWarnings("unchecked")
    Page<LoginView> page = query(new ListLogins(tenant, ada, first(9)), caller, Page.class);
    assertThat(page.items()).extracting(LoginView::id).containsExactly(two, one);
    assertThat(page.items().getFirst().current()).isTrue();
    assertThat(page.items().getFirst().endedAt()).isNull();
    var ended = page.items().getLast();
    assertThat(ended.endReason()).isEqualTo(EndReason.PASSWORD_CHANGED);
    assertThat(ended.refreshedAt()).isNotNull();
    assertThat(ended.current()).isFalse();
  }

  private CredentialId started() {
    var login = CredentialId.next();
    append(login.value(), new LoginStarted(login, tenant, ada, HASH, LATER, LATER));
    return login;
  }

  @Test
  void invitationsAreListedWithTheirStatus() {
    var accepted = invited(LATER);
    append(accepted.value(), new InvitationAccepted(accepted, ada));
    var expired = invited(Instant.parse("2026-01-01T00:00:00Z"));
    registered(UserId.next(), "Last", "last@example.org", Role.MEMBER);
    await()
        .until(
            () -> {
              Page<InvitationView> page = page(new ListInvitations(tenant, first(9)));
              return page.items().size() == 2
                  && page.items().getLast().status() == InvitationView.Status.ACCEPTED;
            });
    Page<InvitationView> page = page(new ListInvitations(tenant, first(9)));
    assertThat(page.items()).extracting(InvitationView::id).containsExactly(expired, accepted);
    assertThat(page.items().getFirst().status()).isEqualTo(InvitationView.Status.EXPIRED);
    assertThat(page.items().getFirst().email()).isEqualTo("new@example.org");
    assertThat(page.items().getFirst().invitedBy()).isEqualTo("user:ada");
  }

  private InvitationId invited(Instant until) {
    var id = InvitationId.next();
    var user = UserId.next();
    Content email = sealer.seal(user, UserInvited.class, "email", "new@example.org");
    append(id.value(), new UserInvited(id, tenant, user, Role.MEMBER, email, HASH, until));
    return id;
  }
}
