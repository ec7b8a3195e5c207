package io.agentledger.command.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RenameSession;
import io.agentledger.api.subscription.SigningSecret;
import io.agentledger.api.subscription.SubscriptionCommand.CreateSubscription;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.subscription.SubscriptionFilter.Ownership;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.CommandTestSupport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Collection of events by the processor of the context, on a real PostgreSQL. */
class DeliveryCollectorIT extends CommandTestSupport {
  private final TenantId tenant = TenantId.next();
  private final Caller ada = caller(Role.MEMBER);
  private final Caller bob = caller(Role.MEMBER);
  private final Caller admin = caller(Role.ADMIN);
  private final AtomicInteger titles = new AtomicInteger();

  private Caller caller(Role role) {
    return Caller.ofUser(tenant, UserId.next(), CredentialId.next(), role);
  }

  @BeforeEach
  void insertUsers() {
    for (var user : List.of(ada, bob, admin)) setRole(user, user.role());
  }

  private void setRole(Caller user, Role role) {
    sql.sql(
            """
            insert into identity_user (user_id, tenant, role, disabled) values (?, ?, ?, false)
            on conflict (user_id) do update set role = excluded.role""")
        .params(user.user().value(), tenant.value(), role.name())
        .update();
  }

  /** Creates a subscription to renamed sessions that nobody receives. */
  private SubscriptionId subscribe(Caller owner, Ownership ownership) {
    var id = SubscriptionId.next();
    var definition =
        new SubscriptionDefinition(
            List.of("session.renamed"),
            new SubscriptionFilter(ownership, List.of(), List.of(), List.of()),
            "https://receiver.example",
            Map.of(),
            List.of(),
            Duration.ofSeconds(1));
    var by = Caller.ofUser(tenant, owner.user(), CredentialId.next(), Role.MEMBER);
    send(
        new CreateSubscription(
            id, ExecutionPrincipal.of(owner), "all", definition, SigningSecret.generate(), null),
        by);
    return id;
  }

  private void rename(SessionId session) {
    send(new RenameSession(session, "title " + titles.incrementAndGet()), ada);
  }

  private int count(SubscriptionId subscription, SessionId session) {
    return sql.sql(
            """
            select count(*) from subscription_delivery
            where subscription_id = ? and resource_id = ?""")
        .params(subscription.value(), session.value())
        .query(Integer.class)
        .single();
  }

  /** Waits until the processor has handled everything up to now, in the order of events. */
  private void awaitCollector() {
    var probe = subscribe(ada, Ownership.MINE);
    var session = openSession(ada);
    rename(session);
    await().atMost(Duration.ofSeconds(60)).until(() -> count(probe, session) == 1);
  }

  @Test
  void visibleSubscriptionCollectsWhatItsOwnerSees() {
    var ofBob = subscribe(bob, Ownership.VISIBLE);
    var ofAdmin = subscribe(admin, Ownership.VISIBLE);
    var hidden = openSession(ada);
    var shared = openSession(ada);
    rename(hidden);
    rename(shared);
    send(new ShareSession(shared, new Audience.User(bob.user()), AccessLevel.READ), ada);
    rename(shared);
    send(new UnshareSession(shared, new Audience.User(bob.user())), ada);
    rename(shared);
    awaitCollector();
    assertThat(count(ofBob, hidden)).isZero();
    assertThat(count(ofBob, shared)).isEqualTo(1);
    assertThat(count(ofAdmin, hidden)).isEqualTo(1);
    assertThat(count(ofAdmin, shared)).isEqualTo(3);

    setRole(admin, Role.MEMBER);
    send(new ShareSession(shared, new Audience.Tenant(), AccessLevel.READ), ada);
    rename(shared);
    rename(hidden);
    awaitCollector();
    assertThat(count(ofBob, shared)).isEqualTo(2);
    assertThat(count(ofAdmin, shared)).isEqualTo(4);
    assertThat(count(ofAdmin, hidden)).as("after the loss of the role").isEqualTo(1);
  }

  @Test
  void ownerIsTheOneOfTheLastTransferWhicheverNodeRecordedIt() {
    var ofBob = subscribe(bob, Ownership.MINE);
    var session = openSession(ada);
    rename(session);
    awaitCollector(); // This node has read the session.
    // As a node that had the processor meanwhile.
    sql.sql("insert into subscription_transfer (session_id, owner) values (?, ?)")
        .params(session.value(), bob.user().value())
        .update();
    rename(session);
    awaitCollector();
    assertThat(count(ofBob, session)).isEqualTo(1);
    send(new TransferSession(session, bob.user()), ada);
    send(new RenameSession(session, "of Bob"), bob);
    awaitCollector();
    assertThat(count(ofBob, session)).isEqualTo(2);
  }

  @Test
  void eventsBeyondTheLimitAreCountedAndTheReceiverIsToldOnce() {
    var subscription = subscribe(ada, Ownership.MINE);
    var session = openSession(ada);
    rename(session);
    awaitCollector();
    assertThat(count(subscription, session)).isEqualTo(1);
    sql.sql(
            """
            insert into subscription_delivery (subscription_id, delivery_id, tenant, channel,
              event_type, event_id, resource_id, sequence, occurred_at, created_at, status)
            select ?, 'del_' || n, ?, 0, 'SESSION_RENAMED', 'e' || n, 'ses_0', n, now(), now(),
              'PENDING'
            from generate_series(1, ?) n""")
        .params(subscription.value(), tenant.value(), DeliveryTable.PENDING_MAX)
        .update();
    for (int i = 0; i < 3; i++) rename(session);
    awaitCollector();
    assertThat(count(subscription, session)).isEqualTo(1);
    var dropped = "select dropped_events from subscription_gap where subscription_id = ?";
    assertThat(sql.sql(dropped).param(subscription.value()).query(Long.class).single())
        .isGreaterThanOrEqualTo(3); // The sessions of the probes are its owner's, too.
    assertThat(
            sql.sql(
                    """
                    select event_type from subscription_delivery
                    where subscription_id = ? and resource_id = ?""")
                .params(subscription.value(), subscription.value())
                .query(String.class)
                .list())
        .containsExactly("SUBSCRIPTION_EVENTS_DROPPED");
  }
}
