package io.agentledger.projection.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.vault.SecretType;
import io.agentledger.api.vault.VaultEvent;
import io.agentledger.api.vault.VaultEvent.SecretPut;
import io.agentledger.api.vault.VaultEvent.SecretRemoved;
import io.agentledger.api.vault.VaultEvent.VaultArchived;
import io.agentledger.api.vault.VaultEvent.VaultCreated;
import io.agentledger.api.vault.VaultEvent.VaultRenamed;
import io.agentledger.api.vault.VaultId;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.ops.DeadLetterReader;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

class VaultProjectionIT extends ProjectionTestSupport {
  @Autowired private VaultRowRepository vaults;
  @Autowired private SecretRowRepository secrets;
  @Autowired private DeadLetterReader deadLetters;

  private final VaultId id = VaultId.next();
  private long number;

  private void append(VaultEvent... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>("Vault", id.value(), number++, event)
                  .withMetaData(provenance())));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> projections.state("vault").position() >= head());
  }

  private VaultRow vault() {
    return vaults.findByIdAndTenant(id.value(), ADA.tenant().value()).orElseThrow();
  }

  private SecretPut secretPut(String name, long version) {
    return new SecretPut(id, name, version, SecretType.BASIC, "https://x/");
  }

  @Test
  void vaultIsListedByNameWithItsSecretNames() {
    append(new VaultCreated(id, UserId.next(), "old"), new VaultRenamed(id, "new"));
    append(secretPut("a", 1), secretPut("b", 1));
    var between = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    append(secretPut("b", 2), new SecretRemoved(id, "a", 1));
    assertThat(vault().name()).isEqualTo("new");
    assertThat(vault().secrets()).isEqualTo(1);
    var held = secrets.page(id.value(), "", Limit.of(10));
    assertThat(held).hasSize(1);
    assertThat(held.getFirst().version()).isEqualTo(2);
    assertThat(held.getFirst().createdAt()).isBeforeOrEqualTo(between);
    assertThat(held.getFirst().updatedAt()).isAfterOrEqualTo(between);
    assertThat(vaults.findByIdAndTenant(id.value(), "tnt_2222222222")).isEmpty();
  }

  @Test
  void eventWhoseLookupTheDatabaseRefusesIsADeadLetter() {
    append(new VaultCreated(id, UserId.next(), "v"), secretPut("\0", 1), secretPut("a", 1));
    assertThat(deadLetters.contains("vault", id.value())).isTrue();
    assertThat(vault().secrets()).isZero();
  }

  @Test
  void archivedVaultHasNoSecrets() {
    append(new VaultCreated(id, UserId.next(), "v"), secretPut("a", 1), secretPut("b", 1));
    append(new VaultArchived(id));
    assertThat(vault().archivedAt()).isNotNull();
    assertThat(vault().secrets()).isZero();
    assertThat(secrets.page(id.value(), "", Limit.of(10))).isEmpty();
  }
}
