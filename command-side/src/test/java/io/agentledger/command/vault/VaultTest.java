package io.agentledger.command.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.VaultRejection;
import io.agentledger.api.vault.SecretType;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.SecretValue.Basic;
import io.agentledger.api.vault.SecretValue.StaticBearer;
import io.agentledger.api.vault.VaultCommand;
import io.agentledger.api.vault.VaultCommand.ArchiveVault;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultCommand.RemoveSecret;
import io.agentledger.api.vault.VaultCommand.RenameVault;
import io.agentledger.api.vault.VaultEvent;
import io.agentledger.api.vault.VaultEvent.SecretPut;
import io.agentledger.api.vault.VaultEvent.SecretRemoved;
import io.agentledger.api.vault.VaultEvent.VaultArchived;
import io.agentledger.api.vault.VaultEvent.VaultCreated;
import io.agentledger.api.vault.VaultEvent.VaultRenamed;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.ConfigurationFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Test;

class VaultTest {
  private static final VaultId ID = new VaultId("vlt_2222222222");
  private static final UserId ADA = new UserId("usr_2222222222");
  private static final TenantId TENANT = new TenantId("tnt_2222222222");
  private static final Map<String, Object> OWN_TENANT = Map.of(Provenance.TENANT, TENANT.value());
  private static final Map<String, Object> OTHER_TENANT =
      Map.of(Provenance.TENANT, "tnt_3333333333");
  private static final String URL = "https://mcp.example.com/";
  private static final VaultCreated CREATED = new VaultCreated(ID, ADA, "build");
  private static final SecretValue TOKEN = new StaticBearer(URL, "s3cret");

  private final List<String> safe = new ArrayList<>();
  private final FixtureConfiguration<Vault> vault =
      ConfigurationFixture.of(Vault.class).registerInjectableResource(new RecordingSecretStore());

  /** Records the operations. */
  private final class RecordingSecretStore implements SecretStore {
    @Override
    public void create(TenantId tenant, VaultId id) {
      safe.add("create " + tenant);
    }

    @Override
    public void put(VaultId id, String name, long version, SecretValue value) {
      safe.add("put " + name + " " + version + " " + ((StaticBearer) value).token());
    }

    @Override
    public void remove(VaultId id, String name) {
      safe.add("remove " + name);
    }

    @Override
    public void eraseVault(VaultId id) {
      safe.add("empty");
    }
  }

