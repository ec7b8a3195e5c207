package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelEvent.ChannelChanged;
import io.agentledger.api.channel.ChannelEvent.ChannelCreated;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.support.Memoizer;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.HashMap;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads definitions of channels from the event store, and opens their secrets. Keeps definitions in
 * memory, and no secrets. Thread-safe.
 */
public class ChannelReader {
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final int VERSIONS_MAX = 500;

  private final EventStore store;
  private final Sealer sealer;
  private final SecretReader secrets;
  private final String publicUrl;
  private final Memoizer<Version, ChannelDefinition> versions;

  ChannelReader(EventStore store, Sealer sealer, SecretReader secrets, String publicUrl) {
    this.store = store;
    this.sealer = sealer;
    this.secrets = secrets;
    this.publicUrl = publicUrl;
    this.versions = new Memoizer<>(VERSIONS_MAX, version -> read(version.id()));
  }

  private record Version(ChannelId id, long version) {}

  /** Returns the present definition of a channel. */
  public ChannelDefinition definition(StoredChannel channel) {
    return versions.get(new Version(channel.id(), channel.version()));
  }

  /** Returns the account of a channel with its secrets; one that cannot be opened is missing. */
  public ChannelAccount account(StoredChannel channel) {
    var definition = definition(channel);
    var opened = new HashMap<String, String>();
    channel
        .properties()
        .credentials()
        .forEach(
            (name, secret) ->
                open(channel.tenant(), secret).ifPresent(value -> opened.put(name, value)));
    return new ChannelAccount(
        channel.id().value(),
        definition.settings(),
        opened,
        Objects.requireNonNullElse(definition.apiUrl(), ""),
        publicUrl + "/webhooks/" + channel.properties().platform() + "/" + channel.id());
  }

  private Optional<String> open(TenantId tenant, SecretRef secret) {
    return secrets
        .open(tenant, secret.vaultId(), secret.name())
        .flatMap(
            value ->
                switch (value) {
                  case SecretValue.StaticBearer bearer -> Optional.of(bearer.token());
                  case SecretValue.Header header -> Optional.of(header.value());
                  case SecretValue.Basic basic -> Optional.of(basic.password());
                  case SecretValue.EnvironmentVariable variable -> Optional.of(variable.value());
                  case SecretValue.McpOauth _ -> Optional.empty();
                });
  }

  private ChannelDefinition read(ChannelId id) {
    var definition = Content.ABSENT;
    Class<?> event = ChannelCreated.class;
    var events = store.readEvents(id.value());
    while (events.hasNext())
      switch (events.next().getPayload()) {
        case ChannelCreated created -> definition = created.definition();
        case ChannelChanged changed -> {
          definition = changed.definition();
          event = ChannelChanged.class;
        }
        default -> {}
      }
    return JSON.readValue(
        sealer.open(id, event, "definition", definition), ChannelDefinition.class);
  }
}
