package io.agentledger.command.channel;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.channel.ChannelCommand;
import io.agentledger.api.channel.ChannelCommand.ArchiveChannel;
import io.agentledger.api.channel.ChannelCommand.ChangeChannel;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelCommand.CreateChannel;
import io.agentledger.api.channel.ChannelCommand.PauseChannel;
import io.agentledger.api.channel.ChannelCommand.ResumeChannel;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelEvent.ChannelArchived;
import io.agentledger.api.channel.ChannelEvent.ChannelChanged;
import io.agentledger.api.channel.ChannelEvent.ChannelCreated;
import io.agentledger.api.channel.ChannelEvent.ChannelPaused;
import io.agentledger.api.channel.ChannelEvent.ChannelResumed;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.Viewers;
import io.agentledger.api.shared.Rejection.NameTaken;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.command.support.SharedAggregate;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.VaultUse;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/** Channel with its versions, for its owner and admins. Its definition is not kept in memory. */
@Aggregate(type = "Channel")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Channel extends SharedAggregate<ChannelId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private ExecutionPrincipal principal;
  private boolean paused;

  Channel() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ChannelId create(
      CreateChannel command,
      TenantId owningTenant,
      ChannelLookupTable channels,
      TenantMembership members,
      SecretReader secrets,
      Sealer sealer,
      MetaData metaData) {
    if (id != null) return id;
    var properties = command.properties().withAssigneeAsMember();
    requireUsable(properties, command.definition(), owningTenant, secrets, metaData);
    requireMembers(properties.members(), owningTenant, members);
    requireMembers(properties.assignee(), owningTenant, members);
    requireFreeName(command.channelId(), properties, owningTenant, channels);
    if (channels.countActive(owningTenant) >= ChannelCommand.CHANNELS_MAX)
      throw new RejectionException(new TooMany("channels", ChannelCommand.CHANNELS_MAX));
    var definition = seal(command.channelId(), ChannelCreated.class, command.definition(), sealer);
    apply(new ChannelCreated(command.channelId(), command.ownerId(), properties, definition));
    return command.channelId();
  }

  /**
   * Changes the channel. Its agent acts as the owner, after a change by an admin with the
   * permissions that both have.
   */
  @CommandHandler
  long change(
      ChangeChannel command,
      ChannelLookupTable channels,
      TenantMembership members,
      SecretReader secrets,
      Sealer sealer,
      MetaData metaData) {
    requireNotArchived();
    requireVersion(command.version());
    var changed = command.properties().withAssigneeAsMember();
    requireUsable(changed, command.definition(), owningTenant(), secrets, metaData);
    requireMembers(changed.members(), members);
    requireMembers(changed.assignee(), members);
    requireFreeName(id, changed, owningTenant(), channels);
    var properties = changed.withPrincipal(principal.changedBy(changed.principal()));
    apply(
        new ChannelChanged(
            id,
            version + 1,
            properties,
            seal(id, ChannelChanged.class, command.definition(), sealer)));
    return version;
  }

  private static void requireUsable(
      ChannelProperties properties,
      ChannelDefinition definition,
      TenantId tenant,
      SecretReader secrets,
      MetaData metaData) {
    var named =
        Stream.concat(properties.credentials().values().stream(), definition.agentSecret().stream())
            .toList();
    VaultUse.require(named, metaData);
    var vaults = named.stream().map(SecretRef::vaultId).distinct().toList();
    for (var vault : secrets.findUnusable(tenant, vaults))
      throw new RejectionException(NotFound.of(vault));
  }

  private static void requireFreeName(
      ChannelId id, ChannelProperties properties, TenantId tenant, ChannelLookupTable channels) {
    if (channels.isNameTaken(tenant, properties.name(), id))
      throw new RejectionException(new NameTaken("channel", properties.name()));
  }

  @CommandHandler
  void pause(PauseChannel command) {
    requireNotArchived();
    if (!paused) apply(new ChannelPaused(id));
  }

  @CommandHandler
  void resume(ResumeChannel command) {
    requireNotArchived();
    if (paused) apply(new ChannelResumed(id));
  }

  @CommandHandler
  void archive(ArchiveChannel command) {
    if (!archived) apply(new ChannelArchived(id));
  }

  private static Content seal(
      ChannelId id, Class<?> event, ChannelDefinition definition, Sealer sealer) {
    return sealer.seal(id, event, "definition", JSON.writeValueAsString(definition));
  }

  @EventSourcingHandler
  void on(ChannelCreated event, TenantId tenant) {
    create(event.channelId(), tenant);
    share(event.ownerId(), viewersOf(event.properties()));
    principal = event.properties().principal();
  }

  @EventSourcingHandler
  void on(ChannelChanged event) {
    version = event.version();
    share(viewersOf(event.properties()));
    principal = event.properties().principal();
  }

  private static Viewers viewersOf(ChannelProperties properties) {
    return new Viewers(
        false,
        List.copyOf(
            Stream.concat(properties.members().stream(), properties.assignee().stream())
                .distinct()
                .toList()));
  }

  @EventSourcingHandler
  void on(ChannelPaused event) {
    paused = true;
  }

  @EventSourcingHandler
  void on(ChannelResumed event) {
    paused = false;
  }

  @EventSourcingHandler
  void on(ChannelArchived event) {
    archived = true;
  }
}
