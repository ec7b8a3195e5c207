package io.agentledger.command.vault;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.VaultRejection.SecretTargetMismatch;
import io.agentledger.api.shared.VaultRejection.VaultFull;
import io.agentledger.api.vault.SecretType;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultCommand;
import io.agentledger.api.vault.VaultCommand.ArchiveVault;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultCommand.RemoveSecret;
import io.agentledger.api.vault.VaultCommand.RenameVault;
import io.agentledger.api.vault.VaultCommand.RenewSecret;
import io.agentledger.api.vault.VaultEvent.SecretPut;
import io.agentledger.api.vault.VaultEvent.SecretRemoved;
import io.agentledger.api.vault.VaultEvent.VaultArchived;
import io.agentledger.api.vault.VaultEvent.VaultCreated;
import io.agentledger.api.vault.VaultEvent.VaultRenamed;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.ConfigurationAggregate;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Vault with its name and the names of its secrets; {@link SecretStore} holds the values. */
@Aggregate(type = "Vault")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Vault extends ConfigurationAggregate<VaultId> {
  private String name;
  private final Map<String, SecretVersion> secrets = new HashMap<>();

  /**
   * Name that is or was used.
   *
   * @param version version of the last value
   * @param stored whether it has a value now
   */
  private record SecretVersion(long version, SecretType kind, String target, boolean stored) {
    boolean isFor(SecretValue value) {
      return kind == value.type() && target.equals(value.target());
    }
  }

  Vault() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  VaultId create(CreateVault command, TenantId owningTenant, SecretStore secretStore) {
    if (id != null) return id;
    secretStore.create(owningTenant, command.vaultId());
    apply(new VaultCreated(command.vaultId(), command.ownerId(), command.name()));
    return command.vaultId();
  }

  @CommandHandler
  void rename(RenameVault command) {
    requireNotArchived();
    if (!name.equals(command.name())) apply(new VaultRenamed(id, command.name()));
  }

  @CommandHandler
  void archive(ArchiveVault command, SecretStore secretStore) {
    if (archived) return;
    secretStore.eraseVault(id);
    apply(new VaultArchived(id));
  }

  @CommandHandler
  long put(PutSecret command, SecretStore secretStore) {
    requireNotArchived();
    var value = command.value();
    var secretVersion = secrets.get(command.name());
    if (secretVersion == null || !secretVersion.stored()) requireCapacity();
    else if (!secretVersion.isFor(value))
      throw new RejectionException(new SecretTargetMismatch(command.name()));
    long version = secretVersion == null ? 1 : secretVersion.version() + 1;
    put(command.name(), version, value, secretStore);
    return version;
  }

  @CommandHandler
  void renew(RenewSecret command, SecretStore secretStore) {
    var secretVersion = secrets.get(command.name());
    if (archived || secretVersion == null || !secretVersion.stored()) return;
    if (secretVersion.version() != command.version() || !secretVersion.isFor(command.value()))
      return;
    put(command.name(), secretVersion.version() + 1, command.value(), secretStore);
  }

  private void put(String name, long version, SecretValue value, SecretStore secretStore) {
    secretStore.put(id, name, version, value);
    apply(new SecretPut(id, name, version, value.type(), value.target()));
  }

  @CommandHandler
  void remove(RemoveSecret command, SecretStore secretStore) {
    requireNotArchived();
    var secretVersion = secrets.get(command.name());
    if (secretVersion == null || !secretVersion.stored())
      throw new RejectionException(new NotFound("secret", command.name()));
    secretStore.remove(id, command.name());
    apply(new SecretRemoved(id, command.name(), secretVersion.version()));
  }

  private void requireCapacity() {
    if (secrets.values().stream().filter(SecretVersion::stored).count() >= VaultCommand.SECRETS_MAX)
      throw new RejectionException(new VaultFull(id.value(), VaultCommand.SECRETS_MAX));
  }

  @EventSourcingHandler
  void on(VaultCreated event, TenantId tenant) {
    create(event.vaultId(), tenant);
    name = event.name();
  }

  @EventSourcingHandler
  void on(VaultRenamed event) {
    name = event.name();
  }

  @EventSourcingHandler
  void on(VaultArchived event) {
    archived = true;
  }

  @EventSourcingHandler
  void on(SecretPut event) {
    secrets.put(
        event.name(), new SecretVersion(event.version(), event.type(), event.target(), true));
  }

  @EventSourcingHandler
  void on(SecretRemoved event) {
    secrets.computeIfPresent(
        event.name(),
        (n, previous) ->
            new SecretVersion(previous.version(), previous.kind(), previous.target(), false));
  }
}
