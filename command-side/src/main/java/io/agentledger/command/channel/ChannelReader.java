package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelEvent.ChannelChanged;
import io.agentledger.api.channel.ChannelEvent.ChannelCreated;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformField;
import io.agentledger.command.support.Memoizer;
import io.agentledger.command.support.TenantMembership;
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
  private final TenantMembership members;
  private final String publicUrl;
  private final Memoizer<Version, ChannelDefinition> versions;

  ChannelReader(
      EventStore store,
      Sealer sealer,
      SecretReader secrets,
      TenantMembership members,
      String publicUrl) {
    this.store = store;
    this.sealer = sealer;
    this.secrets = secrets;
    this.members = members;
    this.publicUrl = publicUrl;
    this.versions = new Memoizer<>(VERSIONS_MAX, version -> read(version.id()));
  }

  private record Version(ChannelId id, long version) {}

  /** Returns the present definition of a channel. */
  public ChannelDefinition definition(StoredChannel channel) {
    return versions.get(new Version(channel.id(), channel.version()));
  }

  /** Thrown if no request can be sent for a channel. The message is a sentence, safe to show. */
  public static final class AccountUnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AccountUnusableException(String message) {
      super(message);
    }
  }

  /**
   * Returns the account of a channel for requests to its platform.
   *
   * @throws AccountUnusableException if its secrets may not be sent any more, or one is missing
   */
  public ChannelAccount account(StoredChannel channel, PlatformDescription platform) {
    if (!channel.properties().credentials().isEmpty()) requireMaySendSecrets(channel);
    var account = verifyingAccount(channel);
    platform.credentials().stream()
        .filter(PlatformField::required)
        .map(PlatformField::name)
        .filter(name -> !account.credentials().containsKey(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new AccountUnusableException(
                  "The secret of the credential " + name + " cannot be opened.");
            });
    return account;
  }

  /**
   * Requires that the user as whom a channel acts may still use vaults: the right may have ended
   * since the secrets were named.
   *
   * @throws AccountUnusableException otherwise
   */
  public void requireMaySendSecrets(StoredChannel channel) {
    var principal = channel.properties().principal();
    boolean isPermitted =
        members
            .findActiveRole(channel.tenant(), principal.userId())
            .map(role -> principal.toCaller(channel.tenant(), role))
            .filter(owner -> owner.has(Scope.VAULTS_WRITE))
            .isPresent();
    if (!isPermitted)
      throw new AccountUnusableException(
          "The owner of the channel may not use secrets of vaults any more.");
  }

  /**
   * Returns the account of a channel to verify what was received, which sends no secret; one that
   * cannot be opened is missing.
   */
  public ChannelAccount verifyingAccount(StoredChannel channel) {
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
    return secrets.open(tenant, secret.vaultId(), secret.name()).flatMap(ChannelReader::textOf);
  }

  /** Returns the text of a secret; those of MCP servers have none that stays. */
  static Optional<String> textOf(SecretValue value) {
    return switch (value) {
      case SecretValue.StaticBearer bearer -> Optional.of(bearer.token());
      case SecretValue.Header header -> Optional.of(header.value());
      case SecretValue.Basic basic -> Optional.of(basic.password());
      case SecretValue.EnvironmentVariable variable -> Optional.of(variable.value());
      case SecretValue.McpOauth _ -> Optional.empty();
    };
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