  private TestExecutor<Vault> created(VaultEvent... events) {
    return vault.given(
        Stream.concat(Stream.of(CREATED), Stream.of(events))
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(OWN_TENANT))
            .toList());
  }

  private static SecretPut secretPut(String name, long version) {
    return new SecretPut(ID, name, version, SecretType.STATIC_BEARER, URL);
  }

  @Test
  void vaultIsCreatedOnce() {
    vault
        .givenNoPriorActivity()
        .when(new CreateVault(ID, ADA, "build", null), OWN_TENANT)
        .expectResultMessagePayload(ID)
        .expectEvents(CREATED);
    assertThat(safe).containsExactly("create " + TENANT);
    created().when(new CreateVault(ID, ADA, "again", null), OWN_TENANT).expectNoEvents();
    assertThat(safe).hasSize(1);
  }

  @Test
  void repeatedCreationRecordsNothing() {
    created().when(new RenameVault(ID, "build"), OWN_TENANT).expectNoEvents();
    created()
        .when(new RenameVault(ID, "deploy"), OWN_TENANT)
        .expectEvents(new VaultRenamed(ID, "deploy"));
  }

  @Test
  void everyValueIsAVersionAndNoEventContainsIt() {
    created()
        .when(new PutSecret(ID, "github", TOKEN), OWN_TENANT)
        .expectResultMessagePayload(1L)
        .expectEvents(secretPut("github", 1));
    created(secretPut("github", 1))
        .when(new PutSecret(ID, "github", TOKEN), OWN_TENANT)
        .expectEvents(secretPut("github", 2));
    assertThat(safe).containsExactly("put github 1 s3cret", "put github 2 s3cret");
  }

  @Test
  void removedNameContinuesItsVersionsAndMayChangeItsTarget() {
    created(secretPut("github", 1))
        .when(new RemoveSecret(ID, "github"), OWN_TENANT)
        .expectEvents(new SecretRemoved(ID, "github", 1));
    assertThat(safe).containsExactly("remove github");
    created(secretPut("github", 1), new SecretRemoved(ID, "github", 1))
        .when(new PutSecret(ID, "github", new StaticBearer("https://other/", "x")), OWN_TENANT)
        .expectEvents(new SecretPut(ID, "github", 2, SecretType.STATIC_BEARER, "https://other/"));
    created(secretPut("github", 1), new SecretRemoved(ID, "github", 1))
        .when(new RemoveSecret(ID, "github"), OWN_TENANT)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Rejection.NotFound("secret", "github"));
  }

  @Test
  void secretKeepsItsTypeAndTarget() {
    for (SecretValue other :
        List.of(new StaticBearer("https://evil.example/", "x"), new Basic(URL, "u", "p")))
      created(secretPut("github", 1))
          .when(new PutSecret(ID, "github", other), OWN_TENANT)
          .expectNoEvents()
          .expectExceptionDetails(new VaultRejection.SecretTargetMismatch("github"));
    assertThat(safe).isEmpty();
  }

  @Test
  void limitsSecretsPerVault() {
    var full =
        IntStream.range(0, VaultCommand.SECRETS_MAX)
            .mapToObj(i -> secretPut("s" + i, 1))
            .toArray(VaultEvent[]::new);
    created(full)
        .when(new PutSecret(ID, "one-more", TOKEN), OWN_TENANT)
        .expectExceptionDetails(new VaultRejection.VaultFull(ID.value(), VaultCommand.SECRETS_MAX));
    created(full).when(new PutSecret(ID, "s1", TOKEN), OWN_TENANT).expectEvents(secretPut("s1", 2));
  }

  @Test
  void archivingEmptiesAndClosesTheVault() {
    created(secretPut("github", 1))
        .when(new ArchiveVault(ID), OWN_TENANT)
        .expectEvents(new VaultArchived(ID));
    assertThat(safe).containsExactly("empty");
    created(new VaultArchived(ID)).when(new ArchiveVault(ID), OWN_TENANT).expectNoEvents();
    for (VaultCommand late :
        List.of(
            new PutSecret(ID, "github", TOKEN),
            new RemoveSecret(ID, "github"),
            new RenameVault(ID, "x")))
      created(secretPut("github", 1), new VaultArchived(ID))
          .when(late, OWN_TENANT)
          .expectNoEvents()
          .expectExceptionDetails(new Rejection.Archived("vault", ID.value()));
  }

  @Test
  void vaultOfAnotherTenantIsNotFound() {
    for (VaultCommand request :
        List.of(
            new CreateVault(ID, ADA, "mine", null),
            new RenameVault(ID, "x"),
            new PutSecret(ID, "github", TOKEN),
            new RemoveSecret(ID, "github"),
            new ArchiveVault(ID)))
      created(secretPut("github", 1))
          .when(request, OTHER_TENANT)
          .expectNoEvents()
          .expectExceptionDetails(new Rejection.NotFound("vault", ID.value()));
    assertThat(safe).isEmpty();
  }

  @Test
  void toStringHidesTheSecret() {
    var refresh =
        new SecretValue.Refresh(
            "https://t/",
            "client",
            SecretValue.ClientAuthentication.NONE,
            "s3cret",
            "s3cret",
            null,
            null);
    for (SecretValue value :
        List.of(
            TOKEN,
            new Basic(URL, "ada", "s3cret"),
            new SecretValue.Header(URL, "X-Key", "s3cret"),
            new SecretValue.EnvironmentVariable("KEY", "s3cret"),
            new SecretValue.McpOauth(URL, "s3cret", null, refresh)))
      assertThat(new PutSecret(ID, "x", value).toString()).doesNotContain("s3cret");
    assertThat(refresh.toString()).doesNotContain("s3cret");
  }
}
