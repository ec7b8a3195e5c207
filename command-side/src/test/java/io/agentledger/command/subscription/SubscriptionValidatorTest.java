package io.agentledger.command.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.subscription.SubscriptionFilter.Ownership;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.unit.DataSize;

class SubscriptionValidatorTest {
  private static final TenantId HOME = new TenantId("tnt_2222222222");
  private static final VaultId VAULT = new VaultId("vlt_2222222222");
  private static final VaultId LOST = new VaultId("vlt_3333333333");
  private static final SecretReader SECRETS =
      new SecretReader() {
        @Override
        public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
          return vault.equals(VAULT) && name.equals("token")
              ? Optional.of(new SecretValue.StaticBearer("https://hooks.example.com", "t"))
              : Optional.empty();
        }

        @Override
        public Optional<VersionedSecret> openVersioned(
            TenantId tenant, VaultId vault, String name) {
          return open(tenant, vault, name).map(value -> new VersionedSecret(1, value));
        }

        @Override
        public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
          return vaults.stream().filter(LOST::equals).toList();
        }
      };

  private final SubscriptionValidator validator =
      new SubscriptionValidator(
          new SubscriptionLookupTable(JdbcClient.create(new DriverManagerDataSource())),
          new DestinationPolicy(
              new OutboundSettings(
                  Set.of(443),
                  List.of(),
                  List.of(),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(1),
                  DataSize.ofBytes(1_000),
                  1),
              host -> List.of()),
          SECRETS);

  private void check(SecretRef secret) {
    validator.check(
        HOME,
        new SubscriptionDefinition(
            List.of("run.*"),
            new SubscriptionFilter(Ownership.MINE, List.of(), List.of(), List.of()),
            "https://hooks.example.com/",
            Map.of(),
            List.of(secret),
            Duration.ofSeconds(10)));
  }

  private String refusal(SecretRef secret) {
    return catchThrowableOfType(RejectionException.class, () -> check(secret))
        .rejection()
        .message();
  }

  @Test
  void acceptsSecretsThatExist() {
    check(new SecretRef(VAULT, "token"));
  }

  @Test
  void refusesVaultsAndSecretsThatDoNotExist() {
    assertThat(refusal(new SecretRef(LOST, "token")))
        .isEqualTo(
            "The subscription's secrets name a vault that this tenant has not: vlt_3333333333.");
    assertThat(refusal(new SecretRef(VAULT, "lost")))
        .isEqualTo(
            "The subscription's secrets name a secret that its vault has not: lost. Store it first"
                + " with PUT /vaults/vlt_2222222222/secrets/lost.");
  }
}
