package io.agentledger.command.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.VaultRejection;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.SecretValue.Basic;
import io.agentledger.api.vault.SecretValue.ClientAuthentication;
import io.agentledger.api.vault.SecretValue.EnvironmentVariable;
import io.agentledger.api.vault.SecretValue.Header;
import io.agentledger.api.vault.SecretValue.McpOauth;
import io.agentledger.api.vault.SecretValue.Refresh;
import io.agentledger.api.vault.SecretValue.StaticBearer;
import io.agentledger.api.vault.VaultCommand.ArchiveVault;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultCommand.RemoveSecret;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.store.crypto.ContentUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Secrets in the real keyring: sealed, opened, erased. */
class SealedSecretStoreIT extends CommandTestSupport {
  private static final String URL = "https://mcp.example.com/";

  @Autowired private SecretReader secretReader;

  private VaultId created() {
    return send(new CreateVault(VaultId.next(), ADA.user(), "build", null));
  }

  private static SecretValue token(String token) {
    return new StaticBearer(URL, token);
  }

  @Test
  void everySecretTypeRoundTrips() {
    var vault = created();
    var refresh =
        new Refresh(
            URL + "token",
            "client",
            ClientAuthentication.CLIENT_SECRET_POST,
            "client-s3cret",
            "refresh-s3cret",
            null,
            "read write");
    var all =
        List.of(
            token("s3cret"),
            new Header(URL, "X-Key", "s3cret"),
            new Basic(URL, "ada", "pässwörd \u4e2d"),
            new EnvironmentVariable("TOKEN", "line one\nline two"),
            new McpOauth(URL, "access", Instant.parse("2026-12-01T00:00:00Z"), refresh),
            new McpOauth(URL, "access", null, null));
    for (int i = 0; i < all.size(); i++) {
      send(new PutSecret(vault, "s" + i, all.get(i)));
      assertThat(secretReader.open(ADA.tenant(), vault, "s" + i)).contains(all.get(i));
    }
  }

  @Test
  void onlyTheCurrentVersionExists() {
    var vault = created();
    assertThat(this.<Long>send(new PutSecret(vault, "x", token("one")))).isEqualTo(1);
    assertThat(this.<Long>send(new PutSecret(vault, "x", token("two")))).isEqualTo(2);
    assertThat(secretReader.open(ADA.tenant(), vault, "x")).contains(token("two"));
    assertThat(
            sql.sql("select count(*) from keyring.vault_value where vault_id = ?")
                .param(vault.value())
                .query(Long.class)
                .single())
        .isEqualTo(1);
    send(new RemoveSecret(vault, "x"));
    assertThat(secretReader.open(ADA.tenant(), vault, "x")).isEmpty();
  }

  @Test
  void anotherTenantNeverOpensTheSecret() {
    var vault = created();
    send(new PutSecret(vault, "x", token("ours")));
    var otherCaller =
        Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);
    assertThat(secretReader.open(otherCaller.tenant(), vault, "x")).isEmpty();
    assertThat(secretReader.findUnusable(otherCaller.tenant(), List.of(vault)))
        .containsExactly(vault);
    assertThat(secretReader.findUnusable(ADA.tenant(), List.of(vault))).isEmpty();
    assertThatThrownBy(() -> send(new PutSecret(vault, "x", token("theirs")), otherCaller))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection())
                    .isEqualTo(new Rejection.NotFound("vault", vault.value())));
    assertThat(secretReader.open(ADA.tenant(), vault, "x")).contains(token("ours"));
  }

  @Test
  void archivedVaultIsEmptyAndUnusable() {
    var vault = created();
    send(new PutSecret(vault, "x", token("gone")));
    var keys = "select count(*) from keyring.session_key where key_id = ?";
    assertThat(sql.sql(keys).param(vault.value()).query(Long.class).single()).isEqualTo(1);
    send(new ArchiveVault(vault));
    assertThat(sql.sql(keys).param(vault.value()).query(Long.class).single()).isZero();
    assertThat(secretReader.open(ADA.tenant(), vault, "x")).isEmpty();
    assertThat(secretReader.findUnusable(ADA.tenant(), List.of(vault))).containsExactly(vault);
  }

  @Test
  void sealedValueOpensOnlyInItsPlace() {
    var vault = created();
    send(new PutSecret(vault, "a", token("of a")));
    send(new PutSecret(vault, "b", token("of b")));
    sql.sql(
            """
            update keyring.vault_value set sealed =
              (select sealed from keyring.vault_value where vault_id = ? and name = 'a')
            where vault_id = ? and name = 'b'""")
        .params(vault.value(), vault.value())
        .update();
    tampered(vault, "b");
    sql.sql("update keyring.vault_value set version = 7 where vault_id = ? and name = 'a'")
        .param(vault.value())
        .update();
    tampered(vault, "a");
  }

  private void tampered(VaultId vault, String name) {
    assertThatThrownBy(() -> secretReader.open(ADA.tenant(), vault, name))
        .isInstanceOfSatisfying(
            ContentUnavailableException.class,
            e -> assertThat(e.reason()).isEqualTo(ContentUnavailableException.Reason.TAMPERED));
  }

  @Test
  void neitherEventsNorTablesContainTheSecret() {
    var vault = created();
    var canary = "canary-" + UUID.randomUUID();
    send(new PutSecret(vault, "x", token(canary)));
    var events = store.readEvents(vault.value()).asStream().toList();
    assertThat(events).hasSize(2);
    var stored =
        sql.sql(
                """
                select encode(payload, 'escape') || encode(metadata, 'escape') from event
                where aggregateidentifier = ?""")
            .param(vault.value())
            .query(String.class)
            .list();
    assertThat(String.join("", stored)).contains(vault.value());
    assertThat(String.join("", stored)).doesNotContain(canary);
    var sealed =
        sql.sql("select sealed from keyring.vault_value where vault_id = ?")
            .param(vault.value())
            .query(byte[].class)
            .single();
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain(canary);
  }

  @Test
  void oversizedSecretIsRejectedWithoutTraces() {
    var vault = created();
    assertThatThrownBy(
            () -> send(new PutSecret(vault, "x", new Basic(URL, "u", "x".repeat(20_000)))))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isInstanceOf(VaultRejection.SecretTooLarge.class));
    assertThat(store.readEvents(vault.value()).asStream()).hasSize(1);
  }

  @Test
  void useIsRecordedToTheMinute() {
    var vault = created();
    send(new PutSecret(vault, "x", token("used")));
    var uses = "select count(*) from vault_use where vault_id = ? and last_used_at <= now()";
    assertThat(sql.sql(uses).param(vault.value()).query(Long.class).single()).isZero();
    secretReader.open(ADA.tenant(), vault, "x");
    secretReader.open(ADA.tenant(), vault, "x");
    assertThat(sql.sql(uses).param(vault.value()).query(Long.class).single()).isEqualTo(1);
  }
}
