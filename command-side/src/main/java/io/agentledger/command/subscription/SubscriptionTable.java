package io.agentledger.command.subscription;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionEvent.SigningSecretRotated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionChanged;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionCreated;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.subscription.EventOrigin.Shares;
import io.agentledger.command.subscription.StoredSubscription.Secrets;
import io.agentledger.command.subscription.StoredSubscription.StoredSecret;
import io.agentledger.store.event.JsonMappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Table of subscriptions as the collector sees them: as of the event that it handles, so that a
 * subscription gets exactly the events between its creation and its end.
 */
final class SubscriptionTable {
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final String EVERYBODY = "";
  private static final String SELECT =
      "select subscription_id, tenant, active, owner, definition, secrets from subscription_state ";

  private final JdbcClient sql;

  SubscriptionTable(JdbcClient sql) {
    this.sql = sql;
  }

  void insert(SubscriptionCreated event, TenantId tenant) {
    var secrets = new Secrets(List.of(new StoredSecret(false, event.signingSecret(), null)));
    sql.sql(
            """
            insert into subscription_state
              (subscription_id, tenant, active, owner, definition, secrets)
            values (?, ?, true, ?, ?, ?) on conflict do nothing""")
        .params(
            event.subscriptionId().value(),
            tenant.value(),
            JSON.writeValueAsString(event.owner()),
            JSON.writeValueAsString(event.definition()),
            JSON.writeValueAsString(secrets))
        .update();
  }

  void update(SubscriptionChanged event) {
    sql.sql("update subscription_state set owner = ?, definition = ? where subscription_id = ?")
        .params(
            JSON.writeValueAsString(event.owner()),
            JSON.writeValueAsString(event.definition()),
            event.subscriptionId().value())
        .update();
  }

  void rotate(SigningSecretRotated event) {
    var subscription = find(event.subscriptionId());
    if (subscription.isEmpty()) return;
    var secrets = new Secrets(subscription.get().rotated(event).secrets());
    sql.sql("update subscription_state set secrets = ? where subscription_id = ?")
        .params(JSON.writeValueAsString(secrets), event.subscriptionId().value())
        .update();
  }

  void setActive(SubscriptionId id, boolean active) {
    sql.sql("update subscription_state set active = ? where subscription_id = ?")
        .params(active, id.value())
        .update();
  }

  void delete(SubscriptionId id) {
    sql.sql("delete from subscription_state where subscription_id = ?").param(id.value()).update();
  }

  Optional<StoredSubscription> find(SubscriptionId id) {
    return sql.sql(SELECT + "where subscription_id = ?")
        .param(id.value())
        .query(SubscriptionTable::map)
        .optional();
  }

  List<StoredSubscription> listActive(TenantId tenant) {
    return sql.sql(SELECT + "where tenant = ? and active order by subscription_id")
        .param(tenant.value())
        .query(SubscriptionTable::map)
        .list();
  }

  private static StoredSubscription map(ResultSet row, int number) throws SQLException {
    return new StoredSubscription(
        new SubscriptionId(row.getString("subscription_id")),
        new TenantId(row.getString("tenant")),
        row.getBoolean("active"),
        JSON.readValue(row.getString("owner"), ExecutionPrincipal.class),
        JSON.readValue(row.getString("definition"), SubscriptionDefinition.class),
        JSON.readValue(row.getString("secrets"), Secrets.class).secrets());
  }

  /** Records the owner of a session that was transferred. */
  void transfer(SessionId session, UserId owner) {
    sql.sql(
            """
            insert into subscription_transfer (session_id, owner) values (?, ?)
            on conflict (session_id) do update set owner = excluded.owner""")
        .params(session.value(), owner.value())
        .update();
  }

  /** Records that a session is shared with an audience. */
  void share(SessionId session, Audience audience) {
    sql.sql(
            """
            insert into subscription_share (session_id, viewer) values (?, ?)
            on conflict do nothing""")
        .params(session.value(), viewerOf(audience))
        .update();
  }

  void unshare(SessionId session, Audience audience) {
    sql.sql("delete from subscription_share where session_id = ? and viewer = ?")
        .params(session.value(), viewerOf(audience))
        .update();
  }

  private static String viewerOf(Audience audience) {
    return switch (audience) {
      case Audience.Tenant _ -> EVERYBODY;
      case Audience.User user -> user.userId().value();
    };
  }

  /** Returns with whom a session is shared. */
  Shares findShares(SessionId session) {
    var viewers =
        sql.sql("select viewer from subscription_share where session_id = ?")
            .param(session.value())
            .query(String.class)
            .list();
    return new Shares(
        viewers.contains(EVERYBODY),
        viewers.stream()
            .filter(viewer -> !viewer.equals(EVERYBODY))
            .map(UserId::new)
            .collect(Collectors.toSet()));
  }

  /** Removes what is known of a session that was deleted. */
  void forget(SessionId session) {
    for (var table : new String[] {"subscription_share", "subscription_transfer"})
      sql.sql("delete from " + table + " where session_id = ?").param(session.value()).update();
  }

  /** Returns the owner of a session that was transferred; empty if it was not. */
  Optional<UserId> findTransferred(SessionId session) {
    return sql.sql("select owner from subscription_transfer where session_id = ?")
        .param(session.value())
        .query(String.class)
        .optional()
        .map(UserId::new);
  }
}
