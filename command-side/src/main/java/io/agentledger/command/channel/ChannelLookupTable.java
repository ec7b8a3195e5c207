package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelEvent;
import io.agentledger.api.channel.ChannelEvent.ChannelArchived;
import io.agentledger.api.channel.ChannelEvent.ChannelChanged;
import io.agentledger.api.channel.ChannelEvent.ChannelCreated;
import io.agentledger.api.channel.ChannelEvent.ChannelPaused;
import io.agentledger.api.channel.ChannelEvent.ChannelResumed;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.Memoizer;
import io.agentledger.command.support.SuspendedTenants;
import io.agentledger.store.event.JsonMappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Table of the channels, updated in the transaction of the events. */
@ProcessingGroup(ChannelLookupTable.GROUP)
public class ChannelLookupTable extends LookupTable {
  static final String GROUP = "channel-lookup";

  private static final String SUSPENDED = SuspendedTenants.contain("c.tenant");

  /**
   * Columns of {@code channel_lookup c} for {@link #toChannel}. The channels of a suspended tenant
   * are paused.
   */
  public static final String COLUMNS =
      "c.channel_id, c.tenant, c.owner, c.properties, c.version, c.archived, (c.paused or "
          + SUSPENDED
          + ") as paused";

  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final int PROPERTIES_MAX = 500;
  private static final Memoizer<String, ChannelProperties> PROPERTIES =
      new Memoizer<>(PROPERTIES_MAX, json -> JSON.readValue(json, ChannelProperties.class));

  ChannelLookupTable(JdbcClient sql) {
    super(sql, "channel_lookup", "channel_id");
  }

  /** Channel as the table has it. */
  public record StoredChannel(
      ChannelId id,
      TenantId tenant,
      UserId owner,
      ChannelProperties properties,
      long version,
      boolean paused,
      boolean archived) {
    /** Returns whether a user has the channel or is a member of it. */
    public boolean isSharedWith(UserId user) {
      return owner.equals(user) || properties.members().contains(user);
    }
  }

  @EventHandler
  void on(ChannelEvent event, TenantId tenant) {
    switch (event) {
      case ChannelCreated created -> {
        var columns = columns(created.properties(), 1);
        columns.put("owner", created.ownerId().value());
        columns.put("paused", false);
        columns.put("archived", false);
        insert(created.channelId(), tenant, columns);
      }
      case ChannelChanged changed ->
          update(changed.channelId(), columns(changed.properties(), changed.version()));
      case ChannelPaused paused -> update(paused.channelId(), Map.of("paused", true));
      case ChannelResumed resumed -> update(resumed.channelId(), Map.of("paused", false));
      // Another channel may have its name.
      case ChannelArchived archived ->
          update(archived.channelId(), Map.of("archived", true, "name", ""));
    }
  }

  private static Map<String, Object> columns(ChannelProperties properties, long version) {
    return new HashMap<>(
        Map.of(
            "name",
            properties.name(),
            "platform",
            properties.platform(),
            "properties",
            JSON.writeValueAsString(properties),
            "version",
            version));
  }

  /** Reads a channel from a row with {@link #COLUMNS}. */
  public static StoredChannel toChannel(ResultSet row) throws SQLException {
    return new StoredChannel(
        new ChannelId(row.getString("channel_id")),
        new TenantId(row.getString("tenant")),
        new UserId(row.getString("owner")),
        PROPERTIES.get(row.getString("properties")),
        row.getLong("version"),
        row.getBoolean("paused"),
        row.getBoolean("archived"));
  }

  /** Returns the number of channels of a tenant that are not archived. */
  int countActive(TenantId tenant) {
    return sql.sql("select count(*) from channel_lookup where tenant = ? and not archived")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  /** Returns the channels of a tenant that are not archived. */
  public List<ChannelId> listActive(TenantId tenant) {
    return sql
        .sql("select channel_id from channel_lookup where tenant = ? and not archived")
        .param(tenant.value())
        .query(String.class)
        .list()
        .stream()
        .map(ChannelId::new)
        .toList();
  }

  public Optional<StoredChannel> find(ChannelId id) {
    return find(id, "");
  }

  /** Finds a channel that receives messages: not an archived one, or one of a suspended tenant. */
  Optional<StoredChannel> findReceiving(ChannelId id) {
    return find(id, " and not archived and not " + SUSPENDED);
  }

  private Optional<StoredChannel> find(ChannelId id, String condition) {
    return sql.sql("select " + COLUMNS + " from channel_lookup c where channel_id = ?" + condition)
        .param(id.value())
        .query((row, number) -> toChannel(row))
        .optional();
  }
}
