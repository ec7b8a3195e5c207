package io.agentledger.command.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.VaultRejection;
import io.agentledger.api.vault.SecretKind;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Test;

class VaultTest {
  private static final VaultId ID = new VaultId("vlt_2222222222");
  private static final UserId ADA = new UserId("usr_2222222222");
  private static final TenantId TENANT = new TenantId("tnt_2222222222");
  private static final Map<String, Object> OURS = Map.of(Provenance.TENANT, TENANT.value());
  private static final Map<String, Object> OTHERS = Map.of(Provenance.TENANT, "tnt_3333333333");
  private static final String URL = "https://mcp.example.com/";
  private static final VaultCreated CREATED = new VaultCreated(ID, ADA, "build");
  private static final SecretValue TOKEN = new StaticBearer(URL, "s3cret");

  private final List<String> safe = new ArrayList<>();
  private final FixtureConfiguration<Vault> vault =
      new AggregateTestFixture<>(Vault.class).registerInjectableResource(new NotedSafe());

  /** Notes what is done with it. */
  private final class NotedSafe implements SecretStore {
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
    public void empty(VaultId id) {
      safe.add("empty");
    }
  }

  private TestExecutor<Vault> created(VaultEvent... events) {
    return vault.given(
        Stream.concat(Stream.of(CREATED), Stream.of(events))
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(OURS))
            .toList());
  }

  private static SecretPut put(String name, long version) {
    return new SecretPut(ID, name, version, SecretKind.STATIC_BEARER, URL);
  }

  @Test
  void aVaultIsCreatedOnce() {
    vault
        .givenNoPriorActivity()
        .when(new CreateVault(ID, ADA, "build", null), OURS)
        .expectResultMessagePayload(ID)
        .expectEvents(CREATED);
    assertThat(safe).containsExactly("create " + TENANT);
    created().when(new CreateVault(ID, ADA, "again", null), OURS).expectNoEvents();
    assertThat(safe).hasSize(1);
  }

  @Test
  void theSameNameAgainIsSilence() {
    created().when(new RenameVault(ID, "build"), OURS).expectNoEvents();
    created()
        .when(new RenameVault(ID, "deploy"), OURS)
        .expectEvents(new VaultRenamed(ID, "deploy"));
  }

  @Test
  void eachValueIsAVersionAndNoEventHoldsOne() {
    created()
        .when(new PutSecret(ID, "github", TOKEN), OURS)
        .expectResultMessagePayload(1L)
        .expectEvents(put("github", 1));
    created(put("github", 1))
        .when(new PutSecret(ID, "github", TOKEN), OURS)
        .expectEvents(put("github", 2));
    assertThat(safe).containsExactly("put github 1 s3cret", "put github 2 s3cret");
  }

  @Test
  void aRemovedNameGoesOnCountingAndMayBeForAnother() {
    created(put("github", 1))
        .when(new RemoveSecret(ID, "github"), OURS)
        .expectEvents(new SecretRemoved(ID, "github", 1));
    assertThat(safe).containsExactly("remove github");
    created(put("github", 1), new SecretRemoved(ID, "github", 1))
        .when(new PutSecret(ID, "github", new StaticBearer("https://other/", "x")), OURS)
        .expectEvents(new SecretPut(ID, "github", 2, SecretKind.STATIC_BEARER, "https://other/"));
    created(put("github", 1), new SecretRemoved(ID, "github", 1))
        .when(new RemoveSecret(ID, "github"), OURS)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Rejection.NotFound("secret", "github"));
  }

  @Test
  void aSecretKeepsItsKindAndWhatItIsFor() {
    for (SecretValue other :
        List.of(new StaticBearer("https://evil.example/", "x"), new Basic(URL, "u", "p")))
      created(put("github", 1))
          .when(new PutSecret(ID, "github", other), OURS)
          .expectNoEvents()
          .expectExceptionDetails(new VaultRejection.SecretTargetMismatch("github"));
    assertThat(safe).isEmpty();
  }

  @Test
  void aVaultHoldsSoManyAndNoMore() {
    var full =
        IntStream.range(0, VaultCommand.SECRETS_MAX)
            .mapToObj(i -> put("s" + i, 1))
            .toArray(VaultEvent[]::new);
    created(full)
        .when(new PutSecret(ID, "one-more", TOKEN), OURS)
        .expectExceptionDetails(new VaultRejection.VaultFull(ID.value(), VaultCommand.SECRETS_MAX));
    created(full).when(new PutSecret(ID, "s1", TOKEN), OURS).expectEvents(put("s1", 2));
  }

  @Test
  void archivingEmptiesItAndClosesIt() {
    created(put("github", 1)).when(new ArchiveVault(ID), OURS).expectEvents(new VaultArchived(ID));
    assertThat(safe).containsExactly("empty");
    created(new VaultArchived(ID)).when(new ArchiveVault(ID), OURS).expectNoEvents();
    for (VaultCommand late :
        List.of(
            new PutSecret(ID, "github", TOKEN),
            new RemoveSecret(ID, "github"),
            new RenameVault(ID, "x")))
      created(put("github", 1), new VaultArchived(ID))
          .when(late, OURS)
          .expectNoEvents()
          .expectExceptionDetails(new Rejection.Archived("vault", ID.value()));
  }

  @Test
  void aVaultOfAnotherTenantIsNone() {
    for (VaultCommand wish :
        List.of(
            new CreateVault(ID, ADA, "mine", null),
            new RenameVault(ID, "x"),
            new PutSecret(ID, "github", TOKEN),
            new RemoveSecret(ID, "github"),
            new ArchiveVault(ID)))
      created(put("github", 1))
          .when(wish, OTHERS)
          .expectNoEvents()
          .expectExceptionDetails(new Rejection.NotFound("vault", ID.value()));
    assertThat(safe).isEmpty();
  }

  @Test
  void aSecretDoesNotSayItself() {
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
